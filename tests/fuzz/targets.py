"""What is fuzzed: functions that read what a user wrote. Each takes bytes, and raises where a promise is broken.

A ``SpecError`` is an answer, not a fault; any other exception is one, and so are a hang and a gigabyte of memory.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from provisioner.base.diagnostics import SpecError, UnreadableFileError, printable_lines
from provisioner.commands import loading
from provisioner.formatting.layout import CannotFormatError, formatted
from provisioner.spec import load, parameters
from provisioner.spec.expressions import interpolation
from provisioner.spec.expressions.evaluation_scope import Names
from provisioner.spec.yaml import document

ROOT = Path(__file__).parents[2]
FILE = str(ROOT / "specs" / "x.yaml")
BETWEEN_LAYERS = b"\n# ===== the next layer\n"
_LARGE_FLEET = re.compile(rb"count[^\n]{0,9}([0-9]{4}|0x[0-9a-fA-F]{3})")
"""Thousands of members are allowed, and take longer under a fuzzer than it waits."""
_KNOWN = """
version: 1
deployment: demo
location: westus2
resource_group: demo
parameters:
  text: {default: a}
  list: {type: list, default: [a, {b: c}]}
  map: {type: map, default: {a: {b: [1, 2]}}}
  hidden: {secret: true}
"""


def read(raw: bytes) -> None:
    """Bytes to a document, and the place of everything in it."""
    with contextlib.suppress(SpecError):
        found = document.parse(raw, FILE)
        for path in list(_paths(found.data))[:200]:
            assert found.locate(path).line > 0


def spec(raw: bytes) -> None:
    """A document to a graph of resources, with everything that is said about it."""
    if _LARGE_FLEET.search(raw):
        return
    try:
        loading.complete(load.build(document.parse(raw, FILE), parameters.Given()))
    except SpecError as error:
        _assert_shown(str(error))


def layers(raw: bytes) -> None:
    """Several files that are laid over one another, or include one another."""
    if _LARGE_FLEET.search(raw):
        return
    parts = raw.split(BETWEEN_LAYERS)[:4]
    names = [str(ROOT / "specs" / f"layer{at}.yaml") for at in range(len(parts))]

    def one(file: str, tags: frozenset[str] = frozenset()) -> document.Document:
        if file not in names:
            raise UnreadableFileError(f"{file}: there is none")
        return document.parse(parts[names.index(file)], file, tags)

    try:
        loading.complete(load.load(names, parameters.Given(), read=one))
    except SpecError as error:
        _assert_shown(str(error))


def expression(raw: bytes) -> None:
    """A text with ``${…}``; what comes out of it as data stays the same when it is evaluated again."""
    text = raw.decode("utf-8", "replace")
    if len(text) > 2000:
        return
    source = document.parse(_KNOWN.encode(), FILE)
    values, _ = parameters.settle(source, source.data["parameters"], parameters.Given())
    names = Names(source, values, source.data, {"HOME": "/home/x"})
    once = interpolation.evaluate(text, names)
    if not names.diagnostics and not interpolation.unclosed(text):
        assert interpolation.evaluate(once, names) == once


def layout(raw: bytes) -> None:
    """``fmt``: a second time changes nothing; the data and the comments stay."""
    try:
        before = document.parse(raw, FILE, document.OVERLAY_TAGS)
        once = formatted(raw, FILE)
    except (SpecError, CannotFormatError):
        return
    assert formatted(once.encode(), FILE) == once
    after = document.parse(once.encode(), FILE, document.OVERLAY_TAGS)
    assert json.dumps(after.data, sort_keys=True) == json.dumps(before.data, sort_keys=True)
    assert _hashes(once) == _hashes(raw.decode("utf-8-sig"))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "read": read,
    "spec": spec,
    "layers": layers,
    "expression": expression,
    "layout": layout,
}


def seeds() -> list[bytes]:
    """Specs to begin with: the examples, the golden ones, and layers of them."""
    found = [
        file.read_bytes() for folder in ("specs", "tests/golden") for file in sorted((ROOT / folder).rglob("*.yaml"))
    ]
    small = [raw for raw in found if len(raw) < 4000]
    return [*small, *(BETWEEN_LAYERS.join(pair) for pair in zip(small[::7], small[3::7], strict=False))]


def _assert_shown(text: str) -> None:
    assert text == printable_lines(text)


def _hashes(text: str) -> Counter[str]:
    """Words behind a ``#`` that begin a comment, or stand in a text, which may gain and lose its quotes."""
    return Counter(re.findall(r"""#[ \t]*([^\s"',\]}]*)""", text))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))

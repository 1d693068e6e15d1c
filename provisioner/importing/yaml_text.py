"""Data to YAML in the style of the specs: large things in block style, small leaves in flow style, quotes where needed.

In: dicts, lists and scalars, and comments by path. Out: text that ``spec.document`` reads as the same data.
The order is that of the data. Nothing is folded: a line is as long as its value.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yaml.emitter import Emitter

from ..base.values import Path
from ..spec.expressions import interpolation
from ..spec.yaml.scalars import resolve

_WIDTH = 100
_MOST_KEYS = 5
_INDENT = "  "
_OLD_WORDS = frozenset({"yes", "no", "on", "off", "y", "n", "<<", "="})
"""What YAML 1.1 takes for booleans, a merge or a default; other tools that read the file still do."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}

Comments = Mapping[Path, Sequence[str]]


def render(data: Mapping[str, object], comments: Comments) -> str:
    """The text of a document: sections that are a block stand between empty lines."""
    lines: list[str] = []
    is_after_block = False
    notes = _Notes(comments, frozenset(path[:length] for path in comments for length in range(len(path))))
    for key in data:
        block = list(_mapping({key: data[key]}, (), "", notes))
        if lines and (len(block) > 1 or is_after_block):
            lines.append("")
        is_after_block = len(block) > 1
        lines += block
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Notes:
    """The comments, and the paths that have one somewhere below: no flow style there."""

    comments: Comments
    above: frozenset[Path]


def _mapping(value: Mapping[str, object], path: Path, pad: str, notes: _Notes) -> Iterator[str]:
    for key, item in value.items():
        at = (*path, key)
        for comment in notes.comments.get(at, ()):
            yield f"{pad}# {comment}"
        yield from _item(f"{pad}{_scalar(str(key), True)}:", item, at, pad + _INDENT, notes)


def _item(head: str, value: object, path: Path, pad: str, notes: _Notes) -> Iterator[str]:
    """A value behind ``key:`` or ``-``: on the same line where it is small, else below."""
    if not isinstance(value, (dict, list)):
        yield f"{head} {_scalar(value, False)}"
        return
    flow = None if path in notes.above else _flow(value)
    if flow is not None and (not value or len(head) + len(flow) < _WIDTH):
        yield f"{head} {flow}"
    elif isinstance(value, dict):
        yield head
        yield from _mapping(value, path, pad, notes)
    else:
        yield head
        for index, item in enumerate(value):
            yield from _list_item(item, (*path, index), pad, notes)


def _list_item(item: object, path: Path, pad: str, notes: _Notes) -> Iterator[str]:
    lines = list(_item(f"{pad}-", item, path, pad + _INDENT, notes))
    if len(lines) > 1 and isinstance(item, dict):
        lines = [f"{pad}- {lines[1].removeprefix(pad + _INDENT)}", *lines[2:]]
    yield from lines


def _flow(value: object) -> str | None:
    """The flow style of a small leaf; None for what is better read in block style."""
    if isinstance(value, dict):
        if len(value) > _MOST_KEYS or any(isinstance(item, dict) or _is_expression(item) for item in value.values()):
            return None
        parts = [(_scalar(str(key), True), _flow(item)) for key, item in value.items()]
        if any(text is None for _, text in parts):
            return None
        return "{" + ", ".join(f"{key}: {text}" for key, text in parts) + "}"
    if isinstance(value, list):
        if any(isinstance(item, (dict, list)) or _is_expression(item) for item in value):
            return None
        return "[" + ", ".join(_scalar(item, True) for item in value) + "]"
    return _scalar(value, True)


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and any(is_expression for is_expression, _ in interpolation.split(value))


def _scalar(value: object, in_flow: bool) -> str:
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    text = str(value)
    if resolve(text) == text and text.lower() not in _OLD_WORDS and _may_be_plain(text, in_flow):
        return text
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """Source: https://yaml.org/spec/1.2.2/#57-escaped-characters"""
    if character in _SHORT:
        return _SHORT[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _may_be_plain(text: str, in_flow: bool) -> bool:
    found = Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)
    return bool(found.allow_flow_plain if in_flow else found.allow_block_plain) and not found.multiline

"""Hostile and mutilated specs: a diagnostic, never a traceback."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioner.base.diagnostics import SpecError, UnreadableFileError
from provisioner.commands import loading
from provisioner.spec import load, parameters
from provisioner.spec.yaml import document

ROOT = Path(__file__).parent.parent.parent
SPECS = [path.read_text() for path in sorted((ROOT / "specs").glob("*.yaml"))]
SPECS += [path.read_text() for path in sorted((ROOT / "tests" / "golden" / "good").glob("*.yaml"))]
SECTIONS = ("network", "vms", "identities", "role_grants", "parameters", "secrets", "outputs", "existing", "tags")
SNIPPETS = [
    "${",
    "}",
    "{",
    "[",
    "]",
    "*",
    "&a",
    "<<: *a",
    ": ",
    "- ",
    "\n",
    "\t",
    "null",
    "~",
    "''",
    "!!int x",
    "#",
    "0",
    "é",
]


def try_it(raw: bytes) -> None:
    with contextlib.suppress(SpecError):
        loading.complete(load.build(document.parse(raw, str(ROOT / "specs" / "x.yaml")), parameters.Given()))


@settings(max_examples=300)
@given(
    st.sampled_from(SPECS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(SNIPPETS)), max_size=4),
)
def test_a_mutilated_spec_is_a_diagnostic(text: str, cuts: list[tuple[float, int, str]]) -> None:
    for where, length, snippet in cuts:
        at = int(where * len(text))
        text = text[:at] + snippet + text[at + length :]
    try_it(text.encode())


def _nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)


@settings(max_examples=200)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), _nested))
def test_any_value_anywhere_is_a_diagnostic(value: object) -> None:
    text = json.dumps(value)
    head = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"
    for section in SECTIONS:
        try_it(f"{head}{section}: {text}\n".encode())
        try_it(f"{head}{section}: {{x: {text}}}\n".encode())


VALUES = [
    None, True, 0, -1, 2, 3.5, "", "x", "${index}", "${parent.index}", "${value.x}", "${add(index, 1)}", "net/front",
    [], {}, ["${key}"], {"a": 1}, [{"a": 1}], {"count": 2}, {"for_each": ["a"], "value": 1},
    {"value": 1, "when": False}, 10001,
]  # fmt: skip
KEYS = ["count", "for_each", "when", "zones", "zone", "public_ip", "subnet", "interfaces", "name", "data_disks", "a/b"]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder with a key in it."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from _places(inner)


@settings(max_examples=200)
@given(
    st.sampled_from(["fleet-inner", "inline-addresses", "fleet-zones", "fleet", "everything"]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(VALUES), st.sampled_from(["", *KEYS])), min_size=1, max_size=3),
)
def test_a_fleet_with_other_values_in_it_is_a_diagnostic(name: str, changes: list[tuple[float, Any, str]]) -> None:
    data = json.loads(json.dumps(document.read(str(ROOT / "tests" / "golden" / "good" / f"{name}.yaml")).data))
    for where, value, key in changes:
        places = list(_places(data))
        holder, at = places[int(where * (len(places) - 1))]
        if key and isinstance(holder[at], dict):
            holder[at][key] = copy.deepcopy(value)
        else:
            holder[at] = copy.deepcopy(value)
    try_it(json.dumps(data).encode())


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_diagnostic(raw: bytes) -> None:
    try_it(raw)


def test_a_folder_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(UnreadableFileError):
            document.read(str(path))

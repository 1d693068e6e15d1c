"""Hostile and mutilated specs: a diagnostic, never a traceback."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioner.commands import loading
from provisioner.diagnostics import SpecError, UnreadableFileError
from provisioner.spec import document, load, parameters

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


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
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


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), _nested))
def test_any_value_anywhere_is_a_diagnostic(value: object) -> None:
    text = json.dumps(value)
    head = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"
    for section in SECTIONS:
        try_it(f"{head}{section}: {text}\n".encode())
        try_it(f"{head}{section}: {{x: {text}}}\n".encode())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_diagnostic(raw: bytes) -> None:
    try_it(raw)


def test_a_folder_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.yaml"):
        with pytest.raises(UnreadableFileError):
            document.read(str(path))

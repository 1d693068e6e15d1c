"""What a user reads points to nothing that an installed wheel does not have: no page of docs/, no spec of specs/."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from provisioner.spec.schema.schema import bundled
from tests.test_installation import ROOT

POINTER = re.compile(r"(?<![\w./-])(?:\.{0,2}/)?(?:docs|specs|tests|schema|\.ci|\.github)/[\w.*/-]*|\b[\w-]+\.md\b")
"""A folder of the repository beside the package, or a page of Markdown wherever it is."""


def spoken(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, parts of f-strings too; but no docstrings, which nothing prints."""
    documentation = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for statement in body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


def words(value: Any) -> Iterator[str]:
    """Every string in what JSON or YAML holds."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from words(item)


def texts() -> Iterator[tuple[str, str]]:
    """Where a text stands, and the text."""
    for path in sorted((ROOT / "provisioner").rglob("*.*")):
        name = str(path.relative_to(ROOT))
        if path.suffix == ".py":
            yield from ((f"{name}:{line}", text) for line, text in spoken(ast.parse(path.read_text("utf-8"))))
        elif path.suffix == ".yaml":
            yield name, path.read_text("utf-8")
        elif path.suffix == ".json":
            yield from ((name, text) for text in words(json.loads(path.read_text("utf-8"))))
    yield from (("the schema", text) for text in words({**bundled(), "$id": ""}))


def test_every_place_of_texts_is_looked_at() -> None:
    found = list(texts())
    assert {"the schema", "provisioner/starters/fleet.yaml"} <= {name for name, _ in found}
    assert any("--cloud local runs against a local simulator" in text for _, text in found)


def test_no_text_points_to_a_file_that_a_wheel_does_not_have() -> None:
    assert [f"{where}: {found[0]}" for where, text in texts() for found in POINTER.finditer(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "docs/faults.md has the format",
        "apply specs/msi-vm.yaml",
        "See [Faults](faults.md).",
        "(see ./docs/plans)",
        "tests/x.py",
    ],
)
def test_a_pointer_is_found(text: str) -> None:
    assert POINTER.search(text)


def test_pointers_are_found_in_parts_of_f_strings_and_not_in_docstrings() -> None:
    tree = ast.parse(
        '"""docs/a.md"""\ndef f(x):\n    """docs/b.md"""\n    return f"{x}: see docs/c.md"\nX = 1\n"""docs/d.md"""\n'
    )
    assert [text for _, text in spoken(tree) if POINTER.search(text)] == [": see docs/c.md"]

"""Text on a console of few characters: readable, and of what the program says itself nothing as an escape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.base import characters

ESCAPES = ("\\x", "\\u", "\\U")


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """What the program may say: its strings, without docstrings; its schema; the explanations of its rules."""
    for path in sorted((root / "provisioner").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield f"{path.name}:{node.lineno}", node.value
    for path in [*(root / "schema").rglob("*.json"), *(root / "provisioner").rglob("*.yaml")]:
        yield path.name, path.read_text("utf-8")


def test_every_sign_that_the_program_writes_has_a_form_in_ascii(root: Path) -> None:
    found = {
        (place, character)
        for place, text in texts(root)
        for character in text
        if character.isprintable() and characters.shown(character, "ascii").startswith(ESCAPES)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "1 → 2 … é ✓ 日"),
        ("cp1252", "1 -> 2 … é v \\u65e5"),
        ("cp437", "1 -> 2 ... é v \\u65e5"),
        ("ascii", "1 -> 2 ... \\xe9 v \\u65e5"),
    ],
)
def test_only_what_an_encoding_does_not_have_is_replaced(encoding: str, expected: str) -> None:
    assert characters.shown("1 → 2 … é ✓ 日", encoding) == expected

"""The state keeps resources by ID: no type, and no place inside a body, is named there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

STATE = Path("provisioner/simulator/state")
OF_A_TYPE = re.compile(r"microsoft\.|/providers/|^properties\b|deployment|virtual|subnet|roleassignment", re.IGNORECASE)


def texts(source: str) -> list[str]:
    """The string constants of a module that are no docstrings, and the names of what it imports."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level > 1]
    return [*constants, *imported]


def test_the_state_names_no_type(root: Path) -> None:
    modules = sorted((root / STATE).glob("*.py"))
    assert len(modules) > 5
    found = {
        module.name: [text for text in texts(module.read_text("utf-8")) if OF_A_TYPE.search(text)] for module in modules
    }
    assert {name: words for name, words in found.items() if words} == {"resources.py": ["properties"]}


def test_the_state_imports_no_types(root: Path) -> None:
    above = {"arm", "access", "faults", "http", "registry", "resource_type", "types"}
    for module in (root / STATE).glob("*.py"):
        assert not above & {text.partition(".")[0] for text in texts(module.read_text("utf-8"))}, module

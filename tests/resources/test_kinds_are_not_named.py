"""General code asks a kind for its facts and never which kind it has: what is special about one is in its own file."""

from __future__ import annotations

import ast
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import provisioner
from provisioner.resources import kinds

ROOT = Path(provisioner.__file__).parent
KINDS = "resources/kinds/"
NAMES = frozenset(kind.name for kind in kinds.all_kinds())
MODULES = frozenset(item.name for item in pkgutil.iter_modules(kinds.__path__))


def general_code() -> dict[str, ast.Module]:
    """The modules of the package that are neither a kind's nor the simulator's, which has types of its own."""
    found = {file.relative_to(ROOT).as_posix(): file for file in ROOT.rglob("*.py")}
    return {
        name: ast.parse(file.read_text("utf-8"))
        for name, file in sorted(found.items())
        if not name.startswith((KINDS, "simulator/"))
    }


def words_of_the_schema() -> frozenset[str]:
    """Keys that a spec can have: some kinds have the name of one, which general code may speak of as a key."""
    found: set[str] = set()
    todo: list[object] = [json.loads(file.read_text("utf-8")) for file in (ROOT.parent / "schema").rglob("*.json")]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            properties = node.get("properties")
            found |= set(properties) if isinstance(properties, dict) else set()
            todo += node.values()
        elif isinstance(node, list):
            todo += node
    return frozenset(found)


def offences(tree: ast.Module, words: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "KIND":
            yield f"line {node.lineno}: .KIND"
        elif isinstance(node, ast.ImportFrom):
            *_, last = (node.module or "").split(".")
            if last in MODULES and "kinds" in (node.module or "").split("."):
                yield f"line {node.lineno}: an import from {node.module}"
            if last == "kinds":
                yield from (
                    f"line {node.lineno}: an import of {item.name}" for item in node.names if item.name in MODULES
                )
        elif isinstance(node, ast.Import):
            yield from (
                f"line {node.lineno}: an import of {item.name}"
                for item in node.names
                if item.name.startswith("provisioner.resources.kinds.")
            )
        elif isinstance(node, ast.Constant) and node.value in NAMES - words:
            yield f"line {node.lineno}: the name {node.value!r}"
        elif isinstance(node, ast.Compare):
            yield from _comparisons(node)


def _comparisons(node: ast.Compare) -> Iterator[str]:
    """Names that are keys of a spec too, where a kind's name is compared with one."""
    sides = [node.left, *node.comparators]
    of_kind = [side for side in sides if ast.unparse(side).endswith(("kind.name", "kind.type", "kind.type.lower()"))]
    texts = [part.value for side in sides for part in ast.walk(side) if isinstance(part, ast.Constant)]
    named = [text for text in texts if text in NAMES or (isinstance(text, str) and "microsoft." in text.lower())]
    if of_kind and named:
        yield f"line {node.lineno}: {ast.unparse(node)}"


def test_general_code_names_no_kind() -> None:
    words = words_of_the_schema()
    found = {name: list(offences(tree, words)) for name, tree in general_code().items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "change.kind is virtual_machine.KIND",
        "from ..resources.kinds import virtual_machine",
        "from ..resources.kinds._machine_disk import hidden_disk",
        "from provisioner.resources.kinds import role_assignment",
        "import provisioner.resources.kinds.existing",
        "TABLE = {'virtual_machine': 1}",
        "kind.name == 'existing'",
        "change.kind.name in ('public_ip', 'existing')",
        "kind.type.lower() == 'microsoft.compute/virtualmachines'",
    ],
)
def test_ways_to_name_a_kind_are_found(text: str) -> None:
    assert list(offences(ast.parse(text), words_of_the_schema()))


@pytest.mark.parametrize(
    "text", ["kinds.container()", "data['resource_group']", "error.kind.name == 'type'", "kind.rights.lock is None"]
)
def test_facts_and_keys_of_a_spec_are_no_names(text: str) -> None:
    assert not list(offences(ast.parse(text), words_of_the_schema()))

"""docs/project/architecture.md names files, functions and packages: all of them exist, and no package is missing."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path

import pytest

PAGE = "docs/project/architecture.md"
FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)*\.(?:py|yaml|json|md|diff|cfg))`")
NAME = re.compile(r"`(?:(\w+)\.)?(\w+)(?:\(\)|(?<=[A-Z])(?=`))`")
FOLDER = re.compile(r"`([\w./-]+/)`")
ROOTS = ("schema/", "specs/", "docs/", "tests/", "provisioner/", "setup.cfg")


def text(root: Path) -> str:
    return (root / PAGE).read_text("utf-8")


def place(root: Path, name: str) -> Path:
    """A path as the page writes it: of the repository, or of the package."""
    return root / name if name.startswith(ROOTS) else root / "provisioner" / name


def blocks(page: str) -> list[str]:
    """Paragraphs and list items, each on one line; code blocks are left out."""
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"\n\s*\n|\n(?=\d+\. |\| )", prose)
    return [" ".join(part.split()) for part in parts if part.strip()]


def defined(file: Path) -> dict[str, set[str]]:
    """What a module defines: names at its top under the module's own name, and the members of its classes."""
    found: dict[str, set[str]] = {"": set()}
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[""].add(node.name)
        if isinstance(node, ast.ClassDef):
            found[node.name] = {
                item.name for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found[""] |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def missing(root: Path, page: str) -> list[str]:
    """The functions, methods and constants that no file named in the same block defines."""
    found = []
    for block in blocks(page):
        modules = [defined(place(root, name)) for name in FILE.findall(block) if name.endswith(".py")]
        for owner, name in NAME.findall(block):
            if not any(name in module.get(owner, ()) for module in modules):
                found.append(f"{owner}.{name}".lstrip("."))
    return found


def test_every_file_and_folder_exists(root: Path) -> None:
    names = [*FILE.findall(text(root)), *FOLDER.findall(text(root))]
    assert len(names) > 30
    assert [name for name in names if not place(root, name).exists()] == []


def test_every_function_is_in_a_file_named_beside_it(root: Path) -> None:
    assert len([name for block in blocks(text(root)) for name in NAME.findall(block)]) > 30
    assert missing(root, text(root)) == []


@pytest.mark.parametrize(
    "line",
    [
        "`plans()` in `planning/planner.py`",
        "`Executor.halt()` in `execution/executor.py`",
        "`KINDS` in `cli.py`",
        "`main()`",
    ],
)
def test_a_function_that_does_not_exist_is_found(root: Path, line: str) -> None:
    assert len(missing(root, line)) == 1


def test_every_package_is_in_the_table_and_no_other(root: Path) -> None:
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", "utf-8")
    packages = {name.removeprefix("provisioner.") for name in setup["options"]["packages"].split()} - {"provisioner"}
    named: list[str] = []
    for line in text(root).partition("## Packages")[2].partition("\n## ")[0].splitlines():
        row = re.fullmatch(r"\| `(\w+)` \|.*\|([^|]*)\|", line)
        if row is not None:
            named += [row[1], *(f"{row[1]}.{inner}" for inner in re.findall(r"`([\w.]+)`", row[2]))]
    assert sorted(named) == sorted(packages)


def test_the_order_of_the_table_is_that_of_the_layers(root: Path) -> None:
    setup = configparser.ConfigParser()
    setup.read(root / "setup.cfg", "utf-8")
    layers = setup["importlinter:contract:layers"]["layers"].strip().splitlines()
    rank = {
        name.strip().removeprefix("provisioner."): number
        for number, line in enumerate(layers)
        for name in re.split("[|:]", line)
    }
    table = re.findall(r"^\| `(\w+)` \|", text(root).partition("## Packages")[2], re.MULTILINE)
    order = [rank[name] for name in table if name in rank]
    assert order == sorted(order)
    assert set(rank) - set(table) == {"cli"}

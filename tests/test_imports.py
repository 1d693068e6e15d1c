"""What is loaded when: nothing of Azure where no request is made; and what may import what."""

from __future__ import annotations

import ast
import configparser
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.resources import kinds
from provisioner.spec.schema.schema import bundled

SCRIPT = """
import sys
from provisioner.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("LOADED", sorted({name.split(".")[0] for name in sys.modules} & {"azure", "aiohttp", "rich", "msal"}))
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["validate", "specs/msi-vm.yaml"],
        ["schema"],
        ["plan", "--help"],
        ["fmt", "--check", "specs/msi-vm.yaml"],
    ],
)
def test_no_sdk_is_loaded(arguments: list[str], root: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, *arguments]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "LOADED []"


def test_explain_reads_the_rules_without_what_checks_a_spec(root: Path) -> None:
    script = SCRIPT.replace('{"azure", "aiohttp", "rich", "msal"}', '{"azure", "yaml", "jsonschema_rs"}')
    assert script != SCRIPT
    command = [sys.executable, "-c", script, "explain", "PV2402"]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout.startswith("PV2402 (error)")
    assert result.stdout.splitlines()[-1] == "LOADED []"


@pytest.mark.parametrize(
    ("head", "rest", "loaded"),
    [
        ("identities: {app: {}}", "", "[]"),
        # The schema wants text here, which the validator reports; it is put right without a word to the user.
        ("identities: {app: {}}", "tags: {version: 2.10, id: 007}", "[]"),
        ("identities: {app: []}", "", "['jsonschema']"),
        ("identities: {app: {}}", "tagz: {a: b}", "['jsonschema']"),
    ],
)
def test_jsonschema_is_loaded_once_a_spec_breaks_the_schema(tmp_path: Path, head: str, rest: str, loaded: str) -> None:
    text = f"version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n{head}\n{rest}\n"
    (tmp_path / "spec.yaml").write_text(text, "utf-8")
    script = SCRIPT.replace('{"azure", "aiohttp", "rich", "msal"}', '{"jsonschema"}')
    assert script != SCRIPT
    command = [sys.executable, "-c", script, "validate", "spec.yaml"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert bool(result.stderr) == (loaded != "[]")
    assert result.stdout.splitlines()[-1] == f"LOADED {loaded}"


def test_every_kind_has_a_fragment_of_the_schema() -> None:
    definitions = bundled()["$defs"]
    assert {kind.name for kind in kinds.all_kinds()} <= set(definitions)


def test_every_property_of_the_schema_is_described() -> None:
    schema = bundled()

    def followed(node: dict[str, object]) -> dict[str, object]:
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return node
        return {**followed(schema["$defs"][reference.removeprefix("#/$defs/")]), **node}

    def walk(node: object, path: str) -> list[str]:
        missing = []
        if isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                if not followed(value).get("description"):
                    missing.append(f"{path}.{key}")
            for key, value in node.items():
                missing += walk(value, f"{path}.{key}")
        return missing

    assert walk(schema, "") == []


def contract(root: Path, name: str, option: str) -> set[str]:
    """The modules of the package that a contract of import-linter names."""
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg")
    return set(re.findall(r"provisioner\.(\w+)", settings[f"importlinter:contract:{name}"][option]))


@pytest.mark.parametrize(("name", "option"), [("layers", "layers"), ("simulator", "forbidden_modules")])
def test_no_module_is_missing_in_a_contract(root: Path, name: str, option: str) -> None:
    modules = {module.name for module in pkgutil.iter_modules([str(root / "provisioner")])} - {"__main__"}
    assert contract(root, name, option) | {"simulator"} == modules


def test_what_calls_itself_pure_is_held_to_it(root: Path) -> None:
    """A module outside of the pure packages may say that it is pure if it imports of the program only such packages."""
    pure = contract(root, "pure", "source_modules")
    said = {
        path: ast.parse(path.read_text("utf-8"))
        for path in (root / "provisioner").rglob("*.py")
        if "Pure." in (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    }
    assert said
    for path, tree in said.items():
        place = path.relative_to(root / "provisioner").parts[:-1]
        if place[0] in pure:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = place[: len(place) - node.level + 1]
                target = (*base, *(node.module or node.names[0].name).split("."))
                assert target[0] in pure or target[0] == place[0], (path, ast.unparse(node))

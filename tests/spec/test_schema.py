"""The schema itself: valid, described, and spoken of by the good specs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from provisioner.resources import kinds
from provisioner.spec.schema.editing import for_editors
from provisioner.spec.schema.schema import bundled
from provisioner.spec.yaml import document

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / "schema").rglob("*.json"))
SCHEMA = bundled()
PLACES = frozenset({"properties", "additionalProperties", "items", "propertyNames"})


def followed(node: Any) -> dict[str, Any]:
    """A subschema with its reference laid under it."""
    while isinstance(node, dict) and "$ref" in node:
        node = {**SCHEMA["$defs"][node["$ref"].removeprefix("#/$defs/")], **{k: node[k] for k in node if k != "$ref"}}
    return node if isinstance(node, dict) else {}


def properties(node: Any, path: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a spec can have, with its dotted path; ``*`` stands for any key."""
    node = followed(node)
    for key, value in node.get("properties", {}).items():
        yield f"{path}.{key}".lstrip("."), followed(value)
        yield from properties(value, f"{path}.{key}", seen)
    if isinstance(node.get("additionalProperties"), dict):
        yield from properties(node["additionalProperties"], f"{path}.*", seen)
    if isinstance(node.get("items"), dict):
        yield from properties(node["items"], f"{path}[]", seen)


def spoken(node: Any, data: Any, path: str) -> Iterator[str]:
    """The properties that some data has, by the same paths."""
    node = followed(node)
    if isinstance(data, list):
        for item in data:
            yield from spoken(node.get("items"), item, f"{path}[]")
    elif isinstance(data, dict):
        declared = node.get("properties", {})
        for key, value in data.items():
            if key in declared:
                yield f"{path}.{key}".lstrip(".")
                yield from spoken(declared[key], value, f"{path}.{key}")
            else:
                yield from spoken(node.get("additionalProperties"), value, f"{path}.*")


ALL = dict(properties(SCHEMA, ""))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_a_valid_schema_of_2020_12(file: Path) -> None:
    schema = json.loads(file.read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)


def test_the_bundle_is_a_valid_schema_without_references_to_files() -> None:
    jsonschema_rs.meta.validate(SCHEMA)
    assert '"$ref": "#/$defs/' in json.dumps(SCHEMA)
    assert ".schema.json#" not in json.dumps(SCHEMA)


@pytest.mark.parametrize("path", ALL)
def test_a_property_is_described_in_a_sentence(path: str) -> None:
    description = ALL[path].get("description", "")
    assert description[:1].isupper() or description[:1] == "`"
    assert description.endswith(".")


@pytest.mark.parametrize("path", [path for path in ALL if "default" in ALL[path] and "enum" in ALL[path]])
def test_a_default_is_one_of_the_values(path: str) -> None:
    assert ALL[path]["default"] in ALL[path]["enum"]


@pytest.mark.parametrize("path", [path for path in ALL if "enum" in ALL[path]])
def test_each_of_a_few_values_is_described(path: str) -> None:
    said = ALL[path]["enumDescriptions"]
    assert len(said) == len(ALL[path]["enum"])
    assert all(text[:1].isupper() or text[:1] == "`" for text in said)
    assert all(text.endswith(".") for text in said)


CLEAR = frozenset({"name", "description", "notes"})
"""Texts that need no example."""


@pytest.mark.parametrize("path", [path for path in ALL if path.rpartition(".")[2] not in CLEAR])
def test_a_text_has_an_example(path: str) -> None:
    node = ALL[path]
    types = node.get("type", ())
    is_text = set([types] if isinstance(types, str) else types) in ({"string"}, {"string", "object"})
    if is_text and not {"enum", "default", "const"} & set(node):
        assert node["examples"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.public_ips.*.sku", "Standard"),
        ("network.public_ips.*.allocation", "static"),
        ("network.public_ips.*.version", "ipv4"),
        ("network.security_groups.*.rules.*.protocol", "any"),
        ("network.security_groups.*.rules.*.source", "any"),
        ("vms.*.os", "linux"),
        ("vms.*.os_disk.caching", "read_write"),
        ("vms.*.os_disk.delete_with_vm", True),
        ("vms.*.data_disks.*.caching", "none"),
        ("vms.*.data_disks.*.sku", "StandardSSD_LRS"),
        ("vms.*.security.secure_boot", True),
        ("vms.*.security.vtpm", True),
        ("vms.*.spot.eviction_policy", "deallocate"),
        ("vms.*.extensions.*.auto_upgrade_minor_version", True),
        ("role_grants.*.scope", "resource_group"),
        ("locks.*.scope", "resource_group"),
        ("parameters.*.type", "string"),
    ],
)
def test_a_default_of_the_code_is_stated(path: str, value: object) -> None:
    assert ALL[path]["default"] == value


@pytest.mark.parametrize("path", [path for path in ALL if "examples" in ALL[path]])
def test_the_examples_of_a_property_hold(path: str) -> None:
    for example in ALL[path]["examples"]:
        _entry(ALL[path]).validate(example)


@pytest.mark.parametrize("path", [path for path in ALL if "pattern" in ALL[path]])
def test_a_pattern_is_said_in_words(path: str) -> None:
    assert ALL[path]["errorMessage"]


def _entry(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({**schema, "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize("name", [kind.name for kind in kinds.all_kinds()])
def test_a_kind_has_a_fragment_whose_examples_hold(name: str) -> None:
    fragment = SCHEMA["$defs"][name]
    assert fragment["examples"]
    for example in fragment["examples"]:
        _entry(fragment).validate(example)


def test_every_section_of_a_kind_is_in_the_schema() -> None:
    for kind in kinds.all_kinds():
        for section in kind.schema.sections:
            node = followed(SCHEMA)
            for step in section.split("/"):
                node = followed(node["additionalProperties"] if step == "*" else node["properties"][step])
            assert node["title"] == SCHEMA["$defs"][kind.name]["title"], section


def test_every_property_stands_in_a_good_spec() -> None:
    found: set[str] = set()
    for file in [*(ROOT / "tests" / "golden" / "good").glob("*.yaml"), *(ROOT / "specs").glob("*.yaml")]:
        found |= set(spoken(SCHEMA, document.read(str(file)).data, ""))
    covered = {_general(path) for path in found}
    assert {path for path in ALL if _general(path) not in covered} == set()


def _general(path: str) -> str:
    """Parts that many entries share (``lifecycle``, ``timeouts``, ``tags``, ``name``) count once."""
    path = path.replace("vms.*.interfaces.*.", "network.interfaces.*.")
    for shared in ("lifecycle", "timeouts"):
        head, found, rest = path.rpartition(f".{shared}")
        if found:
            return f"*.{shared}{rest}"
    head, _, last = path.rpartition(".")
    return (
        f"*.{last}" if head and last in ("tags", "name", "location", "unlisted", "count", "for_each", "when") else path
    )


WRITTEN = [*sorted((ROOT / "specs").glob("*.yaml")), *sorted((ROOT / "tests" / "golden" / "good").glob("*.yaml"))]


def test_the_schema_for_editors_is_valid_and_refers_to_no_other() -> None:
    jsonschema_rs.meta.validate(for_editors(SCHEMA))


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: str(file.stem))
def test_an_editor_takes_a_spec_as_it_is_written(file: Path) -> None:
    validator = jsonschema_rs.validator_for(for_editors(SCHEMA))
    assert [str(error) for error in validator.iter_errors(document.read(str(file)).data)] == []


@pytest.mark.parametrize("wrong", [{"os": "plan9"}, {"zones": "1"}, {"seize": "x"}, {"spot": {"max_price": "cheap"}}])
def test_an_editor_finds_what_no_expression_can_mend(wrong: dict[str, Any]) -> None:
    machine = {"image": "a:b:c:latest", "size": "Standard_B1s", "admin": {"username": "ops"}, **wrong}
    data = {
        "version": 1,
        "deployment": "demo",
        "location": "westus2",
        "resource_group": "demo",
        "vms": {"web": machine},
    }
    assert not jsonschema_rs.validator_for(for_editors(SCHEMA)).is_valid(data)


def test_the_file_that_editors_read_is_what_the_command_prints() -> None:
    held = (ROOT / "schema" / "editor.schema.json").read_text("utf-8")
    assert json.loads(held) == for_editors(SCHEMA), "run: provisioner schema > schema/editor.schema.json"


@pytest.mark.parametrize("spec", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda spec: spec.stem)
def test_an_example_names_a_schema_that_editors_can_use(spec: Path) -> None:
    first = spec.read_text("utf-8").partition("\n")[0]
    named = (spec.parent / first.partition("$schema=")[2]).resolve()
    assert named == ROOT / "schema" / "editor.schema.json"

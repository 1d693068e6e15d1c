"""The tags that the program writes by itself: no spec may set them, wherever it has tags."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import Diagnostic, SpecError
from provisioner.commands import loading
from provisioner.resources import kinds, reserved_tags
from provisioner.spec import parameters

Json = dict[str, Any]
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFlXq0zXq0zXq0zXq0zXq0zXq0zXq0zXq0zXq0zXq0zX demo"
NAMES = [*reserved_tags.RESERVED, *(f"{family}-2" for family in reserved_tags.FAMILIES)]
SPELLINGS = [spelling for name in NAMES for spelling in (name, name.upper(), name.title())]
ALLOWED = ("provisioner", "provisioner-note", "my-provisioner-spec")


def spec() -> Json:
    """A spec with an entry of every taggable kind, at every place where one can be written."""
    return {
        "version": 1,
        "deployment": "demo",
        "location": "westus2",
        "resource_group": {"name": "demo"},
        "network": {
            "virtual_networks": {
                "net": {"address_space": ["10.0.0.0/16"], "subnets": {"a": {"address_prefix": "10.0.0.0/24"}}}
            },
            "security_groups": {"group": {}},
            "application_security_groups": {"servers": {}},
            "nat_gateways": {"gateway": {"public_ips": ["address"]}},
            "public_ips": {"address": {"sku": "Standard"}},
            "interfaces": {"nic": {"subnet": "net/a", "security_group": "group", "public_ip": {"sku": "Standard"}}},
        },
        "identities": {"one": {}},
        "availability_sets": {"set": {}},
        "vms": {
            "web": {
                "size": "Standard_D2s_v5",
                "image": "Canonical:ubuntu-24_04-lts:server:latest",
                "admin": {"username": "azureuser", "ssh_keys": [KEY]},
                "interfaces": {"own": {"subnet": "net/a", "security_group": "group", "public_ip": {"sku": "Standard"}}},
                "data_disks": {"data": {"lun": 0, "size_gb": 8}},
                "extensions": {"one": {"publisher": "Contoso", "type": "First", "version": "1.0"}},
            }
        },
    }


def places() -> Iterator[tuple[str, ...]]:
    """The path of every entry in the spec above that takes tags, and of the deployment as a whole."""
    yield ()
    for kind in kinds.all_kinds():
        if kind.ownership.taggable:
            for section in kind.schema.sections:
                yield tuple(_found(spec(), section.split("/")))


def _found(data: Any, pattern: list[str]) -> Iterator[str]:
    for step in pattern:
        name = next(iter(data)) if step == "*" else step
        data = data[name]
        yield name


def with_tags(path: tuple[str, ...], names: list[str]) -> Json:
    data = spec()
    entry = data
    for step in path:
        entry = entry[step]
    entry["tags"] = dict.fromkeys(names, "x")
    return data


def problems(*files: Path) -> tuple[Diagnostic, ...]:
    try:
        loading.complete(loading.read_spec([str(file) for file in files], parameters.Given()))
    except SpecError as error:
        return tuple(error.diagnostics)
    return ()


def written(file: Path, data: Json) -> Path:
    file.write_text(json.dumps(data, indent=1), "utf-8")
    return file


def test_the_spec_itself_is_fine(tmp_path: Path) -> None:
    assert problems(written(tmp_path / "spec.yaml", spec())) == ()


@pytest.mark.parametrize("path", list(places()), ids="/".join)
def test_a_reserved_tag_is_refused_wherever_tags_are(tmp_path: Path, path: tuple[str, ...]) -> None:
    # Spellings of one tag come one after the other: together, they are one tag given twice.
    for index in range(3):
        names = SPELLINGS[index::3]
        file = written(tmp_path / "spec.yaml", with_tags(path, [*names, *ALLOWED]))
        found = problems(file)
        assert [item.summary for item in found] == [f'the tag "{name}" is reserved for provisioner' for name in names]
        assert {(item.code, item.hint) for item in found} == {("PV2003", "choose another name")}
        lines = file.read_text("utf-8").splitlines()
        assert [lines[item.location.line - 1].strip().split(":")[0] for item in found] == [
            json.dumps(name) for name in names
        ]


@pytest.mark.parametrize("name", NAMES)
def test_an_overlay_cannot_set_one_either(tmp_path: Path, name: str) -> None:
    base = written(tmp_path / "spec.yaml", spec())
    over = written(tmp_path / "over.yaml", {"identities": {"one": {"tags": {name.upper(): "x"}}}})
    (found,) = problems(base, over)
    assert (found.code, Path(found.location.file).name) == ("PV2003", "over.yaml")

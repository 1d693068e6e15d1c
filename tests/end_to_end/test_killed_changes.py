"""Killed in the middle of replacing, taking away and destroying: the next run goes on, and nothing is left over."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.serving import ENVIRONMENT

from . import test_interruption as interruption

SPEC = """\
version: 1
deployment: fleet
location: westus2
resource_group: fleet
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}}
  public_ips: {out: {zones: [ZONE]}}   # provisioner: ignore PV2903
  interfaces: {one: {subnet: net/front, public_ip: out}}   # provisioner: ignore PV2903
identities: IDENTITIES
vms:
  web:
    count: COUNT
    size: SIZE
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example"]}
    identity: {system_assigned: true, user_assigned: [team]}
    extensions: EXTENSIONS
role_grants: {read: {role: ROLE, to: [vms/web, identities/team]}}
"""
BEFORE = {
    "ZONE": "1",
    "IDENTITIES": "{team: {}, old: {}}",
    "COUNT": "3",
    "SIZE": "Standard_B1s",
    "EXTENSIONS": '{setup: {publisher: A.B, type: C, version: "1.0"}, old: {publisher: A.B, type: D, version: "1.0"}}',
    "ROLE": "Reader",
}
AFTER = {
    "ZONE": "2",
    "IDENTITIES": "{team: {}}",
    "COUNT": "2",
    "SIZE": "Standard_B2s",
    "EXTENSIONS": '{setup: {publisher: A.B, type: C, version: "1.0"}}',
    "ROLE": "Contributor",
}
TYPES = {
    "Microsoft.Network/virtualNetworks": 1,
    "Microsoft.Network/publicIPAddresses": 1,
    "Microsoft.Network/networkInterfaces": 3,
    "Microsoft.ManagedIdentity/userAssignedIdentities": 1,
    "Microsoft.Compute/virtualMachines": 2,
    "Microsoft.Compute/disks": 2,
    "Microsoft.Authorization/roleAssignments": 3,
}
NEIGHBOUR = """\
version: 1
deployment: neighbour
location: westus2
resource_group: {name: fleet, existing: true}
identities: {theirs: {}}
"""
CONSENT = ("--yes", "--allow-replace", "--allow-delete")
WRITES, DELETES, DESTROYED = 8, 10, 15
"""How many requests of each sort there are: the tests fail where it is not so many, or more."""


def _spec(folder: Path, name: str, text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    file = folder / name
    file.write_text(text, "utf-8")
    return str(file)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of an embedded cloud in which the first spec and a neighbour are deployed."""
    folder = tmp_path_factory.mktemp("deployed")
    environment = _environment(folder)
    for spec in (_spec(folder, "before.yaml", SPEC, BEFORE), _spec(folder, "neighbour.yaml", NEIGHBOUR, {})):
        code, text = interruption.run(environment, "apply", spec, "--yes")
        assert code == 0, text
    return folder / "cloud.sqlite"


def _environment(folder: Path) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"),
        "PROVISIONER_CLOUD": "local",
        "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
        "XDG_STATE_HOME": str(folder),
    }


@pytest.fixture
def environment(tmp_path: Path, deployed: Path) -> dict[str, str]:
    shutil.copy(deployed, tmp_path / "cloud.sqlite")
    return _environment(tmp_path)


def _killed(environment: dict[str, str], folder: Path, operation: str, nth: int, when: str, *command: str) -> int:
    faults = folder / "faults.yaml"
    faults.write_text(f"rules: [{{operation: {operation}, nth: {nth}, kill: {when}}}]", "utf-8")
    code, _ = interruption.run(environment, *command, "--faults", str(faults))
    return code


def _there(environment: dict[str, str]) -> list[dict[str, Any]]:
    shown = json.loads(interruption.run(environment, "local", "show", "--output", "json")[1])
    return [*(node for group in shown["groups"] for node in group["resources"]), *shown["elsewhere"]]


def _moments(writes: int, deletes: int) -> list[Any]:
    """Every request before and after it took effect; a few of them always, the others by ``-m slow``."""
    moments = [("write", nth, when) for nth in range(1, writes + 1) for when in ("before", "after")]
    moments += [("delete", nth, when) for nth in range(1, deletes + 1) for when in ("before", "after")]
    always = moments[3::11]
    return [pytest.param(*item, marks=() if item in always else pytest.mark.slow) for item in moments]


@pytest.mark.parametrize(("operation", "nth", "when"), _moments(WRITES, DELETES))
def test_a_change_killed_at_any_request_is_taken_up(
    environment: dict[str, str], tmp_path: Path, operation: str, nth: int, when: str
) -> None:
    spec = _spec(tmp_path, "after.yaml", SPEC, AFTER)
    assert _killed(environment, tmp_path, operation, nth, when, "apply", spec, *CONSENT) == -9
    code, text = interruption.run(environment, "apply", spec, *CONSENT)
    assert code == 0, text
    assert interruption.run(environment, "plan", spec, "--detailed-exitcode")[0] == 0
    there = [node for node in _there(environment) if node["name"] != "theirs"]
    assert Counter(node["type"] for node in there) == TYPES
    assert {node["state"] for node in there} <= {"Succeeded", ""}


@pytest.mark.parametrize(("operation", "nth", "when"), _moments(0, DESTROYED))
def test_a_destroy_killed_at_any_request_is_taken_up(
    environment: dict[str, str], tmp_path: Path, operation: str, nth: int, when: str
) -> None:
    spec = _spec(tmp_path, "before.yaml", SPEC, BEFORE)
    assert _killed(environment, tmp_path, operation, nth, when, "destroy", spec, "--yes") == -9
    code, text = interruption.run(environment, "destroy", spec, "--yes")
    assert code == 0, text
    assert [node["name"] for node in _there(environment)] == ["theirs"]


@pytest.mark.parametrize(("beyond", "expected"), [(0, -9), (1, 0)], ids=["the last one", "one more"])
@pytest.mark.parametrize(
    ("operation", "most", "command"),
    [("write", WRITES, "apply"), ("delete", DELETES, "apply"), ("delete", DESTROYED, "destroy")],
)
def test_there_are_as_many_requests_as_those(
    environment: dict[str, str], tmp_path: Path, operation: str, most: int, command: str, beyond: int, expected: int
) -> None:
    consent = CONSENT if command == "apply" else ("--yes",)
    spec = _spec(tmp_path, "spec.yaml", SPEC, AFTER if command == "apply" else BEFORE)
    code = _killed(environment, tmp_path, operation, most + beyond, "before", command, spec, *consent)
    assert code == expected

"""What an apply began and did not see the end of: the next one waits for it, and makes nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.serving import ENVIRONMENT

from . import test_interruption as interruption

SPEC = interruption.SPEC
WRITES = 10
"""That the sample makes."""
TYPES = {
    "Microsoft.Network/virtualNetworks": 1,
    "Microsoft.Network/networkSecurityGroups": 1,
    "Microsoft.Network/publicIPAddresses": 1,
    "Microsoft.Network/networkInterfaces": 1,
    "Microsoft.ManagedIdentity/userAssignedIdentities": 1,
    "Microsoft.Compute/virtualMachines": 1,
    "Microsoft.Compute/disks": 1,
    "Microsoft.Authorization/roleAssignments": 2,
}


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"),
        "PROVISIONER_CLOUD": "local",
        "XDG_STATE_HOME": str(tmp_path),
    }


FLEET = """\
version: 1
deployment: fleet
location: westus2
resource_group: fleet
network: {virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}}}
identities: {team: {}}
vms:
  web:
    count: 2
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example"]}
    identity: {system_assigned: true, user_assigned: [team]}
    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}
role_grants: {read: {role: Reader, to: [vms/web, identities/team]}}
"""
FLEET_WRITES = 12
FLEET_TYPES = {
    "Microsoft.Network/virtualNetworks": 1,
    "Microsoft.Network/networkInterfaces": 2,
    "Microsoft.ManagedIdentity/userAssignedIdentities": 1,
    "Microsoft.Compute/virtualMachines": 2,
    "Microsoft.Compute/disks": 2,
    "Microsoft.Authorization/roleAssignments": 3,
}


def _killed_and_applied(environment: dict[str, str], folder: Path, spec: str, nth: int, when: str) -> Counter[str]:
    """An apply that is killed at a write, one that goes on; how many of each type there are then."""
    faults = folder / "faults.yaml"
    faults.write_text(f"rules: [{{operation: write, nth: {nth}, kill: {when}}}]")
    code, _ = interruption.run(environment, "apply", spec, "--yes", "--faults", str(faults))
    assert code == -9
    code, text = interruption.run(environment, "apply", spec, "--yes")
    assert code == 0, text
    assert interruption.run(environment, "plan", spec, "--detailed-exitcode")[0] == 0
    shown = json.loads(interruption.run(environment, "local", "show", "--output", "json")[1])
    (group,) = shown["groups"]
    assert {node["state"] for node in group["resources"]} <= {"Succeeded", ""}
    return Counter(node["type"] for node in group["resources"])


def _moments(writes: int, always: set[int]) -> list[Any]:
    """Every write before and after it took effect; one moment of some always, the others by ``-m slow``."""
    return [
        pytest.param(nth, when, marks=() if nth in always and when == usual else pytest.mark.slow)
        for nth in range(1, writes + 1)
        for usual in (("before", "after")[nth % 2],)
        for when in ("before", "after")
    ]


@pytest.mark.parametrize(("nth", "when"), _moments(WRITES, set(range(1, WRITES + 1))))
def test_killed_at_any_write_the_next_apply_ends_in_the_same_state(
    environment: dict[str, str], tmp_path: Path, nth: int, when: str
) -> None:
    assert _killed_and_applied(environment, tmp_path, SPEC, nth, when) == TYPES


@pytest.mark.parametrize(("nth", "when"), _moments(FLEET_WRITES, {1, 4, 7, 10}))
def test_so_does_a_fleet(environment: dict[str, str], tmp_path: Path, nth: int, when: str) -> None:
    spec = tmp_path / "fleet.yaml"
    spec.write_text(FLEET, "utf-8")
    assert _killed_and_applied(environment, tmp_path, str(spec), nth, when) == FLEET_TYPES

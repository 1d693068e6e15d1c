"""What an apply began and did not see the end of: the next one waits for it, and makes nothing twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

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


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_killed_at_any_write_the_next_apply_ends_in_the_same_state(
    environment: dict[str, str], tmp_path: Path, nth: int, when: str
) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text(f"rules: [{{operation: write, nth: {nth}, kill: {when}}}]")
    code, _ = interruption.run(environment, "apply", SPEC, "--yes", "--faults", str(faults))
    assert code == -9
    code, text = interruption.run(environment, "apply", SPEC, "--yes")
    assert code == 0, text
    assert interruption.run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0
    shown = json.loads(interruption.run(environment, "local", "show", "--output", "json")[1])
    (group,) = shown["groups"]
    assert {node["state"] for node in group["resources"]} <= {"Succeeded", ""}
    assert Counter(node["type"] for node in group["resources"]) == TYPES

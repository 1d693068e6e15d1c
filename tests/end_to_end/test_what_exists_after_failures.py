"""What a run says of the resources that it could not change: that is not always that they do not exist."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness import PASSWORD
from tests.simulator.serving import ENVIRONMENT

SPEC = """\
version: 1
deployment: demo
location: westus2
resource_group: demo-group
tags: {team: a}
secrets: {admin: {from_env: ADMIN_PASSWORD}}
network:
  security_groups: {guard: {}}
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24, security_group: guard}}}
identities: {app: {}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, password: "${secrets.admin}"}
    extensions: {setup: {publisher: Contoso.Agents, type: Agent, version: "1.0"}}
role_grants: {read: {role: Reader, to: [identities/app]}}
outputs: {machine: "${vms/web.vm_id}"}
"""
GUARD = "Microsoft.Network/networkSecurityGroups"
MACHINE = "Microsoft.Compute/virtualMachines"
REFUSED = "{status: 400, code: InvalidRequest, message: No.}"
RETAGGED = SPEC.replace("team: a", "team: b")
REPLACED = RETAGGED.replace("ubuntu-24_04-lts:server", "0001-com-ubuntu-server-jammy:22_04-lts-gen2")


class Cloud:
    """Commands on an embedded cloud of the test's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, command: str, spec: str, *options: str, rules: str = "") -> tuple[int, str]:
        (self._folder / "demo.yaml").write_text(spec)
        faults = self._folder / "faults.yaml"
        faults.write_text(f"rules:\n{rules}")
        local = ("--cloud", "local", "--local-state", str(self._folder / "cloud.sqlite"), "--time-scale", "0.001")
        trouble = ("--faults", str(faults)) if rules else ()
        done = subprocess.run(
            [sys.executable, "-m", "provisioner", command, str(self._folder / "demo.yaml"), *local, *trouble, *options],
            env={**ENVIRONMENT, "ADMIN_PASSWORD": PASSWORD, "XDG_STATE_HOME": str(self._folder)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout if "json" in options else done.stdout + done.stderr

    def applied(self, spec: str, rules: str = "", *options: str) -> tuple[dict[str, str], Any]:
        """The state of each resource by its address, and the whole summary."""
        code, out = self("apply", spec, "--yes", "--output", "json", *options, rules=rules)
        assert code == (1 if rules else 0), out
        summary = json.loads(out.splitlines()[-1])
        return {row["address"]: row["state"] for row in summary["resources"]}, summary


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return Cloud(tmp_path)


def rule(type_: str, operation: str, what: str) -> str:
    return f"  - {{type: {type_}, operation: {operation}, {what}}}\n"


NO_UPDATE = rule(GUARD, "update", f"answer: {REFUSED}")


def test_what_could_not_be_updated_and_what_was_skipped_for_it_still_exist(cloud: Cloud) -> None:
    before, first = cloud.applied(SPEC)
    states, summary = cloud.applied(RETAGGED, NO_UPDATE)
    assert states.pop("network/security_groups/guard") == "failed"
    assert set(states.values()) == {"present"}
    assert summary["outputs"] == first["outputs"] != {"machine": None}
    assert len(before) == len(states) + 1
    code, text = cloud("apply", RETAGGED, "--yes", rules=NO_UPDATE)
    assert code == 1
    assert "network/security_groups/guard  (failed)" in text and "(absent)" not in text


def test_what_could_not_be_created_and_what_was_skipped_for_it_are_absent(cloud: Cloud) -> None:
    states, _ = cloud.applied(SPEC, rule(GUARD, "create", f"answer: {REFUSED}"))
    there = {address for address, state in states.items() if state == "present"}
    assert there == {"resource_group", "identities/app", "role_grants/read/identities/app"}
    assert {state for address, state in states.items() if address not in there} == {"absent"}


def test_a_machine_that_azure_made_and_that_failed_exists(cloud: Cloud) -> None:
    fails = "fail: {code: OSProvisioningClientError, message: No.}"
    states, _ = cloud.applied(SPEC, rule(MACHINE, "create", fails))
    assert states["vms/web"] == "failed"
    assert states["vms/web/extensions/setup"] == "absent"


def test_what_is_replaced_after_a_failure_is_not_gone_yet(cloud: Cloud) -> None:
    """The extension is created only since its machine is replaced; neither is begun."""
    cloud.applied(SPEC)
    states, _ = cloud.applied(REPLACED, NO_UPDATE, "--allow-replace")
    assert (states["vms/web"], states["vms/web/extensions/setup"]) == ("present", "present")


def test_what_is_deleted_for_a_replacement_that_fails_is_gone(cloud: Cloud) -> None:
    cloud.applied(SPEC)
    states, _ = cloud.applied(REPLACED, rule(MACHINE, "create", f"answer: {REFUSED}"), "--allow-replace")
    assert (states["vms/web"], states["vms/web/extensions/setup"]) == ("absent", "absent")
    assert states["network/security_groups/guard"] == "present"


def test_what_cannot_be_read_after_a_failure_is_unknown(cloud: Cloud) -> None:
    blind = rule(GUARD, "create", f"answer: {REFUSED}") + rule(GUARD, "read", f"answer: {REFUSED}")
    states, _ = cloud.applied(SPEC, blind)
    assert states["network/security_groups/guard"] == "unknown"
    assert states["network/virtual_networks/net"] == "absent"

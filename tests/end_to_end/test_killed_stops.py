"""Killed while a machine is stopped for a change: the next run makes the change and starts the machine again."""

from __future__ import annotations

import json
import shutil
import signal
from pathlib import Path

import pytest

from tests.simulator.serving import ENVIRONMENT

from . import test_interruption as interruption

SPEC = """\
version: 1
deployment: stops
location: westus2
resource_group: stops
network:
  virtual_networks: {net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: ops, ssh_keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example"]}
    os_disk: {name: web-os, sku: StandardSSD_LRS, size_gb: 64}
"""
MACHINE = "Microsoft.Compute/virtualMachines"
DISK = "Microsoft.Compute/disks"
COMMAND = ("--yes", "--allow-stop")
MARKED, WRITTEN = 1, 2
"""Its updates."""


def _environment(folder: Path) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"),
        "PROVISIONER_CLOUD": "local",
        "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
        "XDG_STATE_HOME": str(folder),
    }


def _spec(folder: Path, size_gb: int) -> str:
    file = folder / f"{size_gb}.yaml"
    file.write_text(SPEC.replace("64", str(size_gb)), "utf-8")
    return str(file)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of an embedded cloud with a machine that runs."""
    folder = tmp_path_factory.mktemp("deployed")
    code, text = interruption.run(_environment(folder), "apply", _spec(folder, 64), "--yes")
    assert code == 0, text
    return folder / "cloud.sqlite"


@pytest.mark.parametrize(
    ("kind", "operation", "nth", "when"),
    [
        pytest.param(MACHINE, "update", MARKED, "after", marks=pytest.mark.slow),
        (MACHINE, "deallocate", 1, "after"),
        pytest.param(DISK, "update", 1, "after", marks=pytest.mark.slow),
        pytest.param(MACHINE, "update", WRITTEN, "after", marks=pytest.mark.slow),
        (MACHINE, "start", 1, "before"),
        pytest.param(MACHINE, "start", 1, "after", marks=pytest.mark.slow),
    ],
)
def test_the_next_run_ends_with_a_changed_machine_that_runs(
    tmp_path: Path, deployed: Path, kind: str, operation: str, nth: int, when: str
) -> None:
    shutil.copy(deployed, tmp_path / "cloud.sqlite")
    environment, faults = _environment(tmp_path), tmp_path / "faults.yaml"
    faults.write_text(f"rules: [{{type: {kind}, operation: {operation}, nth: {nth}, kill: {when}}}]", "utf-8")
    apply = ("apply", _spec(tmp_path, 128), *COMMAND)
    assert interruption.run(environment, *apply, "--faults", str(faults))[0] == -signal.SIGKILL

    code, text = interruption.run(environment, *apply)
    assert code == 0, text
    assert interruption.run(environment, "plan", _spec(tmp_path, 128), "--detailed-exitcode")[0] == 0
    _, text = interruption.run(environment, "plan", _spec(tmp_path, 256), "--output", "json")
    (found,) = [change["differences"] for change in json.loads(text)["changes"] if change["action"] == "update"]
    assert [item["before"] for item in found] == [128, "running"]

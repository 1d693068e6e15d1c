"""Interrupted and killed applies: nothing is lost, the next one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SPEC = "specs/msi-vm.yaml"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a state file of its own."""
    return {**os.environ, "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"), "PROVISIONER_CLOUD": "local"}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "provisioner", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    process = start(environment, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"{text!r} was never printed")


def test_ctrl_c_lets_what_runs_finish_and_the_next_apply_goes_on(environment: dict[str, str]) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, "vms/azuretestmsi: creating")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "letting what runs finish" in err
    assert "vms/azuretestmsi: created" in out
    assert "Traceback" not in err
    code, text = run(environment, "apply", SPEC, "--yes")
    assert code == 0, text
    assert run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0


def test_a_second_ctrl_c_leaves_at_once(environment: dict[str, str]) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, "vms/azuretestmsi: creating")
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    code, text = run(environment, "apply", SPEC, "--yes")
    assert code == 0, text


@pytest.mark.parametrize(
    "moment", ["resource_group: creat", "azure-sample-nic: creat", "azuretestmsi: creating", "msi: creating"]
)
def test_a_killed_apply_is_taken_over_by_the_next(environment: dict[str, str], moment: str) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, moment)
    process.kill()
    process.communicate(timeout=60)
    code, text = run(environment, "apply", SPEC, "--yes")
    assert code == 0, text
    assert run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0
    assert run(environment, "destroy", SPEC, "--yes")[0] == 0

"""Interrupted and killed applies: nothing is lost, the next one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from tests import warm

ROOT = Path(__file__).parent.parent.parent
SPEC = "specs/msi-vm.yaml"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with a state file of its own."""
    return {**os.environ, "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"), "PROVISIONER_CLOUD": "local"}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "provisioner", *arguments]
    return warm.start(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    process = start(environment, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def wait_for(process: subprocess.Popen[str], text: str, of: IO[str] | None = None) -> None:
    """Read what it prints until a text comes; from the standard output unless another is named."""
    stream = of or process.stdout
    assert stream is not None
    for line in stream:
        if text in line:
            return
    raise AssertionError(f"{text!r} was never printed")


def test_ctrl_c_lets_what_runs_finish_and_the_next_apply_goes_on(environment: dict[str, str]) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, "vms/azuretestmsi: creating")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Waiting for running operations" in err
    assert "vms/azuretestmsi: created" in out
    assert "Traceback" not in err
    code, text = run(environment, "apply", SPEC, "--yes")
    assert code == 0, text
    assert run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0


def test_a_terminal_that_hangs_up_lets_what_runs_finish(environment: dict[str, str]) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, "vms/azuretestmsi: creating")
    process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "vms/azuretestmsi: created" in out
    assert run(environment, "apply", SPEC, "--yes")[0] == 0


ENDED_IN_A_TASK = """
import asyncio, os, signal
from provisioner.commands import interruption

async def work():
    for name in "{}".split():
        os.kill(os.getpid(), getattr(signal, name))
    await asyncio.sleep(60)

async def command():
    try:
        await asyncio.gather(work(), asyncio.sleep(60))
    finally:
        await asyncio.sleep(0.01)
        print("let go")

try:
    interruption.run(command())
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("signals", ["SIGTERM", "SIGHUP", "SIGINT", "SIGHUP SIGTERM", "SIGINT SIGINT"])
def test_what_is_held_is_let_go_wherever_a_signal_comes(signals: str) -> None:
    command = [sys.executable, "-c", ENDED_IN_A_TASK.format(signals)]
    told = warm.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (told.stdout, told.stderr) == ("let go\ninterrupted\n", "")


def test_who_does_not_wait_for_what_is_let_go_leaves_at_once() -> None:
    slow = 'print("letting go", flush=True); await asyncio.to_thread(input)'
    stuck = ENDED_IN_A_TASK.format("SIGTERM").replace("await asyncio.sleep(0.01)", slow)
    pipe = subprocess.PIPE
    with warm.start(
        [sys.executable, "-c", stuck], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as process:
        wait_for(process, "letting go")
        time.sleep(1.2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 130
        assert process.stderr is not None and process.stderr.read() == "interrupted\n"


def test_under_nohup_it_goes_on(environment: dict[str, str]) -> None:
    command = ["nohup", sys.executable, "-m", "provisioner", "apply", SPEC, "--yes"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        wait_for(process, "vms/azuretestmsi: creating")
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err


def test_an_output_that_is_closed_does_not_stop_a_run(environment: dict[str, str]) -> None:
    process = start(environment, "apply", SPEC, "--yes")
    wait_for(process, "vms/azuretestmsi: creating")
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=60) == 1
    assert "note: the output can no longer be written (Broken pipe); the run continues" in err
    assert "Traceback" not in err
    assert run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0


def test_a_terminal_that_is_gone_does_not_stop_a_run(environment: dict[str, str]) -> None:
    master, slave = os.openpty()
    command = [sys.executable, "-m", "provisioner", "apply", SPEC, "--yes", "--time-scale", "0.05"]
    with warm.start(
        command, cwd=ROOT, env={**environment, "TERM": "xterm"}, stdout=slave, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(slave)
        shown = b""
        while b"creating" not in shown:
            shown += os.read(master, 4096)
        os.close(master)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "note: the output can no longer be written" in err
    assert "Traceback" not in err
    assert run(environment, "plan", SPEC, "--detailed-exitcode")[0] == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_under_the_output_is_told(environment: dict[str, str]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "provisioner", "plan", SPEC]
        told = warm.run(
            command, cwd=ROOT, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (told.returncode, told.stderr) == (1, "error: the output: No space left on device\n")


def test_a_second_ctrl_c_leaves_at_once(environment: dict[str, str], tmp_path: Path) -> None:
    faults = tmp_path / "faults.yaml"
    faults.write_text("rules: [{type: Microsoft.Compute/virtualMachines, operation: create, hang: true}]\n", "utf-8")
    process = start(environment, "apply", SPEC, "--yes", "--faults", str(faults))
    wait_for(process, "vms/azuretestmsi: creating")
    process.send_signal(signal.SIGINT)
    wait_for(process, "press Ctrl-C again to exit immediately", of=process.stderr)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: the next apply takes over what still runs in Azure" in err
    assert "Traceback" not in err


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

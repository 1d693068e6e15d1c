"""Stopping early: at the first failure, or after some time; and what a failure says of its tries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli import main

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "msi-vm.yaml")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PROVISIONER_CLOUD", "local")
    monkeypatch.setenv("PROVISIONER_LOCAL_STATE", str(tmp_path / "cloud.sqlite"))
    return tmp_path


def outcomes(text: str) -> dict[str, str]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in text.splitlines()]
    return {line["address"]: line["outcome"] for line in lines if line["event"] == "finished"}


def faults(folder: Path, rule: str) -> str:
    file = folder / "faults.yaml"
    file.write_text(f"rules: [{rule}]")
    return str(file)


def test_on_error_stop_starts_nothing_after_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = "{type: Microsoft.Network/publicIPAddresses, operation: create, answer: {status: 400, code: NoMore}}"
    chosen = ("--faults", faults(folder, refused), "--output", "json")
    assert main(["apply", SPEC, "--yes", *chosen, "--on-error", "stop"]) == 1
    ended = outcomes(capsys.readouterr().out)
    assert ended["network/public_ips/azure-sample-pip"] == "failed"
    assert ended["network/virtual_networks/azure-sample-vnet"] == "cancelled"
    assert main(["apply", SPEC, "--yes", *chosen]) == 1
    ended = outcomes(capsys.readouterr().out)
    assert ended["network/virtual_networks/azure-sample-vnet"] == "succeeded"
    assert ended["vms/azuretestmsi"] == "skipped"


def test_after_the_timeout_nothing_new_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("--yes", "--output", "json", "--time-scale", "0.1")
    assert main(["apply", SPEC, *chosen, "--timeout", "4s"]) == 1
    captured = capsys.readouterr()
    ended = outcomes(captured.out)
    assert "out of time" in captured.err
    assert ended["vms/azuretestmsi"] == "succeeded"
    assert ended["vms/azuretestmsi/extensions/msi"] == "cancelled"
    assert main(["apply", SPEC, "--yes", "--timeout", "1h"]) == 0


def test_what_went_with_its_group_counts_as_deleted_after_the_timeout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", SPEC, "--yes", "--time-scale", "0"]) == 0
    capsys.readouterr()
    slowly = ("--yes", "--output", "json", "--time-scale", "0.03", "--timeout", "1s")
    assert main(["destroy", SPEC, "--delete-group", *slowly]) == 0
    captured = capsys.readouterr()
    assert "out of time" in captured.err
    assert set(outcomes(captured.out).values()) == {"succeeded"}


def test_a_timeout_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", SPEC, "--yes", "--timeout", "soon"]) == 64
    assert "write a time such as 90s, 30m or 2h" in capsys.readouterr().err


def test_a_failure_says_how_often_and_how_long_it_was_tried(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    busy = "{type: Microsoft.Network/virtualNetworks, operation: create, answer: {status: 409, code: RetryableError}}"
    assert main(["apply", SPEC, "--yes", "--faults", faults(folder, busy)]) == 1
    out = capsys.readouterr().out
    assert "RetryableError" in out
    tried = next(line for line in out.splitlines() if "tried " in line).split()
    assert int(tried[1]) > 10


def test_what_went_wrong_is_told_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = "{type: Microsoft.Compute/virtualMachines, operation: create, fail: OSProvisioningTimedOut}"
    assert main(["apply", SPEC, "--yes", "--faults", faults(folder, never)]) == 1
    told = capsys.readouterr().out
    assert "\nvms/azuretestmsi  (failed)\n" in told
    assert told.index("\nOutputs:") < told.index("\nerror: vms/azuretestmsi could not be created\n")
    assert told.splitlines()[-1].endswith(": 8 created, 1 failed, 1 skipped.")


def test_a_lost_connection_is_not_called_a_refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", SPEC, "--faults", faults(folder, "{operation: list, drop: before}")]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: /subscriptions/")
    assert ": ConnectionLost: " in told
    assert main(["show", SPEC, "--faults", faults(folder, "{operation: list, answer: {status: 400, code: No}}")]) == 1
    assert capsys.readouterr().err.startswith("error: Azure refused a request: /subscriptions/")

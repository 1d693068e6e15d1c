"""Journals: every run leaves one, whatever becomes of it, and it repeats no secret."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.cli import main
from provisioner.execution import journal
from tests import warm

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "msi-vm.yaml")
PASSWORD = "Zebra-Stripe-9-Correct"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder, a cloud and a password of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("PROVISIONER_CLOUD", "local")
    monkeypatch.setenv("PROVISIONER_LOCAL_STATE", str(tmp_path / "cloud.sqlite"))
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    return tmp_path


def test_a_run_is_listed_and_shown_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", SPEC, "--yes"]) == 0
    assert main(["apply", SPEC, "--yes"]) == 0
    assert main(["destroy", SPEC, "--yes"]) == 0
    capsys.readouterr()
    assert main(["runs", "--output", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [run["command"] for run in found] == ["destroy", "apply"]
    assert found[1]["end"]["outcomes"] == {"succeeded": 10}
    assert main(["runs", "show", found[1]["run"]]) == 0
    shown = capsys.readouterr().out
    assert "vms/azuretestmsi: creating: succeeded" in shown
    assert found[1]["correlation_id"] in shown
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  apply ", shown)
    assert main(["runs"]) == 0
    assert "destroy on local: exit code 0" in capsys.readouterr().out


def test_runs_stand_in_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    longer = folder / "longer.yaml"
    head = "version: 1\nlocation: westus2\nresource_group: longer\n"
    longer.write_text(f"{head}deployment: a-name-that-is-longer\n")
    assert main(["apply", SPEC, "--yes"]) == 0
    assert main(["apply", str(longer), "--yes"]) == 0
    capsys.readouterr()
    assert main(["runs"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.index("apply on local: ") == second.index("apply on local: ")


def test_a_journal_is_for_its_owner_and_has_no_secret() -> None:
    assert main(["apply", SPEC, "--yes"]) == 0
    (path,) = journal.folder().iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PASSWORD not in path.read_text()


def test_a_secret_that_azure_repeats_is_in_no_journal_and_no_event(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = folder / "faults.yaml"
    answer = f"{{status: 400, code: InvalidParameter, message: 'not {PASSWORD}'}}"
    faults.write_text(f"rules: [{{type: Microsoft.Compute/virtualMachines, operation: create, answer: {answer}}}]")
    assert main(["apply", SPEC, "--yes", "--output", "json", "--faults", str(faults)]) == 1
    (path,) = journal.folder().iterdir()
    captured = capsys.readouterr()
    for text in (path.read_text(), captured.out, captured.err):
        assert PASSWORD not in text
    assert "InvalidParameter" in captured.out
    assert f"`provisioner runs show {path.stem}`" in captured.err


def test_what_is_tried_again_says_for_what_with_its_request_id(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = folder / "faults.yaml"
    answer = f"{{status: 409, code: AnotherOperationInProgress, message: 'not {PASSWORD}'}}"
    rule = f"{{type: Microsoft.Compute/virtualMachines, operation: create, times: 1, answer: {answer}}}"
    faults.write_text(f"rules: [{rule}]")
    assert main(["apply", SPEC, "--yes", "--faults", str(faults)]) == 0
    (error,) = [line["error"] for line in journal.lines("last") if line["event"] == "retrying"]
    assert (error["code"], error["message"]) == ("AnotherOperationInProgress", "not (secret)")
    capsys.readouterr()
    assert main(["runs", "show", "last"]) == 0
    assert f"request ID {error['request_id']}" in capsys.readouterr().out
    assert error["request_id"]


def test_what_was_skipped_is_shown_with_its_cause(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    faults = folder / "faults.yaml"
    answer = "{status: 400, code: Unheard, message: No.}"
    faults.write_text(f"rules: [{{type: Microsoft.Network/virtualNetworks, operation: create, answer: {answer}}}]")
    assert main(["apply", SPEC, "--yes", "--faults", str(faults)]) == 1
    capsys.readouterr()
    assert main(["runs", "show", "last"]) == 0
    shown = capsys.readouterr().out
    assert "skipped, because of network/virtual_networks/azure-sample-vnet" in shown


def test_a_killed_run_has_no_end() -> None:
    command = [sys.executable, "-m", "provisioner", "apply", SPEC, "--yes"]
    process = warm.start(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    next(line for line in process.stdout if "vms/azuretestmsi: creating" in line)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    (run,) = journal.runs()
    assert run.end is None
    assert any(line["event"] == "started" for line in journal.lines("last"))


def test_the_oldest_journals_go() -> None:
    for number in range(journal.KEPT + 5):
        journal.begin({"deployment": f"d{number:03}"}).close()
    assert len(journal.runs()) == journal.KEPT


def test_what_cannot_be_written_stops_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "provisioner").write_text("in the way")
    assert main(["apply", SPEC, "--yes"]) == 0
    assert "note: no log of this run" in capsys.readouterr().err


def test_an_id_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert "There are no run logs" in capsys.readouterr().out
    assert main(["runs", "show", "last"]) == 64
    assert "no run found in" in capsys.readouterr().err
    journal.begin({}).close()
    assert main(["runs", "show", "nothing"]) == 64
    assert "no run has the ID 'nothing'" in capsys.readouterr().err

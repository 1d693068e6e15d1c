"""``provisioner import`` as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.cli import main

SPEC = """\
version: 1
deployment: mine
location: westus2
resource_group: mine-group
identities: {app: {}}
"""
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on an embedded cloud of its own, in which the spec has been applied."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROVISIONER_LOCAL_STATE", str(tmp_path / "cloud.sqlite"))
    Path("mine.yaml").write_text(SPEC, "utf-8")
    assert main(["apply", "mine.yaml", "--cloud", "local", "--yes"]) == 0
    return lambda *arguments: main([*arguments, "--cloud", "local"])


def test_it_prints_a_spec(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("import", "--resource-group", "mine-group") == 0
    shown = capsys.readouterr()
    assert "deployment: mine\n" in shown.out and "identities:\n  app: {}\n" in shown.out
    assert shown.err == ""


def test_what_it_writes_can_be_planned_at_once(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--resource-group", "mine-group", "--out", "found.yaml") == 0
    assert capsys.readouterr().out == "wrote found.yaml\n"
    assert run("plan", "found.yaml", "--detailed-exitcode") == 0


def test_it_does_not_write_over_a_file(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--resource-group", "mine-group", "--out", "mine.yaml") == 64
    assert "already exists" in capsys.readouterr().err
    assert Path("mine.yaml").read_text("utf-8") == SPEC


def test_a_group_that_is_not_there_is_an_error(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--resource-group", "nowhere") == 64
    assert "the resource group 'nowhere' does not exist" in capsys.readouterr().err


def test_what_belongs_to_another_deployment_is_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("import", "--resource-group", "mine-group", "--deployment", "other") == 0
    assert "belong to the deployment 'mine'" in capsys.readouterr().err

"""Saved plans, targets, git as a witness: through the command line, on the embedded cloud."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from provisioner.cli import main

HEAD = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"
ONE = HEAD + "identities: {one: {}}\n"
TWO = HEAD + "identities: {one: {}, two: {}}\n"


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec file in a folder of its own, with a fresh embedded cloud."""
    monkeypatch.setenv("PROVISIONER_LOCAL_STATE", str(tmp_path / "cloud.sqlite"))
    monkeypatch.setenv("PROVISIONER_CLOUD", "local")
    file = tmp_path / "spec.yaml"
    file.write_text(ONE)
    return file


def run(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def test_a_saved_plan_is_applied(spec: Path, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", spec, "--out", saved) == 0
    assert run("apply", saved, "--yes") == 0
    assert run("plan", spec, "--detailed-exitcode") == 0


def test_a_saved_plan_is_refused_when_the_spec_moved(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", spec, "--out", saved) == 0
    spec.write_text(TWO)
    assert run("apply", saved, "--yes") == 1
    assert "identities/two: new in the plan" in capsys.readouterr().err


def test_a_saved_plan_is_refused_when_azure_moved(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", spec, "--out", saved) == 0
    assert run("apply", spec, "--yes") == 0
    assert run("apply", saved, "--yes") == 1
    assert "identities/one: was create, now no change" in capsys.readouterr().err


def test_a_saved_plan_holds_no_secret(spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADMIN_PASSWORD", "Zebra-Stripe-9-Correct")
    saved = tmp_path / "plan.json"
    assert run("plan", "specs/msi-vm.yaml", "--out", saved) == 0
    assert "Zebra" not in saved.read_text()
    assert json.loads(saved.read_text())["plan"]["summary"]["create"] == 10


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"format": "provisioner-plan", "format_version": 99}'])
def test_what_is_no_plan_file_is_an_error(spec: Path, tmp_path: Path, content: str) -> None:
    saved = tmp_path / "plan.json"
    saved.write_text(content)
    assert run("apply", saved, "--yes") in (64, 65)


def test_an_excluded_resource_is_left_alone_with_what_needs_it(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TWO + "role_grants: {read: {role: Reader, to: [identities/one]}}\n")
    assert run("plan", spec, "--exclude", "identities/one", "--output", "json") == 0
    found = [change["address"] for change in json.loads(capsys.readouterr().out)["changes"]]
    assert found == ["resource_group", "identities/two"]


def test_max_impact_refuses_with_its_own_exit_code(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TWO)
    assert run("apply", spec, "--yes") == 0
    spec.write_text(ONE)
    assert run("plan", spec, "--max-impact", "live") == 3
    assert run("apply", spec, "--yes", "--allow-delete", "--max-impact", "live") == 3
    assert "worse than --max-impact live" in capsys.readouterr().err
    assert run("apply", spec, "--yes", "--allow-delete", "--max-impact", "replace") == 3
    assert "its principal ID, its client ID, and all its role assignments will be lost" in capsys.readouterr().err
    assert run("apply", spec, "--yes", "--allow-delete", "--max-impact", "data-loss") == 0


def test_consent_can_be_given_for_one_address(spec: Path) -> None:
    spec.write_text(TWO)
    assert run("apply", spec, "--yes") == 0
    spec.write_text(ONE)
    assert run("apply", spec, "--yes", "--allow-delete", "network") == 1
    assert run("apply", spec, "--yes", "--allow-delete", "user_assigned_identity/two") == 0


def test_destroy_refuses_what_is_protected(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(HEAD + "identities: {one: {lifecycle: {prevent_destroy: true}}, two: {}}\n")
    assert run("apply", spec, "--yes") == 0
    assert run("destroy", spec, "--yes") == 65
    assert "identities/one is protected" in capsys.readouterr().err
    spec.write_text(ONE)
    assert run("destroy", spec, "--yes") == 65
    assert run("apply", spec, "--yes", "--allow-delete") == 0
    assert run("destroy", spec, "--yes") == 0


def test_max_impact_holds_for_destroy_too(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("apply", spec, "--yes") == 0
    capsys.readouterr()
    assert run("destroy", spec, "--yes", "--max-impact", "replace") == 3
    said = capsys.readouterr()
    assert "resource_group: data-loss (everything in it will be lost), worse than --max-impact replace" in said.err
    assert "data-loss: everything in it will be lost" in said.out
    assert run("plan", spec, "--detailed-exitcode") == 0
    assert run("destroy", spec, "--yes", "--max-impact", "data-loss") == 0


def test_the_yes_of_destroy_can_be_narrowed_to_addresses(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TWO)
    assert run("apply", spec, "--yes") == 0
    assert run("destroy", spec, "--yes", "--allow-delete", "identities") == 1
    assert "no approval to delete resource_group" in capsys.readouterr().err
    assert run("plan", spec, "--detailed-exitcode") == 0
    allowed = ("--allow-delete", "resource_group", "--allow-delete", "identities")
    assert run("destroy", spec, "--yes", *allowed) == 0


def test_git_is_a_witness_of_what_the_spec_has_lost(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = ["git", "-C", str(spec.parent), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    spec.write_text(TWO)
    for command in (["init", "-q"], ["add", "spec.yaml"], ["commit", "-qm", "two"]):
        subprocess.run([*git, *command], check=True)
    assert run("apply", spec, "--yes") == 0
    spec.write_text(ONE)
    capsys.readouterr()
    assert run("plan", spec, "--base", "HEAD", "--output", "json") == 0
    lost = json.loads(capsys.readouterr().out)["removed_since_base"]
    assert [(item["address"], item["fate"]) for item in lost] == [("identities/two", "is deleted")]


def test_a_grant_that_another_entry_gives_is_not_told_as_gone(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = ["git", "-C", str(spec.parent), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    spec.write_text(ONE + "role_grants: {read: {role: Reader, to: [identities/one]}}\n")
    for command in (["init", "-q"], ["add", "spec.yaml"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *command], check=True)
    assert run("apply", spec, "--yes") == 0
    spec.write_text(ONE + "role_grants: {readers: {role: Reader, to: [identities/one]}}\n")
    capsys.readouterr()
    assert run("plan", spec, "--base", "HEAD") == 0
    shown = capsys.readouterr().out
    assert "Nothing to do: 3 unchanged." in shown
    told = "role_grants/read/identities/one: no grant is deleted: another entry gives the same, or it doesn't exist"
    assert told in shown


def test_where_a_plan_was_saved_is_told(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "my plan.json"
    assert run("plan", spec, "--out", saved) == 0
    assert f"To apply it, run: provisioner apply '{saved}'\n" in capsys.readouterr().out
    assert run("plan", spec, "--out", saved, "--output", "json") == 0
    json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("command", ["plan", "destroy", "show", "validate"])
def test_a_saved_plan_is_not_read_as_a_spec(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", spec, "--out", saved) == 0
    capsys.readouterr()
    assert run(command, saved) == 64
    assert "is a saved plan, not a spec; to apply it, run `provisioner apply " in capsys.readouterr().err


def test_an_output_of_what_is_left_out_is_not_promised(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(TWO + "outputs: {one: '${identities/one.principal_id}', text: 'id ${identities/two.client_id}'}\n")
    assert run("plan", spec, "--exclude", "identities/two", "--output", "json") == 0
    assert json.loads(capsys.readouterr().out)["outputs"] == {
        "one": "(known after apply: identities/one.principal_id)",
        "text": "id (not in this plan: identities/two.client_id)",
    }


def test_a_revision_that_git_does_not_know_is_a_usage_error(spec: Path) -> None:
    assert run("plan", spec, "--base", "nowhere") == 64


@pytest.mark.parametrize(
    "option", ["--exclude=identities/one", "--target=identities/one", "--adopt", "--adopt-from=other"]
)
def test_a_saved_plan_takes_no_other_options(
    spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    saved = tmp_path / "plan.json"
    assert run("plan", spec, "--out", saved) == 0
    assert run("apply", saved, "--yes", option) == 64
    name = option.partition("=")[0]
    assert f"other options than {name}; plan again" in capsys.readouterr().err
    assert run("plan", spec, "--out", saved, "--adopt", "--target=identities/one") == 0
    assert run("apply", saved, "--yes", "--adopt", "--target=identities/one") == 0


def test_no_drift_is_told_as_that(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("apply", spec, "--yes") == 0
    capsys.readouterr()
    assert run("show", spec, "--drift") == 0
    assert capsys.readouterr().out == "demo on local: no drift was found.\n"

"""The commands as a user runs them: processes, exit codes, what is printed."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import warm

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted(path.name for path in (ROOT / "specs").glob("*.yaml"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs ``provisioner`` with a state file of its own; without a password in the environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("AZURE_", "PROVISIONER_"))}
    environment.pop("ADMIN_PASSWORD", None)
    environment["PROVISIONER_LOCAL_STATE"] = str(tmp_path / "cloud.sqlite")
    environment["PROVISIONER_LOCAL_TIME_SCALE"] = "0.001"

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "provisioner", *arguments]
        return warm.run(
            command, cwd=ROOT, env={**environment, **extra}, capture_output=True, text=True, timeout=120, check=False
        )

    return run


def log(run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("local", "log", "--output", "json").stdout)
    return found


def writes(entries: list[dict[str, Any]]) -> list[str]:
    return [f"{item['method']} {item['path']}" for item in entries if item["method"] in ("PUT", "PATCH", "DELETE")]


def test_the_six_commands_in_a_row(run: Run) -> None:
    spec = "specs/msi-vm.yaml"
    local = ("--cloud", "local")
    assert run("validate", spec).returncode == 0
    planned = run("plan", spec, *local, "--output", "json")
    assert planned.returncode == 0, planned.stderr
    assert json.loads(planned.stdout)["summary"] == {"create": 10, "update": 0, "replace": 0, "delete": 0, "no-op": 0}
    applied = run("apply", spec, *local, "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert "Connect:\n  vms/azuretestmsi: ssh foo12@" in applied.stdout
    before = len(log(run))
    again = run("apply", spec, *local, "--yes")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Nothing to do" in again.stdout
    assert writes(log(run)[before:]) == []
    shown = run("show", spec, *local, "--output", "json")
    assert shown.returncode == 0, shown.stderr
    _check_shown(json.loads(shown.stdout))
    destroyed = run("destroy", spec, *local, "--yes")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    left = json.loads(run("show", spec, *local, "--output", "json").stdout)
    assert {row["state"] for row in left["resources"]} == {"absent"}


def test_a_destroy_names_the_group_that_it_keeps(run: Run, tmp_path: Path) -> None:
    head = "version: 1\nlocation: westus2\n"
    own, other = tmp_path / "own.yaml", tmp_path / "other.yaml"
    own.write_text(f"{head}deployment: own\nresource_group: shared\nidentities: {{one: {{}}}}\n")
    group = "resource_group: {name: shared, existing: true}"
    other.write_text(f"{head}deployment: other\n{group}\nidentities: {{two: {{}}}}\n")
    for spec in (own, other):
        applied = run("apply", str(spec), "--cloud", "local", "--yes")
        assert applied.returncode == 0, applied.stderr
    for deleted in (1, 0):
        destroyed = run("destroy", str(own), "--cloud", "local", "--yes", "--output", "json")
        assert destroyed.returncode == 0, destroyed.stderr
        summary = json.loads(destroyed.stdout.splitlines()[-1])
        assert len(summary["deleted"]) == deleted
        assert [identity.rpartition("/")[2] for identity in summary["kept"]] == ["shared"]


def _check_shown(shown: dict[str, Any]) -> None:
    rows = {row["address"]: row for row in shown["resources"]}
    system = rows["vms/azuretestmsi"]["values"]["principal_id"]
    user = rows["identities/myMsiIdentity"]["values"]["principal_id"]
    address = rows["network/public_ips/azure-sample-pip"]["values"]["ip_address"]
    assert shown["outputs"] == {"system_identity": system, "user_identity": user, "public_ip": address}
    grants = [row for row in shown["resources"] if row["kind"] == "role_assignment"]
    assert {row["values"]["principal_id"] for row in grants} == {system, user}
    assert all("/roleAssignments/" in row["id"] for row in grants)
    assert shown["connect"] == {"vms/azuretestmsi": f"ssh foo12@{address}"}


@pytest.mark.parametrize("name", SPECS)
def test_every_example_is_applied_and_destroyed(run: Run, name: str) -> None:
    spec = f"specs/{name}"
    applied = run("apply", spec, "--cloud", "local", "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    planned = run("plan", spec, "--cloud", "local", "--detailed-exitcode")
    assert planned.returncode == 0, planned.stdout
    destroyed = run("destroy", spec, "--cloud", "local", "--yes")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr


def test_pending_changes_have_an_exit_code_of_their_own(run: Run) -> None:
    result = run("plan", "specs/msi-vm.yaml", "--cloud", "local", "--detailed-exitcode")
    assert result.returncode == 2


def test_without_credentials_it_says_what_was_tried_and_exits_77(run: Run, tmp_path: Path) -> None:
    subscription = "00000000-0000-0000-0000-000000000001"
    nowhere = {"PATH": str(tmp_path), "HOME": str(tmp_path), "AZURE_TOKEN_CREDENTIALS": "AzureCliCredential"}
    result = run("plan", "specs/msi-vm.yaml", "--subscription", subscription, **nowhere)
    assert result.returncode == 77, result.stderr
    assert "no working Azure credentials found" in result.stderr
    assert "Azure CLI not found" in result.stderr
    assert "az login" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_a_subscription_it_is_a_usage_error(run: Run) -> None:
    result = run("plan", "specs/msi-vm.yaml")
    assert result.returncode == 64
    assert "AZURE_SUBSCRIPTION_ID" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("frobnicate",), ("plan",), ("plan", "x.yaml", "--output", "xml"), ("plan", "specs/msi-vm.yaml", "-p", "x"),
     ("plan", "specs/msi-vm.yaml", "-p", "=x"),
     ("plan", "specs/msi-vm.yaml", "--cloud", "mars"),
     ("plan", "specs/msi-vm.yaml", "--cloud", "local", "--target", "vms/nope")],
)  # fmt: skip
def test_a_wrong_command_line_exits_64(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 64, result.stderr
    assert "Traceback" not in result.stderr


def test_nothing_is_done_without_consent(run: Run) -> None:
    result = run("apply", "specs/msi-vm.yaml", "--cloud", "local")
    assert result.returncode == 1
    assert "--yes" in result.stderr
    assert writes(log(run)) == []


def test_yes_alone_deletes_nothing(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    head = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"
    spec.write_text(head + "identities: {one: {}, two: {}}\n")
    assert run("apply", str(spec), "--cloud", "local", "--yes").returncode == 0
    spec.write_text(head + "identities: {one: {}}\n")
    refused = run("apply", str(spec), "--cloud", "local", "--yes")
    assert refused.returncode == 1
    assert "--allow-delete" in refused.stderr
    agreed = run("apply", str(spec), "--cloud", "local", "--yes", "--allow-delete")
    assert agreed.returncode == 0, agreed.stdout + agreed.stderr


def test_a_target_takes_what_it_needs_and_nothing_else(run: Run) -> None:
    result = run("plan", "specs/msi-vm.yaml", "--cloud", "local", "--target", "identities", "--output", "json")
    found = [change["address"] for change in json.loads(result.stdout)["changes"]]
    assert found == ["resource_group", "identities/myMsiIdentity"]


def test_the_password_is_nowhere(run: Run, tmp_path: Path) -> None:
    password = "Zebra-Stripe-9-Correct"
    spec = "specs/msi-vm.yaml"
    outputs = []
    for arguments in (
        ("plan", spec),
        ("apply", spec, "--yes"),
        ("show", spec),
        ("apply", spec, "--yes", "--output", "json"),
    ):
        result = run(*arguments, "--cloud", "local", ADMIN_PASSWORD=password)
        assert result.returncode == 0, result.stderr
        outputs.append(result.stdout + result.stderr)
    assert not [text for text in outputs if password in text]
    assert not [path for path in tmp_path.iterdir() if password.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Aa1!x", "It must have 6 to 72 characters."),
        ("correct-horse", "It must have three of these: lower case, upper case, a digit, a special character."),
        ("P@ssw0rd", "It is on Azure's list of common passwords."),
    ],
)
def test_a_password_that_azure_refuses_is_told_before_anything_is_made(run: Run, password: str, why: str) -> None:
    result = run("apply", "specs/msi-vm.yaml", "--cloud", "local", "--yes", ADMIN_PASSWORD=password)
    assert result.returncode == 65
    assert "specs/msi-vm.yaml:" in result.stderr
    assert "Azure would refuse the password of vms/azuretestmsi [PV2527]" in result.stderr
    assert why in result.stderr
    assert password not in result.stdout + result.stderr
    assert writes(log(run)) == []


def test_json_output_is_json_lines(run: Run) -> None:
    result = run("apply", "specs/system-assigned.yaml", "--cloud", "local", "--yes", "--output", "json")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[-1]["event"] == "summary"
    assert lines[-1]["exit_code"] == 0
    assert {line["event"] for line in lines} == {"started", "accepted", "finished", "summary"}


def test_help_has_examples_for_every_command(run: Run) -> None:
    for command in ("validate", "plan", "apply", "destroy", "show", "schema", "local"):
        result = run(command, "--help")
        assert result.returncode == 0
        assert "examples:" in result.stdout


def test_the_schema_is_printed(run: Run) -> None:
    assert json.loads(run("schema").stdout)["title"] == "Deployment spec"


def test_the_help_names_every_exit_code_of_the_readme(run: Run) -> None:
    listed = (ROOT / "README.md").read_text("utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    codes = set(re.findall(r"^\| (\d+) \|", listed, re.MULTILINE))
    told = run("--help").stdout.partition("exit codes:")[2]
    assert set(re.findall(r"\b(\d+) [a-z]", told)) == codes != set()


def test_one_is_not_told_as_many(run: Run, tmp_path: Path) -> None:
    spec = tmp_path / "one.yaml"
    spec.write_text("version: 1\ndeployment: one\nlocation: westeurope\nresource_group: one\n")
    assert run("validate", str(spec)).stdout == f"{spec}: valid; 1 resource\n"

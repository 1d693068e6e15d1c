"""``init``: every template is a spec that passes every check and does what it says on the embedded cloud."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner import starters
from tests import warm

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, root: Path) -> Run:
    """Runs ``provisioner`` in an empty folder, as somebody who has an SSH key."""
    folder, home = tmp_path / "work", tmp_path / "home"
    folder.mkdir()
    (home / ".ssh").mkdir(parents=True)
    shutil.copy(root / "specs/keys/sample.pub", home / ".ssh/id_ed25519.pub")
    environment = {**os.environ, "HOME": str(home), "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite")}
    environment["PROVISIONER_LOCAL_TIME_SCALE"] = "0.001"
    environment.pop("APP_TOKEN", None)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "provisioner", *arguments]
        return warm.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.mark.parametrize("name", starters.names())
def test_a_template_passes_every_check_and_can_be_applied_and_destroyed(name: str, run: Run, tmp_path: Path) -> None:
    begun = run("init", "--template", name, "app.yaml")
    assert begun.returncode == 0, begun.stderr
    assert "provisioner apply app.yaml --cloud local" in begun.stdout
    for words in [
        ("validate", "--strict", "app.yaml"),
        ("fmt", "--check", "app.yaml"),
        ("plan", "app.yaml", "--cloud", "local"),
        ("apply", "app.yaml", "--cloud", "local", "--yes"),
    ]:
        result = run(*words)
        assert result.returncode == 0, result.stdout + result.stderr
    again = run("plan", "app.yaml", "--cloud", "local", "--detailed-exitcode")
    assert again.returncode == 0, again.stdout
    destroyed = run("destroy", "app.yaml", "--cloud", "local", "--yes")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    first = (tmp_path / "work/app.yaml").read_text().splitlines()[0]
    assert json.loads((tmp_path / "work" / first.partition("$schema=")[2]).read_text())["title"] == "Deployment spec"


def test_a_file_that_is_there_is_kept(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "work/deployment.yaml"
    file.write_text("mine\n")
    result = run("init")
    assert result.returncode == 64
    assert "deployment.yaml already exists" in result.stderr
    assert file.read_text() == "mine\n"
    assert run("init", "--force").returncode == 0
    assert file.read_text() == starters.text("msi-vm")


def test_the_template_names_the_key_that_the_user_has(run: Run, tmp_path: Path) -> None:
    ssh = tmp_path / "home/.ssh"
    (ssh / "id_ed25519.pub").rename(ssh / "id_rsa.pub")
    assert "~/.ssh/id_rsa.pub" in run("init", "-").stdout
    (ssh / "id_rsa.pub").unlink()
    assert "ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519" in run("init").stdout


def test_what_the_template_wants_from_the_environment_is_told(run: Run) -> None:
    assert "export APP_TOKEN=…" in run("init", "--template", "web-tier").stdout


def test_the_next_steps_set_the_subscription_before_the_apply_on_azure(run: Run) -> None:
    lines = run("init").stdout.splitlines()
    (setting,) = (number for number, line in enumerate(lines) if "export AZURE_SUBSCRIPTION_ID=…" in line)
    assert "provisioner apply deployment.yaml " in lines[setting + 1]
    assert "--cloud local" not in lines[setting + 1]


def test_the_help_of_a_command_without_a_spec_does_not_mention_one(run: Run) -> None:
    assert "in the spec" in run("plan", "--help").stdout
    said = run("import", "--help").stdout
    assert "AZURE_SUBSCRIPTION_ID" in said
    assert "in the spec" not in said
    refused = run("import", "--resource-group", "x", "--cloud", "azure-china")
    assert "set AZURE_SUBSCRIPTION_ID" in refused.stderr
    assert "spec" not in refused.stderr

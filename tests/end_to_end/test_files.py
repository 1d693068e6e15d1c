"""A spec in several files, as docs/guides/files.md tells it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0 ops@example\n"


@pytest.fixture
def folder(root: Path, tmp_path: Path) -> Path:
    """The files of the page."""
    page = (root / "docs" / "guides" / "files.md").read_text("utf-8")
    for name, text in re.findall(r"^`([\w./]+)`:\n\n```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "shared" / "ops.pub").write_text(KEY, "utf-8")
    return tmp_path


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    state = {
        "PROVISIONER_LOCAL_STATE": str(folder / "cloud.sqlite"),
        "PROVISIONER_LOCAL_TIME_SCALE": "0.001",
        "NO_COLOR": "1",
        "PROVISIONER_CLOUD": "local",
    }
    command = [sys.executable, "-m", "provisioner", *words]
    return warm.run(
        command, cwd=folder, env={**os.environ, **state}, capture_output=True, text=True, timeout=120, check=False
    )


def changes(text: str) -> dict[str, str]:
    return {item["address"]: item["action"] for item in json.loads(text)["changes"]}


def test_an_overlay_is_applied_planned_and_destroyed(folder: Path) -> None:
    files = ("base.yaml", "prod.yaml")
    assert run(folder, "validate", *files).stdout == "base.yaml + prod.yaml: valid; 16 resources\n"
    done = run(folder, "apply", *files, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    again = changes(run(folder, "plan", *files, "--output", "json").stdout)
    assert set(again.values()) == {"no-op"}
    assert {"vms/front/2", "vms/back", "network/security_groups/back"} <= set(again)
    assert run(folder, "destroy", *files, "--yes").returncode == 0


def test_a_saved_plan_remembers_its_files(folder: Path) -> None:
    saved = ("--out", "plan.json")
    assert run(folder, "plan", "base.yaml", "prod.yaml", *saved).returncode == 0
    (folder / "prod.yaml").write_text((folder / "prod.yaml").read_text().replace("count: 3", "count: 2"))
    stale = run(folder, "apply", "plan.json", "--yes")
    assert stale.returncode == 1
    assert "vms/front/2: no longer in the plan" in stale.stderr
    assert run(folder, "plan", "base.yaml", "prod.yaml", *saved).returncode == 0
    assert run(folder, "apply", "plan.json", "base.yaml", "--yes").returncode == 64
    assert run(folder, "apply", "plan.json", "--yes").returncode == 0


def test_git_is_asked_for_every_file(folder: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, timeout=30)

    git("init")
    git("add", "base.yaml", "prod.yaml", "shared")
    git("commit", "-m", "x")
    base = (folder / "base.yaml").read_text()
    lines = [line for line in base.splitlines() if not line.startswith("  back: ")]
    (folder / "base.yaml").write_text("\n".join(lines).replace(", vms/back]", "]"))
    piece = (folder / "shared" / "server.yaml").read_text()
    (folder / "shared" / "server.yaml").write_text(piece.replace("nic:", "card:"))
    shown = run(folder, "plan", "base.yaml", "--base", "HEAD", "--output", "json")
    lost = {item["address"] for item in json.loads(shown.stdout)["removed_since_base"]}
    assert {"vms/back", "network/security_groups/back", "role_grants/read/vms/back"} <= lost
    assert {"vms/front/interfaces/nic"} <= lost, "the piece too is read as it was"
    assert "vms/front" not in lost


def test_a_mistake_in_a_piece_is_told_where_it_stands(folder: Path) -> None:
    text = (folder / "shared" / "network.yaml").read_text()
    (folder / "shared" / "network.yaml").write_text(text.replace("net:", "wide:"))
    wrong = run(folder, "plan", "base.yaml")
    assert wrong.returncode == 65
    assert re.search(r"^shared/server\.yaml:\d+:\d+: error: unknown virtual network \"net\"", wrong.stderr, re.M)


def test_an_output_is_told_from_an_overlay(folder: Path) -> None:
    (folder / "more.yaml").write_text("outputs: {where: westeurope}\n")
    found = run(folder, "outputs", "base.yaml", "more.yaml", "where")
    assert found.stdout == "westeurope\n"
    assert run(folder, "outputs", "base.yaml", "none.yaml").returncode == 66

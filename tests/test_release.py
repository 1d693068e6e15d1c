"""What a release and a commit are checked with: the changelog's section as notes, and the hooks of pre-commit."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
CHANGELOG = """\
# Changes

## 1.10.0 (unreleased)

- Not yet.

## 1.1.0 (2026-03-01)

### Added

- `one`: [a page](docs/plans.md)

### Fixed

- Two

## 1.0.1 (2026-02-01)

## 1.0.0 (2026-01-01)

- First.
"""


def notes(folder: Path, tag: str, version: str) -> subprocess.CompletedProcess[str]:
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    (folder / "setup.cfg").write_text(f"[metadata]\nname = x\nversion = {version}\n")
    command = ["bash", str(ROOT / ".ci" / "release-notes"), tag]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.1.0", "### Added\n\n- `one`: [a page](docs/plans.md)\n\n### Fixed\n\n- Two\n"),
        ("1.0.0", "- First.\n"),
    ],
)
def test_the_notes_are_the_section_of_the_version(version: str, text: str, tmp_path: Path) -> None:
    done = notes(tmp_path, f"v{version}", version)
    assert (done.returncode, done.stdout, done.stderr) == (0, text, "")


@pytest.mark.parametrize(
    ("tag", "version", "reason"),
    [
        ("v1.1.0", "1.0.0", "the tag is v1.1.0, and the version in setup.cfg is 1.0.0"),
        ("1.1.0", "1.1.0", "the tag is 1.1.0"),
        ("v1.1", "1.1", 'has no section "## 1.1"'),
        ("v1x1.0", "1x1.0", "has no section"),
        ("v1.10.0", "1.10.0", "unreleased"),
        ("v1.0.1", "1.0.1", "is empty"),
    ],
)
def test_a_release_without_its_section_is_refused(tag: str, version: str, reason: str, tmp_path: Path) -> None:
    done = notes(tmp_path, tag, version)
    assert (done.returncode, done.stdout) == (1, "")
    assert reason in done.stderr


def test_the_changelog_has_a_section_of_the_version() -> None:
    version = re.search(r"(?m)^version = (\S+)$", (ROOT / "setup.cfg").read_text("utf-8"))
    assert version is not None
    assert re.search(rf"(?m)^## {re.escape(version[1])} ", (ROOT / "CHANGELOG.md").read_text("utf-8"))


def test_hooks_run_the_checks_of_ci() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    entries = [hook["entry"] for repository in hooks["repos"] for hook in repository["hooks"]]
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert entries == re.findall(r"(?m)^\.venv/bin/(?!python|pre-commit).*$", script)
    assert len(entries) == 5


def test_the_workflow_runs_scripts_that_exist() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    scripts = set(re.findall(r"run: bash (\S+)", workflow))
    assert scripts == {".ci/release-notes", ".ci/run"}
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


def test_only_the_job_that_needs_it_gets_a_permission_to_write() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))
    permissions = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert workflow["permissions"] == {}
    assert permissions == {
        "build": {"contents": "read"},
        "publish": {"id-token": "write"},
        "release": {"contents": "write"},
    }

"""``fmt`` as a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import warm

MESSY = "vms:   {}\nversion: 1\n"
NEAT = "version: 1\nvms: {}\n"


def run(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "provisioner", "fmt", *arguments]
    return warm.run(words, cwd=folder, input=given, capture_output=True, text=True, timeout=60, check=False)


def test_files_are_written_and_named(tmp_path: Path) -> None:
    messy, neat = tmp_path / "messy.yaml", tmp_path / "neat.yaml"
    messy.write_text(MESSY)
    neat.write_text(NEAT)
    messy.chmod(0o600)
    result = run(tmp_path, "messy.yaml", "neat.yaml")
    assert (result.returncode, result.stdout) == (0, "messy.yaml\n")
    assert messy.read_text() == NEAT
    assert messy.stat().st_mode & 0o777 == 0o600
    assert sorted(item.name for item in tmp_path.iterdir()) == ["messy.yaml", "neat.yaml"]


def test_a_file_with_the_line_ends_of_windows_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "neat.yaml").write_bytes(NEAT.replace("\n", "\r\n").encode())
    (tmp_path / "messy.yaml").write_bytes(MESSY.replace("\n", "\r\n").encode())
    (tmp_path / "mixed.yaml").write_bytes(b"version: 1\r\nvms: {}\n")
    result = run(tmp_path, "--check", "neat.yaml", "messy.yaml", "mixed.yaml")
    assert (result.returncode, result.stdout) == (1, "messy.yaml\nmixed.yaml\n")
    assert run(tmp_path, "messy.yaml", "mixed.yaml").returncode == 0
    assert (tmp_path / "messy.yaml").read_bytes() == NEAT.replace("\n", "\r\n").encode()
    assert (tmp_path / "mixed.yaml").read_bytes() == NEAT.encode()


def test_check_names_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "messy.yaml").write_text(MESSY)
    result = run(tmp_path, "--check", "messy.yaml")
    assert (result.returncode, result.stdout) == (1, "messy.yaml\n")
    assert (tmp_path / "messy.yaml").read_text() == MESSY
    assert run(tmp_path, "--check", "-", given=NEAT).returncode == 0


def test_diff_shows_both_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "messy.yaml").write_text(f"{MESSY}secrets:\n    password:   hunter2-hunter2\n")
    result = run(tmp_path, "--diff", "messy.yaml")
    assert result.returncode == 0
    assert "-vms:   {}\n" in result.stdout
    assert "+vms: {}\n" in result.stdout
    assert "hunter2" not in result.stdout


def test_a_diff_of_what_is_not_shown_says_so(tmp_path: Path) -> None:
    (tmp_path / "messy.yaml").write_text("secrets: {password: hunter2-hunter2,   b: 1}\n")
    result = run(tmp_path, "--diff", "messy.yaml")
    assert "only lines that are not shown would change" in result.stdout
    assert "hunter2" not in result.stdout


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    result = run(tmp_path, "-", given=MESSY)
    assert (result.returncode, result.stdout) == (0, NEAT)


def test_files_that_are_no_specs_are_told_together_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [\n")
    (tmp_path / "b.yaml").write_text("a: 1\na: 2\n")
    (tmp_path / "messy.yaml").write_text(MESSY)
    result = run(tmp_path, "a.yaml", "b.yaml", "messy.yaml")
    assert result.returncode == 65
    assert "a.yaml:" in result.stderr
    assert "b.yaml:2:1: error: duplicate key" in result.stderr
    assert (tmp_path / "messy.yaml").read_text() == NEAT

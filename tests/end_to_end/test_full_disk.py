"""No room for the embedded cloud's state: the run says so, and the next one with room goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("limits of a process are POSIX's", allow_module_level=True)

SPEC = str(Path(__file__).parent.parent.parent / "specs" / "msi-vm.yaml")


def test_a_full_disk_is_told_in_words_and_got_over(tmp_path: Path) -> None:
    state = tmp_path / "cloud.sqlite"
    words = [sys.executable, "-m", "provisioner", "apply", SPEC, "--yes", "--cloud", "local", "--local-state", state]
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "PROVISIONER_LOCAL_TIME_SCALE": "0.001"}

    def apply(before: str) -> subprocess.CompletedProcess[str]:
        shell = ["sh", "-c", f'{before} exec "$@"', "sh", *map(str, words)]
        return subprocess.run(shell, env=environment, capture_output=True, text=True, timeout=100, check=False)

    full = apply("ulimit -f 160;")
    told = full.stdout + full.stderr
    assert full.returncode == 1
    assert f"Check the free space for {state}." in told
    assert "Traceback" not in told
    assert apply("").returncode == 0

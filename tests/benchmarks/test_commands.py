"""The benchmarks' commands start."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["execution", "plan", "simulator", "validate"])
def test_a_benchmark_tells_its_options(name: str) -> None:
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--help"]
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (told.returncode, told.stderr) == (0, "")
    assert "--json" in told.stdout

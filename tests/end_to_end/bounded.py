"""Commands in a process of their own with little time and memory: for input that wants much of both."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import warm

CPU_S = 10
MEMORY = 1 << 30
_WALL_S = 120
_LIMITS = {
    resource.RLIMIT_CPU: (CPU_S, CPU_S),
    resource.RLIMIT_DATA: (MEMORY, MEMORY),
    resource.RLIMIT_CORE: (0, 0),
}
HEAD = "version: 1\ndeployment: demo\nlocation: westus2\nresource_group: demo\n"


@dataclass(frozen=True)
class Ended:
    """How a command ended; a negative code is the signal that it was killed by."""

    code: int
    out: str
    err: str


def run(folder: Path, *argv: str, environment: dict[str, str] | None = None, stdin: Any = None) -> Ended:
    """Run a command line in a folder; at its limits it is killed."""
    done = warm.run(
        [sys.executable, "-m", "provisioner", *argv],
        cwd=folder,
        stdin=stdin or subprocess.DEVNULL,
        capture_output=True,
        timeout=_WALL_S,
        limits=_LIMITS,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(environment or {})},
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))


def refused(folder: Path, *argv: str, environment: dict[str, str] | None = None) -> str:
    """Run a command that must end with a sentence about its input; what it said."""
    ended = run(folder, *argv, environment=environment)
    assert ended.code in (64, 65, 66), (ended.code, ended.err[-2000:])
    assert ended.err.strip()
    assert_clean(ended)
    return ended.err


def assert_clean(ended: Ended) -> None:
    """No traceback, nothing that steers a terminal, and no more than somebody reads."""
    shown = ended.out + ended.err
    assert "Traceback" not in shown
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert len(shown) < 500_000

"""The question before something is done: on a terminal, with every way to answer it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import warm
from tests.simulator.serving import ENVIRONMENT

from .test_interruption import ROOT, SPEC


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **ENVIRONMENT,
        "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"),
        "PROVISIONER_CLOUD": "local",
        "XDG_STATE_HOME": str(tmp_path),
    }


def answered(environment: dict[str, str], answer: bytes | None, *command: str) -> tuple[int, str]:
    """The exit code of a command that asks, and what it printed; no answer stands for Ctrl-C."""
    ours, theirs = os.openpty()
    shown = b""
    words = [sys.executable, "-m", "provisioner", *command]
    with warm.start(words, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        try:
            while b"to approve: " not in shown:
                shown += os.read(ours, 4096)
            if answer is None:
                interrupt(process)
            else:
                os.write(ours, answer)
            while chunk := os.read(ours, 4096):
                shown += chunk
        except OSError:
            pass  # the other end is closed
        code = process.wait(timeout=60)
    os.close(ours)
    return code, shown.decode()


def interrupt(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C until it is seen: one that comes just before the terminal is read is not."""
    for _ in range(5):
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return


@pytest.mark.parametrize("answer", [b"no\n", b"y\n", b"\n", b"\x04"], ids=["no", "y", "nothing", "Ctrl-D"])
def test_nothing_but_yes_is_yes(environment: dict[str, str], answer: bytes) -> None:
    code, shown = answered(environment, answer, "apply", SPEC)
    assert code == 1
    assert shown.rstrip().endswith("Nothing was done.")


def test_yes_is(environment: dict[str, str]) -> None:
    code, shown = answered(environment, b" Yes \n", "apply", SPEC)
    assert code == 0, shown


@pytest.mark.parametrize("command", [("apply", SPEC), ("local", "reset")], ids=["apply", "local reset"])
def test_ctrl_c_leaves_at_once(environment: dict[str, str], command: tuple[str, ...]) -> None:
    code, shown = answered(environment, None, *command)
    assert code == 130
    assert shown.rstrip().endswith("interrupted: nothing was done")

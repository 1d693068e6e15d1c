"""However the tests are started, the commands that they start hear the signals that they are sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TEST = "test_ignored.py"
INNER = """
import signal, subprocess, sys

def test_a_child_is_interrupted():
    program = "import signal; print(flush=True); signal.pause()"
    for number in (signal.SIGINT, signal.SIGHUP):
        with subprocess.Popen([sys.executable, "-c", program], stdout=-1, stderr=-1) as process:
            process.stdout.readline()
            process.send_signal(number)
            process.communicate(timeout=20)
        assert process.returncode == -number
"""


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["one process", "workers"])
def test_signals_that_the_tests_ignore_come_to_what_they_start(
    root: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / TEST).write_text(INNER)
    words = ["-p", "tests.conftest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), *options, TEST]
    ignoring = f"import os, signal, sys\nfor number in ({signal.SIGINT:d}, {signal.SIGHUP:d}):\n"
    ignoring += "    signal.signal(number, signal.SIG_IGN)\nos.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", ignoring, "-m", "pytest", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

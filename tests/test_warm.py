"""A forked command is a process like one that was started: the same program by both ways gives the same."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import warm

Run = Callable[..., subprocess.CompletedProcess[str]]


def run(way: Run, program: str, *words: str, **options: Any) -> tuple[int, str, str]:
    done = way([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=60, **options)
    return done.returncode, done.stdout, done.stderr


PROGRAMS = {
    "words": "import sys; print(sys.argv)",
    "input": "print(input()[::-1])",
    "streams": "import sys\nfor each in (sys.stdin, sys.stdout, sys.stderr): print(each.encoding, each.errors)",
    "order": "import sys; print('out'); print('err', file=sys.stderr)",
    "exit code": "raise SystemExit(7)",
    "exit text": "raise SystemExit('no')",
    "exit none": "raise SystemExit",
    "interrupt": "raise KeyboardInterrupt",
    "killed": "import os; os.kill(os.getpid(), 9)",
    "at exit": "import atexit; atexit.register(print, 'bye'); raise SystemExit(3)",
    "thread": "import threading, time; threading.Thread(target=lambda: (time.sleep(.1), print('late'))).start()",
    "signals": "import signal\nfor each in sorted(signal.valid_signals()): print(each, signal.getsignal(each))",
    "blocked": "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))",
    "environment": "import os; print(sorted(os.environ.items()))",
    "folder": "import os; print(os.getcwd(), os.getppid() != os.getpid())",
    "limit": "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))",
    "files": "import os; print(sorted(os.listdir('/proc/self/fd'))[:4])",
    "asyncio": "import asyncio; print(asyncio.run(asyncio.sleep(0, 1)))",
    "closed": "import os, sys; os.close(1); print('lost')",
}


TRACEBACK = re.compile(r"^  .*\n", re.MULTILINE)
"""Its lines; a fork's has those of its server too."""


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_both_ways_are_alike(program: str, tmp_path: Path) -> None:
    options: dict[str, Any] = {"input": "abc\n", "cwd": tmp_path, "env": {**os.environ, "ONE": "\udcff"}}
    forked, started = run(warm.run, program, "a", "b", **options), run(subprocess.run, program, "a", "b", **options)
    assert forked[:2] == started[:2]
    assert TRACEBACK.sub("", forked[2]) == TRACEBACK.sub("", started[2])


def test_a_module_is_run_as_by_the_interpreter(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "provisioner", "validate", "none.yaml"]
    ways: tuple[Run, ...] = (warm.run, subprocess.run)
    one, other = (way(command, cwd=tmp_path, capture_output=True, text=True, check=False) for way in ways)
    assert (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)
    assert one.returncode == 66


def test_a_traceback_is_told() -> None:
    code, out, err = run(warm.run, "print(1 / 0)")
    assert (code, out) == (1, "")
    assert err.endswith("ZeroDivisionError: division by zero\n")


def test_it_has_a_pid_and_ends_by_signals() -> None:
    program = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
    with warm.start([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) == process.pid
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == -signal.SIGTERM


@pytest.mark.parametrize("environment", [{}, {"PYTHONUTF8": "0"}], ids=["forked", "started"])
def test_limits_hold(environment: dict[str, str]) -> None:
    limits = {resource.RLIMIT_DATA: (1 << 29, 1 << 29)}
    code, _, err = run(warm.run, "bytearray(1 << 30)", limits=limits, env={**os.environ, **environment})
    assert code == 1
    assert "MemoryError" in err


def test_another_locale_is_another_start() -> None:
    program = "import sys; print(sys.flags.utf8_mode)"
    assert run(warm.run, program, env={**os.environ, "PYTHONUTF8": "1"}) == (0, "1\n", "")
    assert run(warm.run, program, env={**os.environ, "PYTHONUTF8": "0"}) == (0, "0\n", "")

"""A copy of the repository in which tests run, each time in a process forked from this one.

The source tree is never written to. This process has imported what tests need, so that a fork of it spares itself
that; it drops the project's own modules first, and finds those of the copy.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2]
End = Literal["passed", "failed", "timed out"]
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "site", "node_modules")
_MOST_MEMORY = 8 << 30
"""Bytes: a fault may fill a list without an end."""


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """A copy of the repository, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=_LEFT_OUT)
        yield copy


def run_tests(copy: Path, arguments: Sequence[str], limit_s: float, output: Path) -> End:
    """Run pytest in a copy; what it prints goes to a file."""
    pid = os.fork()
    if not pid:
        _become_pytest(copy, arguments, output)
    deadline = time.monotonic() + limit_s
    try:
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return "passed" if status == 0 else "failed"
            if time.monotonic() > deadline:
                return "timed out"
            time.sleep(0.02)
    finally:
        # The commands that its tests have started are of its group.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


@contextlib.contextmanager
def replaced(copy: Path, path: str, text: str) -> Iterator[None]:
    """Another text in a file of the copy, for a while."""
    file = copy / path
    before = file.read_text("utf-8")
    try:
        _write(file, text)
        yield
    finally:
        _write(file, before)


def warm_up() -> None:
    """Import the packages that tests import, and this project's modules with them."""
    from tests import harness, warm_server

    assert harness
    warm_server.load()


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    # Compiled code is held to be recent by the file's size and second.
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
        compiled.unlink()


def _become_pytest(copy: Path, arguments: Sequence[str], output: Path) -> None:
    code = 3
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        with output.open("wb") as stream:
            for number in (1, 2):
                os.dup2(stream.fileno(), number)
        os.chdir(copy)
        os.environ["PYTHONPATH"] = str(copy)
        sys.path[:] = [str(copy), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("provisioner", "tests")]:
            del sys.modules[name]
        import pytest

        code = int(pytest.main([*arguments, "-p", "no:cacheprovider"]))
    finally:
        sys.stdout.flush()
        os._exit(code)

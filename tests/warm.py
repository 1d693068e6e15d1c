"""Commands forked from a warm process: they spare themselves the start of an interpreter and its imports.

In: what ``subprocess.Popen`` and ``subprocess.run`` take, for a command that starts with ``[sys.executable, "-m", …]``
or ``"-c"``. Out: a process of its own: pid, signals, limits, environment, working directory, file descriptors.
Each worker of the tests has one server (``tests.warm_server``), which starts at the first command.

A command whose environment changes how an interpreter starts (a locale, ``PYTHON*``) is started as usual, as is every
command that is not an interpreter's. Tests in which the start is the point use ``subprocess``.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import resource
import select
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

LENGTH = struct.Struct("=I")
"""Before a request."""
NUMBER = struct.Struct("=i")
"""A pid, or how a process ended (what ``os.wait`` returns)."""
Limits = Mapping[int, tuple[int, int]]
"""Soft and hard limit, by the number of a resource (``resource.RLIMIT_CPU``)."""
_ROOT = Path(__file__).parent.parent
_server: tuple[socket.socket, subprocess.Popen[bytes]] | None = None


def start(command: Sequence[Any], *, limits: Limits | None = None, **options: Any) -> subprocess.Popen[Any]:
    """As ``subprocess.Popen``; ``limits`` hold in the process."""
    limits = dict(limits or {})
    if _can_be_forked(command, options):
        return _Forked(command, limits, options)
    return subprocess.Popen(command, preexec_fn=functools.partial(set_limits, limits), **options)  # noqa: PLW1509


def run(
    command: Sequence[Any], *, timeout: float | None = None, check: bool = False, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """As ``subprocess.run``, with ``start``."""
    given = options.pop("input", None)
    if given is not None:
        options["stdin"] = subprocess.PIPE
    if options.pop("capture_output", False):
        options["stdout"] = options["stderr"] = subprocess.PIPE
    with start(command, **options) as process:
        try:
            out, err = process.communicate(given, timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(process.args, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done


def set_limits(limits: Limits) -> None:
    """Of this process."""
    for number, both in limits.items():
        resource.setrlimit(number, both)


class _Forked(subprocess.Popen[Any]):
    """A process that the server forked and waits for. ``Popen`` makes the pipes and reads from them."""

    def __init__(self, command: Sequence[Any], limits: Limits, options: dict[str, Any]) -> None:
        self._limits = limits
        self._status = -1
        super().__init__(command, **options)

    def _execute_child(self, *given: Any) -> None:
        """``Popen`` calls this with its pipes and options."""
        options = inspect.signature(super()._execute_child).bind(*given).arguments  # type: ignore[misc]
        request = {
            "command": [os.fsdecode(word) for word in options["args"][1:]],
            "environment": dict(os.environ if options["env"] is None else options["env"]),
            "folder": os.fsdecode(options["cwd"] or Path.cwd()),
            "limits": [[number, *both] for number, both in self._limits.items()],
            "own_session": options["start_new_session"],
        }
        pipes = {name: options[name] for name in ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")}
        theirs = [pipes["p2cread"], pipes["c2pwrite"], pipes["errwrite"]]
        self._status, told = os.pipe()
        try:
            inherited = [number if number != -1 else at for at, number in enumerate(theirs)]
            _send(json.dumps(request).encode(), [*inherited, told])
        finally:
            os.close(told)
            self._close_pipe_fds(**pipes)  # type: ignore[attr-defined]
        self.pid = _number(self._status)
        self._child_created = True

    def _internal_poll(self, *given: Any, **more: Any) -> int | None:
        return self._ended(0)

    def _wait(self, timeout: float | None) -> int | None:
        if self._ended(timeout) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def _ended(self, timeout: float | None) -> int | None:
        with self._waitpid_lock:  # type: ignore[attr-defined]
            if self.returncode is None and self._status != -1 and select.select([self._status], [], [], timeout)[0]:
                self.returncode = os.waitstatus_to_exitcode(_number(self._status))
                os.close(self._status)
            return self.returncode


def _can_be_forked(command: Sequence[Any], options: Mapping[str, Any]) -> bool:
    environment = options.get("env")
    return (
        not isinstance(command, str)
        and list(command[:1]) == [sys.executable]
        and command[1] in ("-m", "-c")
        and not options.keys() & {"preexec_fn", "shell", "pass_fds", "umask", "user", "group"}
        and _of_the_start(os.environ if environment is None else environment) == _of_the_start(os.environ)
    )


def _of_the_start(environment: Mapping[str, str]) -> dict[str, str]:
    """What an interpreter reads before any of our code runs, but for where to look for the project."""
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(("PYTHON", "LC_", "LANG", "LD_")) and name not in ("PYTHONPATH", "PYTHONUNBUFFERED")
    }


def _send(request: bytes, streams: list[int]) -> None:
    """To the server, with copies of our file descriptors."""
    global _server  # noqa: PLW0603
    if _server is None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "tests.warm_server", str(theirs.fileno())]
            process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        _server = ours, process
    socket.send_fds(_server[0], [LENGTH.pack(len(request))], streams)
    _server[0].sendall(request)


def _number(pipe: int) -> int:
    """The next number that the server writes."""
    found = os.read(pipe, NUMBER.size)
    if not found:
        raise RuntimeError("the process that commands are forked from has ended")
    number: int = NUMBER.unpack(found)[0]
    return number

"""Starts ``provisioner`` in a process without what only POSIX has, to see that it does not need it.

The names are taken from the standard library, not from the program: it then runs its branches for Windows. What stays
of POSIX is underneath: paths, the event loop's selector, processes. Sources: the "Availability" notes of Python's
library reference; its "Platform Support" of asyncio: the loop of Windows has neither ``add_signal_handler`` nor
``add_reader``.

    python tests/end_to_end/as_on_windows.py validate web.yaml
"""

from __future__ import annotations

# What the standard library needs itself, before the names are gone.
import asyncio
import asyncio.selector_events
import asyncio.unix_events
import concurrent.futures.thread
import importlib.resources
import logging.config
import os
import platform
import random
import runpy
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import uuid
import warnings
from types import ModuleType

_LOADED = (concurrent.futures.thread, importlib.resources, logging.config, random, sqlite3, subprocess, tempfile, uuid)
_MISSING: tuple[tuple[ModuleType, str], ...] = (
    (signal, "SIGHUP SIGKILL SIGQUIT SIGUSR1 SIGUSR2 SIGPIPE SIGALRM SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGWINCH"),
    (signal, "alarm setitimer getitimer siginterrupt pause pthread_kill pthread_sigmask sigpending sigwait"),
    (os, "O_NONBLOCK O_CLOEXEC O_NOCTTY O_SYNC O_DSYNC O_DIRECTORY O_NOFOLLOW O_ASYNC O_DIRECT O_NDELAY"),
    (os, "fork forkpty openpty getuid geteuid getgid getegid getgroups setuid setgid setsid getsid getpgid killpg"),
    (os, "sysconf confstr uname nice getloadavg mkfifo mknod chown lchown fchown fchmod statvfs pread pwrite"),
    (os, "sched_getaffinity sched_setaffinity ttyname tcgetpgrp ctermid pipe2 posix_fallocate sync sendfile"),
    (socket, "SO_REUSEPORT sethostname"),
    (time, "tzset clock_gettime pthread_getcpuclockid"),
    (asyncio, "open_unix_connection start_unix_server"),
)
_OF_LOOPS = "add_signal_handler remove_signal_handler create_unix_connection create_unix_server"
_MODULES = "fcntl pwd grp termios tty pty resource syslog crypt readline ctypes"
_FEW_OF_THE_SIGNALS = ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")
"""Those that ``signal.signal`` takes on Windows."""
CTRL_BREAK = signal.SIGUSR1
"""What is sent to the process for SIGBREAK."""


def _take_away() -> None:
    taken = {getattr(signal, name) for name in _FEW_OF_THE_SIGNALS}
    set_handler, stand_in = signal.signal, int(CTRL_BREAK)
    for module, names in _MISSING:
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    for name in _MODULES.split():
        sys.modules[name] = None  # type: ignore[assignment]
    loop = asyncio.unix_events._UnixSelectorEventLoop
    for name in _OF_LOOPS.split():
        delattr(loop, name)
    for name in ("add_reader", "add_writer"):
        delattr(asyncio.selector_events.BaseSelectorEventLoop, name)

    def signal_of_windows(number: int, handler: object) -> object:
        if number not in {*taken, stand_in}:
            raise ValueError("invalid signal value")
        return set_handler(number, handler)  # type: ignore[arg-type]

    def relpath_to_another_drive(path: object, start: object = None) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    signal.signal = signal_of_windows  # type: ignore[assignment]
    signal.SIGBREAK = signal.Signals(stand_in)  # type: ignore[attr-defined]
    os.path.relpath = relpath_to_another_drive  # type: ignore[assignment]
    platform.uname()
    # The certificates of Windows' own stores: there are none here.
    ssl.SSLContext._load_windows_store_certs = lambda *_: None  # type: ignore[attr-defined]
    sys.platform = "win32"


def main() -> None:
    _take_away()
    # Text files are in the code page of the system where no encoding is given.
    warnings.filterwarnings("error", category=EncodingWarning, module=r"provisioner\b")
    runpy.run_module("provisioner", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    assert _LOADED
    main()

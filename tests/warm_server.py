"""The warm process of ``tests.warm``: it has imported what commands need, and forks itself for each of them.

It runs no thread and no event loop, so that a fork of it is as good as a start. It ends with its client.
"""

from __future__ import annotations

import ast
import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from tests.warm import LENGTH, NUMBER, set_limits

_STREAMS = 3
_LATER = ("azure.core.rest._aiohttp", "azure.core.rest._http_response_impl_async", "encodings.utf_8_sig")
"""What other packages import at the first request or file."""
_MOST_FILES = 4096
_NOT_FLUSHED = 120
"""The interpreter's exit code where the standard output takes nothing any more."""


def main() -> None:
    """Serve the socket whose number is given; a child goes on here as the command that it was forked for."""
    client = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    load()
    gc.collect()
    gc.freeze()
    if request := _serve(client):
        try:
            _become(**request)
        except BaseException as error:
            _end(error)
        _end(None)


def load() -> None:
    """Import the package, what its functions import when they are called, and the SDK's clients."""
    import provisioner
    from provisioner.azure import clients, clouds, credentials
    from provisioner.resources import kinds

    for module in pkgutil.walk_packages(provisioner.__path__, "provisioner."):
        if not module.name.endswith("__main__"):
            _load_later_imports(Path(importlib.import_module(module.name).__file__ or ""))
    cloud = clouds.local("http://127.0.0.1")
    loaded = clients.Clients(cloud, credentials.make(cloud), "none")
    for kind in kinds.all_kinds():
        getattr(loaded.get(kind.operations.client), kind.operations.group)
    for name in _LATER:
        importlib.import_module(name)


def _load_later_imports(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [node.module]
        for name in names:
            with contextlib.suppress(ImportError):  # what an extra would bring
                importlib.import_module(name)


def _serve(client: socket.socket) -> dict[str, Any] | None:
    """Fork for each request, until the client has gone; in a child the request."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer)
    running: dict[int, int] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ)
        selector.register(reader, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if reader in ready:
                os.read(reader, 4096)
                _report_ended(running)
            if client.fileno() in ready:
                head, streams, _, _ = socket.recv_fds(client, LENGTH.size, _STREAMS + 1, socket.MSG_WAITALL)
                if not head:
                    return None
                request = _read(client, LENGTH.unpack(head)[0])
                process = os.fork()
                if not process:
                    break
                running[process] = streams.pop()
                os.write(running[process], NUMBER.pack(process))
                for number in streams:
                    os.close(number)
    signal.set_wakeup_fd(-1)
    for at, number in enumerate(streams[:_STREAMS]):
        os.dup2(number, at)
    client.detach()
    os.closerange(_STREAMS, _MOST_FILES)
    found: dict[str, Any] = json.loads(request)
    return found


def _read(client: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        found += client.recv(length - len(found))
    return bytes(found)


def _report_ended(running: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            process, status = ended
            with contextlib.suppress(BrokenPipeError):  # nobody waits for it
                os.write(running[process], NUMBER.pack(status))
            os.close(running.pop(process))


def _become(
    command: list[str], environment: dict[str, str], folder: str, limits: list[list[int]], own_session: bool
) -> None:
    """Go on as a process that was started for a command."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):  # the C library's own
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if own_session:
        os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    _open_streams(bool(environment.get("PYTHONUNBUFFERED")))
    _read_certificates()
    set_limits({number: (soft, hard) for number, soft, hard in limits})
    how, what, *words = command
    sys.argv = [what if how == "-m" else how, *words]
    sys.path[0] = folder if how == "-m" else ""
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})


def _end(error: BaseException | None) -> NoReturn:
    """As an interpreter ends, but that it does not take apart what the fork shares with us: that costs most."""
    code: object = error.code if isinstance(error, SystemExit) else error and 1
    if error is not None and not isinstance(error, SystemExit):
        sys.excepthook(type(error), error, error.__traceback__)
    if code is not None and not isinstance(code, int):
        print(code, file=sys.stderr)
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as failure:
        print(f"Exception ignored in: {sys.stdout!r}\n{failure!r}", file=sys.stderr)
        code = _NOT_FLUSHED
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    if isinstance(error, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(int(code or 0) & 0xFF)


def _open_streams(is_unbuffered: bool) -> None:
    """As an interpreter does on the file descriptors 0, 1 and 2."""
    encoding = sys.stdout.encoding
    sys.stdin = sys.__stdin__ = open(0, errors=sys.stdin.errors, encoding=encoding, closefd=False)  # noqa: SIM115
    for at, name, errors in ((1, "stdout", sys.stdout.errors), (2, "stderr", "backslashreplace")):
        binary = open(at, "wb", buffering=0 if is_unbuffered else -1, closefd=False)  # noqa: SIM115
        is_by_line = name == "stderr" or binary.isatty()
        stream = io.TextIOWrapper(binary, encoding, errors, line_buffering=is_by_line, write_through=is_unbuffered)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _read_certificates() -> None:
    """aiohttp reads the certificates that the environment names (SSL_CERT_FILE) when it is imported."""
    from aiohttp import connector

    connector._SSL_CONTEXT_VERIFIED = connector._make_ssl_context(True)


if __name__ == "__main__":
    main()

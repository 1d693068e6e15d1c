"""Runs a command so that Ctrl-C, SIGTERM and a terminal that hangs up end it in order: it lets go of what it holds.

An exception out of a signal handler would end the event loop beneath the command, wherever that is just then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from types import FrameType
from typing import Any

from . import signals

INTERRUPTED = 130
_AS_ONE_S = 1.0
"""A terminal that closes, or somebody in a hurry, sends several at once."""
_Handler = Callable[[int, FrameType | None], Any]


def run(command: Coroutine[Any, Any, int]) -> int:
    """The command's exit code. The first signal cancels it, one that comes more than a second later leaves at once.

    Raises:
        KeyboardInterrupt: it was interrupted.
    """
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task: asyncio.Task[int] | None = None
        first: list[float] = []

        async def main() -> int:
            nonlocal task
            task = asyncio.current_task()
            if first and task is not None:
                task.cancel()
            return await command

        def interrupt(number: int, frame: FrameType | None) -> None:
            if first and time.monotonic() - first[0] > _AS_ONE_S:
                with contextlib.suppress(OSError):
                    os.write(sys.stderr.fileno(), b"interrupted\n")
                os._exit(INTERRUPTED)
            if not first:
                first.append(time.monotonic())
                if task is not None:
                    loop.call_soon_threadsafe(task.cancel)

        with handled_by(interrupt):
            try:
                return runner.run(main())
            except asyncio.CancelledError:
                raise KeyboardInterrupt from None


@contextlib.contextmanager
def handled_by(handler: _Handler) -> Iterator[None]:
    """Signals that are not ignored (as under nohup) go to a handler inside."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in signals.ALL}
    heard = [number for number in signals.ALL if before[number] != signal.SIG_IGN]
    for number in heard:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])

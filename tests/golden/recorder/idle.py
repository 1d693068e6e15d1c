"""An event loop that reports when its program has nothing left to do but wait for answers.

In: a function to call then. The program's own loop is this one, because ``policy`` makes every new loop of the
process so. "Nothing left" doesn't depend on how fast the machine is: no callback is ready, no socket is readable, and
no timer is due soon.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable
from typing import Any

_SOON_S = 1.0
"""Pauses between attempts and polls are far shorter at the recorder's time scale, time limits are far longer."""
_PAUSE_S = 0.001


class Watch:
    """``settle`` lets the other side work off what has arrived; ``release`` then answers one request that is held."""

    settle: Callable[[], None] | None = None
    release: Callable[[], None] | None = None


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or self._watch.settle is None or (timeout is not None and timeout < _SOON_S):
            return found or super().select(timeout)
        until = time.monotonic() + (timeout if timeout is not None else 3600.0)
        while not found and time.monotonic() < until:
            found = super().select(_PAUSE_S)
            if found or self._watch.settle is None or self._watch.release is None:
                continue
            self._watch.settle()
            found = super().select(0)
            if not found:
                self._watch.release()
        return found


class _Policy(asyncio.DefaultEventLoopPolicy):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def new_event_loop(self) -> Any:
        return asyncio.SelectorEventLoop(_Selector(self._watch))


def policy(watch: Watch) -> asyncio.AbstractEventLoopPolicy:
    """Loops of this policy report to ``watch`` for as long as it has functions."""
    return _Policy(watch)

"""Without Python's search for cycles of garbage among things that are in use.

A large spec and its plan make hundreds of thousands of small objects, all of them in use, and few cycles; the collector
would look through all of them again and again: more than half of the time. What a spec may hold is bounded elsewhere.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Without the collector, which runs again afterwards if it ran before; also as a decorator."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def set_aside() -> Iterator[None]:
    """The collector runs, but leaves alone what is there on entry."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()

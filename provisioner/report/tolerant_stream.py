"""An output that may break without stopping what is told on it: a closed pipe, a terminal that is gone, a full disk.

In: a stream. Out: a stream that takes everything, and says once on standard error when it goes nowhere any more.
"""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TextIO, cast


def lasting(stream: TextIO) -> TextIO:
    """A stream that writes to another one as long as that takes it, and never raises ``OSError``."""
    return cast(TextIO, _Lasting(stream))


class _Lasting(io.TextIOBase):
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_broken = False

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()

    def write(self, text: str) -> int:
        if not self._is_broken:
            try:
                self._stream.write(text)
            except OSError as error:
                self._break(error)
        return len(text)

    def flush(self) -> None:
        if not self._is_broken:
            try:
                self._stream.flush()
            except OSError as error:
                self._break(error)

    def _break(self, error: OSError) -> None:
        self._is_broken = True
        say(f"note: the output can no longer be written ({error.strerror}); the run continues")


def say(text: str) -> None:
    """A line on standard error, if that still takes one."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)

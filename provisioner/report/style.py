"""Colours where the terminal takes them and NO_COLOR (https://no-color.org) does not forbid them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from ..base.diagnostics import WIDEST

_MARGIN = len("    ……")
_NARROWEST = 40
_VIRTUAL_TERMINAL = 0x0004
_CODES = {"green": "32", "yellow": "33", "red": "31", "cyan": "36", "dim": "2", "bold": "1"}


def coloured(stream: TextIO | None = None) -> bool:
    """Whether colors may be written to a stream, by default the standard output."""
    stream = stream or sys.stdout
    if os.environ.get("NO_COLOR"):
        return False
    takes_them = stream.isatty() and os.environ.get("TERM") != "dumb" and _takes_escapes(stream)
    return takes_them or bool(os.environ.get("FORCE_COLOR"))


def _takes_escapes(stream: TextIO) -> bool:
    """Whether a terminal understands escape sequences; a console of Windows does once it is asked to.

    Source: "Console Virtual Terminal Sequences", ENABLE_VIRTUAL_TERMINAL_PROCESSING.
    """
    if sys.platform == "win32":
        try:
            import ctypes
            import msvcrt

            handle, mode = msvcrt.get_osfhandle(stream.fileno()), ctypes.c_ulong()
            kernel = ctypes.windll.kernel32
            return bool(
                kernel.GetConsoleMode(handle, ctypes.byref(mode))
                and kernel.SetConsoleMode(handle, mode.value | _VIRTUAL_TERMINAL)
            )
        except (ImportError, OSError):
            return False
    else:
        return True


def excerpt_width(stream: TextIO) -> int:
    """Characters of a line of a spec that a terminal shows without wrapping: behind the indent, between two ``…``."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except OSError:
        columns = 0
    return max(_NARROWEST, min(WIDEST, columns - _MARGIN)) if columns else WIDEST


def paint(text: str, colour: str, on: bool) -> str:
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if on and colour else text

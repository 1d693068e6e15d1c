"""Colours where the terminal takes them and NO_COLOR (https://no-color.org) does not forbid them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from ..diagnostics import WIDEST

_MARGIN = len("    ……")
_NARROWEST = 40
_CODES = {"green": "32", "yellow": "33", "red": "31", "cyan": "36", "dim": "2", "bold": "1"}


def coloured(stream: TextIO | None = None) -> bool:
    stream = stream or sys.stdout
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def excerpt_width(stream: TextIO) -> int:
    """Characters of a line of a spec that a terminal shows without wrapping: behind the indent, between two ``…``."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except OSError:
        columns = 0
    return max(_NARROWEST, min(WIDEST, columns - _MARGIN)) if columns else WIDEST


def paint(text: str, colour: str, on: bool) -> str:
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if on and colour else text

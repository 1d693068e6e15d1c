"""Text for a console that cannot encode all of it, such as one in code page 437 or 1252.

In: text, and the encoding of a stream. Out: the text as the stream shows it: signs of this program in ASCII, anything
else as an escape. ``HANDLER`` is the name of the codec error handler; a stream opened with it never fails to encode.
"""

from __future__ import annotations

import codecs
from typing import TextIO

HANDLER = "provisioner-readable"
_ASCII = {
    "…": "...",
    "→": "->",
    "←": "<-",
    "▶": ">",
    "─": "-",
    "│": "|",
    "├": "|",
    "└": "`",
    "┐": "+",
    "┘": "+",
    "┌": "+",
    "┤": "|",
    "✓": "v",
    "✗": "x",
    "•": "*",
    "·": ".",
    "±": "+/-",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\N{NO-BREAK SPACE}": " ",
}
"""Marks of a table are one character each: its columns stay in line."""


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = []
    for character in error.object[error.start : error.end]:
        found.append(_ASCII.get(character) or character.encode("ascii", "backslashreplace").decode("ascii"))
    return "".join(found), error.end


codecs.register_error(HANDLER, _readable)


def encoding_of(stream: TextIO) -> str:
    """The encoding of a stream; UTF-8 for one that keeps text as it is."""
    return getattr(stream, "encoding", None) or "utf-8"


def shown(text: str, encoding: str) -> str:
    """``text`` as a stream of this encoding shows it; the same for UTF-8."""
    return text if text.isascii() else text.encode(encoding, HANDLER).decode(encoding)

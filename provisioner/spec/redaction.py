"""Striking secrets from text, in whatever form a service or a library repeats them.

In: values of secrets. Out: ``Redaction``, which replaces them in text: as they are, in JSON, URLs, HTML and Python's
``repr``, and inside of anything in base64.
"""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Iterable, Iterator

REDACTED = "(secret)"
SHORTEST = 4
"""Shorter values are left in text: striking every ``ab`` would say more than it hides."""
_SHORTEST_CODED = 8


class Redaction:
    """Strikes the values it has been told of; the longest first, so that no rest of one stays."""

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._longest_first: list[str] = []

    def add(self, value: str) -> None:
        """Strike this from now on."""
        self._forms |= set(forms(value))
        self._longest_first = []

    def __call__(self, text: str) -> str:
        if len(self._longest_first) != len(self._forms):
            self._longest_first = sorted(self._forms, key=len, reverse=True)
        for form in self._longest_first:
            text = text.replace(form, REDACTED)
        return text


def forms(value: str) -> Iterator[str]:
    """The ways in which a value may stand in text."""
    if len(value) < SHORTEST:
        return
    yield value
    for ascii_only in (True, False):
        yield json.dumps(value, ensure_ascii=ascii_only)[1:-1]
    yield repr(value)[1:-1]
    yield html.escape(value)
    raw = value.encode("utf-8", "surrogateescape")
    for safe in ("", "/"):
        yield urllib.parse.quote(raw, safe=safe)
    yield urllib.parse.quote_plus(raw)
    for coded in _in_base64(raw):
        if len(coded) >= _SHORTEST_CODED:
            yield coded
            yield coded.replace("+", "-").replace("/", "_")


def _in_base64(raw: bytes) -> Iterable[str]:
    """What base64 makes of bytes at each of the three places where they may begin, without what depends on others."""
    yield base64.b64encode(raw).decode()
    for skipped in range(3):
        coded = base64.b64encode(b"\0" * skipped + raw).decode().rstrip("=")
        first = -(-skipped * 8 // 6)
        whole = (skipped + len(raw)) * 8 // 6
        yield coded[first:whole]

"""Striking secrets from text, in whatever form a service or a library repeats them.

In: values of secrets. Out: ``Redaction``, which decodes a text first and compares then, so that a value is struck in
any chain of the encodings that ``decoding`` undoes. A line of a value counts as a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .decoding import TooDeepError, readings

REDACTED = "(secret)"
UNREADABLE = "(text withheld: it is too long, or encoded too often, to look for secrets in it)"
SHORTEST = 4
"""Shorter values are left in text: striking every ``ab`` would say more than it hides."""
SHORTEST_LINE = 6
"""Of values with several lines. The shortest admin password that Azure accepts has six characters (REST "Virtual
Machines - Create Or Update", ``osProfile.adminPassword``); keywords of shells, such as ``else``, have fewer."""

Span = tuple[int, int]


class Redaction:
    """Strikes the values that were added; those that are written as several bytes a character are found too."""

    def __init__(self) -> None:
        self._values: dict[str, None] = {}

    def add(self, value: str) -> None:
        """Strike this from now on."""
        self._values |= {form: None for part in parts(value) for form in as_bytes(part)}

    def __call__(self, text: str) -> str:
        if not self._values or not text:
            return text
        try:
            found = list(readings(text))
        except TooDeepError:
            return UNREADABLE
        everything = "\0".join(reading.text for reading in found)
        present = [value for value in self._values if value in everything]
        spans = [
            reading.place(start, start + len(value))
            for value in present
            for reading in found
            for start in _places(reading.text, value)
        ]
        return _struck(text, spans)


def parts(value: str) -> Iterator[str]:
    """A value, each of its lines, and the value on one line, as errors without a code are shown."""
    if len(value) < SHORTEST:
        return
    yield value
    yield from (item for item in [" ".join(value.split())] if len(item) >= SHORTEST)
    lines = value.splitlines()
    if len(lines) > 1:
        yield from (line.strip() for line in lines if len(line.strip()) >= SHORTEST_LINE)


def as_bytes(value: str) -> Iterator[str]:
    """A value, and its bytes in UTF-8 and both UTF-16, each as the character of the same number."""
    yield value
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield value.encode(encoding, "surrogatepass").decode("latin-1")


def _places(text: str, value: str) -> Iterator[int]:
    start = text.find(value)
    while start >= 0:
        yield start
        start = text.find(value, start + len(value))


def _struck(text: str, spans: Iterable[Span]) -> str:
    """The text with a mark in place of each span; spans that overlap have one."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end <= at:
            continue
        if start >= at:
            pieces += [text[at:start], REDACTED]
        at = end
    return "".join([*pieces, text[at:]])

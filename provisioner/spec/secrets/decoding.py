"""Readings of a text: what it says after undoing, in any order, the encodings in which services repeat values.

In: a text. Out: ``Reading`` values, the text itself first; each finds its characters again in the text. Undone are
escapes with a backslash (JSON, JavaScript, C#, Python, shells), HTML entities, percent encoding, and base64 in both
alphabets, wrapped into lines or not, from any character on. Errors come
from .NET: System.Text.Json and JavaScriptEncoder write ``\\u0026``, WebUtility.HtmlEncode ``&#39;``,
HttpUtility.UrlEncode ``%2f``, Convert.ToBase64String lines of 76 characters.
"""

from __future__ import annotations

import binascii
import bisect
import html
import math
import re
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

Spans = Callable[[int, int], tuple[int, int]]
"""From the first character and the one after the last to those of the text before the decoding."""

_ESCAPE = re.compile(
    r"\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|U([0-9a-f]{8})|x([0-9a-f]{2})|([0-7]{1,3})|(.))", re.I | re.DOTALL
)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_ENTITY = re.compile(r"&(?:#([0-9]{1,10});?|#x([0-9a-f]{1,8});?|[a-z][a-z0-9]{1,31};)", re.I)
_PERCENT = re.compile(r"%(?:u([0-9a-f]{4})|([0-9a-f]{2}))|(\+)", re.I)
_PERCENT_ONLY = re.compile(r"%(?:u([0-9a-f]{4})|([0-9a-f]{2}))()", re.I)
_MANY_BYTES = r"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
_UTF8 = re.compile(_MANY_BYTES)
_TEXT = re.compile(rf"(?:[\x01-\x7f]|{_MANY_BYTES}){{5,}}")
"""Four characters, the shortest value, of which one is encoded."""
_WIDE: dict[Literal["little", "big"], re.Pattern[str]] = {
    "little": re.compile("(?:[\t\n\r -~]\0){4}"),
    "big": re.compile("(?:\0[\t\n\r -~]){4}"),
}
"""What tells UTF-16 from other bytes: an escape in it, such as ``\\u00``, has four characters of ASCII."""
_BETWEEN = "\ue000"
"""Between parts that were apart: a character for private use, which is no byte."""
_RUN = re.compile(r"[\0-\xff]+")
_NULL = re.compile("\0")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_WRAP = re.compile(r"(?<=[A-Za-z0-9+/_-])\s+(?=[A-Za-z0-9+/_-])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
"""Six characters hold four bytes, the shortest value that is looked for."""
_LAST = 0x10FFFF
_LONGEST = 100_000
_FREE = 4_000_000
_PER_CHARACTER = 100
"""Characters of all readings together: this many for any text, and this many more for each character of it."""


class TooDeepError(Exception):
    """The text has more readings than can be looked at."""


@dataclass(frozen=True)
class Reading:
    """A text after some decodings; ``place`` gives the span in the original text for one in this text.

    Of bytes each is one character, whatever their own encoding is.
    """

    text: str
    place: Spans
    is_bytes: bool = False


def readings(text: str) -> Iterator[Reading]:
    """Every reading of a text, in time and memory that are linear in its length.

    Raises:
        TooDeepError: the text is too long, or encoded so often or in so many ways that not all readings can be had.
    """
    left = _FREE + _PER_CHARACTER * len(text)
    if len(text) > _LONGEST:
        raise TooDeepError
    waiting = [Reading(text, lambda start, end: (start, end))]
    seen = {(text, False)}
    while waiting:
        reading = waiting.pop(0)
        yield reading
        for found in _decoded(reading):
            if (found.text, found.is_bytes) not in seen:
                left -= len(found.text)
                if left < 0:
                    raise TooDeepError
                seen.add((found.text, found.is_bytes))
                waiting.append(found)


def _decoded(reading: Reading) -> Iterator[Reading]:
    """All that one further decoding makes of a reading."""
    text = reading.text
    if reading.is_bytes:
        yield from _written_out(reading)
        return
    if "\\" in text:
        yield _replaced(reading, _ESCAPE, _unescaped)
    if "&" in text:
        yield _replaced(reading, _ENTITY, _entity)
    if "%" in text:
        yield _replaced(reading, _PERCENT_ONLY, _percent)
    if "%" in text or "+" in text:
        yield _replaced(reading, _PERCENT, _percent)
    if "\0" in text:
        yield _replaced(reading, _NULL, _nothing)
    if not text.isascii():
        yield _replaced(reading, _UTF8, lambda found: found[0].encode("latin-1").decode("utf-8", "replace")[:1])
        yield _replaced(reading, _SURROGATES, lambda found: found[0].encode("utf-16", "surrogatepass").decode("utf-16"))
    yield from _from_base64(_replaced(reading, _WRAP, _nothing))


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3] or found[4]
    if digits:
        return _character(int(digits, 16), found[0])
    return chr(int(found[5], 8)) if found[5] else _CONTROLS.get(found[6], found[6])


def _entity(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        return _character(int(found[1]) if found[1] else int(found[2], 16), found[0])
    return html.unescape(found[0])


def _percent(found: re.Match[str]) -> str:
    return " " if found[3] else chr(int(found[1] or found[2], 16))


def _nothing(found: re.Match[str]) -> str:
    return ""


def _character(number: int, written: str) -> str:
    return chr(number) if number <= _LAST else written


def _replaced(reading: Reading, pattern: re.Pattern[str], decode: Callable[[re.Match[str]], str]) -> Reading:
    """The reading with every match decoded."""
    pieces: list[str] = []
    befores, afters, starts, ends = [0], [0], [0], [0]
    """Of each match: where what it became begins and ends, and where the match itself does."""
    at = size = 0
    for found in pattern.finditer(reading.text):
        became = decode(found)
        pieces += [reading.text[at : found.start()], became]
        size += found.start() - at
        befores.append(size)
        starts.append(found.start())
        size += len(became)
        at = found.end()
        afters.append(size)
        ends.append(at)
    if not at:
        return reading

    def place(first: int, end: int) -> tuple[int, int]:
        before, last = bisect.bisect_right(befores, first) - 1, bisect.bisect_right(befores, end - 1) - 1
        start = starts[before] if first < afters[before] else ends[before] + first - afters[before]
        stop = ends[last] if end <= afters[last] else ends[last] + end - afters[last]
        return reading.place(start, stop)

    return Reading("".join([*pieces, reading.text[at:]]), place, reading.is_bytes)


def _written_out(reading: Reading) -> Iterator[Reading]:
    """What looks like text in bytes: only there something can be encoded once more."""
    found = [(match.start(), match[0]) for match in _TEXT.finditer(reading.text)]
    yield _joined(reading, found, lambda offset: offset)
    for encoding, pattern in _WIDE.items():
        wide = []
        for run in _RUN.finditer(reading.text):
            if begins := pattern.search(run[0]):
                skipped = begins.start() % 2
                wide.append((run.start() + skipped, _units(run[0][skipped:], encoding)))
        yield _joined(reading, wide, lambda offset: 2 * offset)


def _units(text: str, encoding: Literal["little", "big"]) -> str:
    """Each two bytes as one character, halves of a pair too."""
    units = array("H", text[: len(text) // 2 * 2].encode("latin-1"))
    if encoding != sys.byteorder:
        units.byteswap()
    return "".join(map(chr, units))


def _from_base64(reading: Reading) -> Iterator[Reading]:
    """What is in base64, from each of the four characters on at which it can begin; one character is a byte."""
    runs = [(found.start(), found[0].replace("-", "+").replace("_", "/")) for found in _BASE64.finditer(reading.text)]
    for skipped in range(4 if runs else 0):
        decoded = [(start + skipped, _bytes(run[skipped:])) for start, run in runs]
        found = _joined(reading, decoded, lambda offset: offset * 4 / 3)
        yield Reading(found.text, found.place, is_bytes=True)


def _bytes(run: str) -> str:
    run = run[: len(run) - (len(run) % 4 == 1)]
    return binascii.a2b_base64(run + "=" * (-len(run) % 4)).decode("latin-1")


def _joined(reading: Reading, parts: Sequence[tuple[int, str]], back: Callable[[int], float]) -> Reading:
    """Parts of a reading as one text: where each begins there, and what it became.

    ``back`` turns an offset in what a part became into an offset in the part.
    """
    starts = [start for start, _ in parts]
    befores = list(accumulate((len(text) + len(_BETWEEN) for _, text in parts), initial=0))[:-1]

    def place(first: int, end: int) -> tuple[int, int]:
        before, last = bisect.bisect_right(befores, first) - 1, bisect.bisect_right(befores, end - 1) - 1
        start = starts[before] + math.floor(back(first - befores[before]))
        return reading.place(start, starts[last] + math.ceil(back(end - befores[last])))

    return Reading(_BETWEEN.join(text for _, text in parts), place)

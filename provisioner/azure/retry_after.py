"""How long Azure asks to wait before the next request, in whichever form it says so.

In: the headers of an answer. Out: seconds of the wall clock, and headers that the SDK can read. RFC 9110, section
10.2.3: whole seconds or a date; azure-core also reads ``retry-after-ms`` and ``x-ms-retry-after-ms``. The SDK's typed
operations read it off the first answer as an integer and break on everything else, azure-core on what is neither a
number nor a date: so a whole number stays, other times go into the header in milliseconds, and the rest goes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_PLAIN = "retry-after"
_MILLISECONDS = ("retry-after-ms", "x-ms-retry-after-ms")

_MOST_DIGITS = 10


def readable(headers: MutableMapping[str, str], now: datetime) -> None:
    """Write the time that an answer names so that the SDK can read it; a date counts from Azure's ``now``."""
    names = [name for name in (_PLAIN, *_MILLISECONDS) if name in headers]
    if not names or _is_plain(headers.get(_PLAIN, "")):
        return
    named = [(_seconds(headers[name], now), 1.0 if name == _PLAIN else 1000.0) for name in names]
    for name in names:
        del headers[name]
    for seconds, per_s in named:
        if seconds is not None:
            headers[_MILLISECONDS[1]] = str(math.ceil(seconds * 1000 / per_s))
            return


def seconds(headers: Mapping[str, str]) -> float:
    """What readable headers ask for; 0 where they ask for nothing."""
    if text := headers.get(_PLAIN):
        return float(text) if _is_plain(text) else 0.0
    text = headers.get(_MILLISECONDS[1], "")
    return int(text) / 1000 if text.isdecimal() else 0.0


def _is_plain(text: str) -> bool:
    """Whether it is a whole number, and of no more digits than Python takes for one."""
    return text.isdecimal() and len(text) < _MOST_DIGITS


def _seconds(text: str, now: datetime) -> float | None:
    """A number, or how far a date lies ahead; None for what is neither."""
    try:
        found = float(text)
    except ValueError:
        try:
            date = parsedate_to_datetime(text)
        except ValueError:
            return None
        found = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
    return max(found, 0.0) if math.isfinite(found) else None

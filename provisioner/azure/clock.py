"""Azure's time, as the ``Date`` of its answers tells it: the clock of this machine may be wrong.

In: the headers of answers. Out: the time. What machines compare with each other (when a lock ends) is written in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_HALF = timedelta(seconds=0.5)
"""A ``Date`` has whole seconds, cut off."""


def _of_this_machine() -> datetime:
    return datetime.now(UTC)


class Clock:
    """This machine's time until an answer has said Azure's."""

    def __init__(self, here: Callable[[], datetime] = _of_this_machine) -> None:
        self._here = here
        self._ahead = timedelta(0)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Set it by an answer that has just come; one without a date that can be read changes nothing."""
        try:
            date = parsedate_to_datetime(headers.get("date", ""))
        except ValueError:
            return
        self._ahead = (date if date.tzinfo else date.replace(tzinfo=UTC)) + _HALF - self._here()

    def now(self) -> datetime:
        return self._here() + self._ahead

"""How much a spec may make of what it writes: a few lines with fleets must not exhaust a machine.

In: how many things are about to be made. Out: whether a limit allows them. Counted before anything is made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .sections import Section

LIMITS = {
    "members": 10_000,
    "entries": 100_000,
    "values": 2_000_000,
    "references": 250_000,
    "characters": 64 * 1024 * 1024,
}
"""At each of them `validate` keeps to the time and the memory of docs/reference/limits.md."""
_WORDS = {
    "members": "members of fleets",
    "entries": "entries with its fleets",
    "values": "values with its fleets",
    "references": "references with its fleets",
    "characters": "characters from files",
}
_LARGEST = 10**18
"""Larger numbers are shown as this one: Python refuses to write very large ones out."""
_LONG_TEXT = 64
HINT = "split the spec into several, each with its own deployment"


class ExpansionBudget:
    """What one spec has made so far, by the names of ``LIMITS``."""

    def __init__(self, made: Counter[str] | None = None) -> None:
        self._made: Counter[str] = Counter(made)
        self._reported: set[str] = set()

    def copy(self) -> ExpansionBudget:
        """The same counts, for a step that may be repeated."""
        return ExpansionBudget(self._made)

    def take(self, **counts: int) -> str | None:
        """Count what is about to be made.

        Returns:
            None if the limits allow it. Otherwise nothing is counted, and the text says which limit is exceeded; it is
            empty if that limit was reported before.
        """
        for what, count in counts.items():
            total = self._made[what] + min(count, _LARGEST)
            if total > LIMITS[what]:
                is_reported = what in self._reported
                self._reported.add(what)
                return (
                    ""
                    if is_reported
                    else f"the spec makes at least {total:,} {_WORDS[what]}; the limit is {LIMITS[what]:,}"
                )
        self._made.update(counts)
        return None


def entries_in(entry: Mapping[str, object], inner: Mapping[str, Section]) -> int:
    """How many entries one is with those inside of it; fleets among those are counted where they are spread."""
    found = 1
    for word, section in inner.items():
        below = entry.get(word)
        for one in below.values() if isinstance(below, Mapping) else ():
            if isinstance(one, Mapping) and "count" not in one and "for_each" not in one:
                found += entries_in(one, section.inner)
    return found


def size_of(value: object) -> int:
    """How many values there are in one, itself included; a long text counts as several."""
    if isinstance(value, str):
        return 1 + len(value) // _LONG_TEXT
    if isinstance(value, Mapping):
        return 1 + sum(map(size_of, value.values()))
    return 1 + sum(map(size_of, value)) if isinstance(value, list) else 1

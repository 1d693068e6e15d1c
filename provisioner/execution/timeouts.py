"""How long a change may take: what ``timeouts:`` in the spec says, else what is long for its kind.

In: a change. Out: a ``Limit`` in Azure's seconds, with words for whoever meets it. No I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..azure.history import Verb
from ..planning.plan import Change

_LONGEST_S = 3600.0
_TIMES_TYPICAL = 20
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Limit:
    """``text`` says how long, ``is_chosen`` whether the spec says so."""

    seconds: float
    text: str
    is_chosen: bool


def timeout_key(change: Change) -> Verb:
    """Which limit a change's own write is held to; what is made anew is created."""
    if change.action in ("update", "delete"):
        return "update" if change.action == "update" else "delete"
    return "create"


def chosen_s(timeouts: Mapping[str, str], what: Verb) -> float | None:
    """What the spec says, in Azure's seconds; None where it says nothing."""
    chosen = timeouts.get(what)
    return float(chosen[:-1]) * _UNITS[chosen[-1]] if chosen else None


def limit(change: Change, what: Verb) -> Limit:
    """The limit for one part of a change."""
    seconds = chosen_s(change.timeouts, what)
    if seconds is not None:
        return Limit(seconds, f"{change.timeouts[what]} (`timeouts.{what}` in the spec)", True)
    longest_s = max(_LONGEST_S, _TIMES_TYPICAL * change.kind.timing.typical_s)
    return Limit(longest_s, f"{longest_s / 60:.0f} minutes", False)

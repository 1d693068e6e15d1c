"""How bad a change is for who uses the resource, from ``none`` to ``data-loss``, and why.

In: a change, graded only where that was decided together with it. Out: the grade and a sentence. Pure; the facts stand
in the kinds.
"""

from __future__ import annotations

from dataclasses import replace

from ..comparison.differences import Difference
from ..resources.facts import IMPACTS, Impact
from ..resources.kind import Kind
from .plan import Change

Grade = tuple[Impact, str]


def graded(change: Change) -> Change:
    level, why = grade(change)
    return replace(change, impact=level, impact_reason=why)


def grade(change: Change) -> Grade:
    """The worst that a change does."""
    if change.action in ("no-op", "create"):
        return "none", ""
    if change.action == "update":
        grades = [_of(item, change.kind) for item in change.differences] or [("live", "")]
        return max(grades, key=lambda item: IMPACTS.index(item[0]))
    if change.impact != "none":
        return change.impact, "the failed resource is deleted and created again"
    return change.kind.replacement.when_deleted if change.action == "delete" else change.kind.replacement.when_replaced


def exceeds(found: Impact, allowed: Impact) -> bool:
    return IMPACTS.index(found) > IMPACTS.index(allowed)


def _of(item: Difference, kind: Kind) -> Grade:
    if item.is_at("tags"):
        return "none", ""
    for prefix, found in kind.rules.impacts.items():
        if item.is_at(prefix):
            return found
    return "live", ""

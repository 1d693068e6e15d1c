"""How bad a change is for who uses the resource, from ``none`` to ``data-loss``, and why.

In: a change without its grade. Out: the grade and a sentence. Pure; the facts stand in the kinds.
"""

from __future__ import annotations

from dataclasses import replace

from ..comparison.differences import Difference
from ..resources.resource import IMPACTS, Impact, Kind
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
    if change.mends:
        return "live", "what failed is deleted and made again"
    lost = change.kind.holds_data or (change.kind.lost_when_deleted if change.action == "delete" else "")
    if lost:
        return "data-loss", f"{lost} will be lost"
    if change.kind.name == "role_assignment":
        return "access-gap", "the principal is without this right" + (
            " for a while" if change.action == "replace" else ""
        )
    if change.kind.name == "role_definition":
        return "access-gap", "who was granted this role is without it"
    if change.kind.name == "federated_identity_credential":
        return "access-gap", "workloads that sign in with it are refused"
    if change.kind.name == "management_lock":
        return "live", "what it locked can be changed and deleted again"
    if change.kind.name == "user_assigned_identity":
        return "replace", "its principal ID goes, and with it every grant"
    # Of a delete there is no more to say than its line does.
    return "replace", "" if change.action == "delete" else "it is deleted and made anew"


def exceeds(found: Impact, allowed: Impact) -> bool:
    return IMPACTS.index(found) > IMPACTS.index(allowed)


def _of(item: Difference, kind: Kind) -> Grade:
    if item.is_at("tags"):
        return "none", ""
    for prefix, found in kind.impacts.items():
        if item.is_at(prefix):
            return found
    return "live", ""

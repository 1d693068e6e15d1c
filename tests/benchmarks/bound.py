"""What an apply must take at least: no schedule of any tool is shorter.

In: a plan, how long each operation takes, and the bucket of writes. Out: seconds of Azure.

Two things force it. The longest path: each change begins when what it needs is there. And the writes: take all changes
that have at least so long ahead of them; none can begin before the first of them may, the n-th of them cannot begin
before the bucket lets it, and whichever comes last still has that long ahead. The larger of both, for every "so long".
Requests are taken to need no time, and ends to be seen at once.
"""

from __future__ import annotations

from collections.abc import Callable

from provisioner.plan import Change, Plan

BURST, PER_S = 200, 10.0
"""Writes: "Understand how Azure Resource Manager throttles requests"."""


def heads_s(plan: Plan, duration_s: Callable[[Change], float]) -> dict[str, float]:
    """When each change can begin at the earliest; the plan is in order."""
    head: dict[str, float] = {}
    end: dict[str, float] = {}
    for change in plan.changes:
        needs = change.needs.items()
        head[change.address] = max((head[at] if wait == "value" else end[at] for at, wait in needs), default=0.0)
        end[change.address] = head[change.address] + duration_s(change)
    return head


def tails_s(plan: Plan, duration_s: Callable[[Change], float]) -> dict[str, float]:
    """From the beginning of each change to the end of what hangs on it."""
    after_end: dict[str, float] = {}
    after_begin: dict[str, float] = {}
    tail: dict[str, float] = {}
    for change in reversed(plan.changes):
        own = max(duration_s(change) + after_end.get(change.address, 0.0), after_begin.get(change.address, 0.0))
        tail[change.address] = own
        for need, wait in change.needs.items():
            after = after_begin if wait == "value" else after_end
            after[need] = max(after.get(need, 0.0), own)
    return tail


def path_s(plan: Plan, duration_s: Callable[[Change], float]) -> float:
    """The longest path."""
    return max(tails_s(plan, duration_s).values(), default=0.0)


def bound_s(plan: Plan, duration_s: Callable[[Change], float], burst: int = BURST, per_s: float = PER_S) -> float:
    """The lower bound."""
    head, tail = heads_s(plan, duration_s), tails_s(plan, duration_s)
    written = [change.address for change in plan.pending if not change.within]
    found, earliest = path_s(plan, duration_s), float("inf")
    for count, address in enumerate(sorted(written, key=lambda each: -tail[each]), start=1):
        earliest = min(earliest, head[address])
        found = max(found, earliest + max(0, count - burst) / per_s + tail[address])
    return found

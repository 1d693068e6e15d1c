"""What exists after a run: what it wrote, what it left as it was, and what only another read can say.

In: a plan, the results of its run, and the operations of a subscription. Out: ``AfterRun``. Never writes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..azure.operations import Operations
from ..base import arm_id
from ..base.diagnostics import AccessError, ExecutionError
from ..base.values import Body
from ..execution.events import Result
from ..planning.plan import Change, Plan

_LONGEST_S = 30.0
"""Of our time, for all reads together: where Azure does not answer, what it would say is not known."""


@dataclass(frozen=True)
class AfterRun:
    """``bodies`` by ID key, of what exists; ``unknown`` are addresses of what may exist or not."""

    bodies: Mapping[str, Body] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()


async def after_run(plan: Plan, results: Iterable[Result], operations: Operations) -> AfterRun:
    """What exists of a plan's resources; only what the run leaves uncertain is read again."""
    before = {arm_id.key(change.id): change.actual for change in plan.changes if change.action != "delete"}
    bodies = {key: body for key, body in before.items() if body is not None}
    ended = {result.change.address: result for result in results}
    for result in ended.values():
        if result.outcome in ("succeeded", "unchanged") and result.change.action != "delete":
            key = arm_id.key(result.change.id)
            # Azure may say that it exists, and not what it is: the same role assignment under another name.
            bodies[key] = result.body or bodies.get(key) or {}
    unsure = _unsure(plan, ended)
    read = await _read(unsure, operations)
    skipped = {address for address, result in ended.items() if result.outcome in ("skipped", "cancelled")}
    unknown = {change.address for change in unsure if change.address not in read} | (plan.unseen & skipped)
    for change in unsure:
        body = read.get(change.address)
        if body is not None:
            bodies[arm_id.key(change.id)] = body
        else:
            bodies.pop(arm_id.key(change.id), None)
    return AfterRun(bodies, frozenset(unknown))


def _unsure(plan: Plan, ended: Mapping[str, Result]) -> list[Change]:
    """What failed: Azure may have begun it. And what was skipped while it, or what it lies in, was replaced."""
    replaced = {arm_id.key(change.id) for change in plan.changes if change.action == "replace"}
    pending = [result for result in ended.values() if result.change.action not in ("no-op", "delete")]
    return [
        result.change
        for result in pending
        if result.outcome == "failed"
        or (result.outcome != "succeeded" and not replaced.isdisjoint(arm_id.upwards(result.change.id)))
    ]


async def _read(changes: Iterable[Change], operations: Operations) -> dict[str, Body | None]:
    """Bodies by address, None of what does not exist; what cannot be read is left out."""
    found: dict[str, Body | None] = {}

    async def read(change: Change) -> None:
        with contextlib.suppress(ExecutionError, AccessError):
            found[change.address] = await operations.get(change.kind, change.id)

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_S):
            await asyncio.gather(*map(read, changes))
    return found

"""Who goes first when not everything may run at once: the change with the longest way still to go.

In: steps and what they depend on. Out: critical-path lengths, and slots that are handed out by them.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator

from ..azure.history import History
from ..planning.plan import Plan
from ..resources.steps import Step


def remaining_s(plan: Plan, history: History) -> dict[str, float]:
    """For each change, by address: the critical-path length from its first step on, in typical seconds of Azure.

    What waits for one value alone begins with the step that gives it. A grant to an identity goes before those that use
    the identity, though they do not wait for it: they are to find their rights when they begin.
    """
    steps = {step.id: step for own in plan.steps.values() for step in own}
    dependents: dict[str, list[Step]] = {step_id: [] for step_id in steps}
    for step in steps.values():
        for on in step.depends_on:
            dependents[on].append(step)
    waiting = {step_id: len(others) for step_id, others in dependents.items()}
    found: dict[str, float] = {}
    ready = [step_id for step_id, count in waiting.items() if not count]
    while ready:
        step_id = ready.pop()
        step = steps[step_id]
        own = history.typical_s(step.kind, step.verb) if step.verb is not None else 0.0
        ways = [found[other.id] + own * (other.depends_on[step_id].wait != "value") for other in dependents[step_id]]
        found[step_id] = max(own, *ways) if ways else own
        for on in step.depends_on:
            waiting[on] -= 1
            if not waiting[on]:
                ready.append(on)
    result = {address: max((found[step.id] for step in own), default=0.0) for address, own in plan.steps.items()}
    return result | _grants_first(plan, dependents, result)


def _grants_first(plan: Plan, dependents: dict[str, list[Step]], lengths: dict[str, float]) -> dict[str, float]:
    """The lengths of grants, with those of what uses the same identity added."""
    kinds = {change.address: change.kind for change in plan.pending}
    grants = [
        address for address, kind in kinds.items() if kind.schema.assignment_key is not None and address in lengths
    ]
    result = {}
    for grant in grants:
        identities = [need for need in plan.waits_for(grant) if kinds[need].rights.is_identity]
        users = {
            step.change
            for need in identities
            for own in plan.steps[need]
            for step in dependents[own.id]
            if kinds[step.change].schema.assignment_key is None
        }
        result[grant] = lengths[grant] + max((lengths[user] for user in users), default=0.0)
    return result


class PrioritySlots:
    """At most so many at once, or any number; who waits with the highest priority goes next.

    A slot is handed out when all that became ready by the same event have asked for it, not to who asks first.
    """

    def __init__(self, count: int | None) -> None:
        self._free = count
        self._queue: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = 0

    @contextlib.asynccontextmanager
    async def taken(self, priority: float) -> AsyncIterator[None]:
        if self._free is None:
            yield
            return
        await self._take(priority)
        try:
            yield
        finally:
            self._give()

    async def _take(self, priority: float) -> None:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._order += 1
        heapq.heappush(self._queue, (-priority, self._order, turn))
        loop.call_soon(self._hand_out)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()
            raise

    def _give(self) -> None:
        assert self._free is not None
        self._free += 1
        asyncio.get_running_loop().call_soon(self._hand_out)

    def _hand_out(self) -> None:
        while self._free and self._queue:
            *_, turn = heapq.heappop(self._queue)
            if not turn.done():
                self._free -= 1
                turn.set_result(None)

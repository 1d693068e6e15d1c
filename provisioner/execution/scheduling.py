"""Who goes first when not everything may run at once: the change with the longest way still to go.

In: changes and what they need. Out: seconds that remain from each, and slots that are handed out by them.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator, Sequence

from ..azure.history import History
from ..planning.plan import Change
from ..resources.kinds import role_assignment, user_assigned_identity


def remaining_s(changes: Sequence[Change], history: History) -> dict[str, float]:
    """From the start of each change to the end of what hangs on it, in typical seconds of Azure.

    What hangs on one value alone begins with what gives it. A grant to an identity goes before those that use the
    identity, though they do not wait for it: they are to find their rights when they begin.
    """
    dependents: dict[str, list[str]] = {change.address: [] for change in changes}
    needs = {change.address: [need for need in change.needs if need in dependents] for change in changes}
    by_address = {change.address: change for change in changes}
    for address, those in needs.items():
        for need in those:
            dependents[need].append(address)
    waiting = {address: len(others) for address, others in dependents.items()}
    found: dict[str, float] = {}
    ready = [address for address, count in waiting.items() if not count]
    while ready:
        address = ready.pop()
        own = _typical_s(by_address[address], history)
        ways = [found[other] + own * (by_address[other].needs[address] == "done") for other in dependents[address]]
        found[address] = max(own, *ways) if ways else own
        for need in needs[address]:
            waiting[need] -= 1
            if not waiting[need]:
                ready.append(need)
    grants = {address for address, change in by_address.items() if change.kind is role_assignment.KIND}
    users = {
        address: max((found[user] for user in dependents[address] if user not in grants), default=0.0)
        for address, change in by_address.items()
        if change.kind is user_assigned_identity.KIND
    }
    return found | {
        grant: found[grant] + max((users.get(need, 0.0) for need in needs[grant]), default=0.0) for grant in grants
    }


def _typical_s(change: Change, history: History) -> float:
    if change.action == "no-op":
        return 0.0
    if change.action == "replace":
        return history.typical_s(change.kind, "delete") + history.typical_s(change.kind, "create")
    return history.typical_s(change.kind, change.action)


class Slots:
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

"""Who goes first when not everything may run at once: the change with the longest way still to go.

In: changes and what they need. Out: seconds that remain from each, and slots that are handed out by them.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator, Sequence

from .history import History
from .plan import Change


def remaining_s(changes: Sequence[Change], history: History) -> dict[str, float]:
    """From the start of each change to the end of what hangs on it, in typical seconds of Azure."""
    dependents: dict[str, list[str]] = {change.address: [] for change in changes}
    needs = {change.address: [need for need in change.needs if need in dependents] for change in changes}
    for address, those in needs.items():
        for need in those:
            dependents[need].append(address)
    typical = {change.address: _typical_s(change, history) for change in changes}
    waiting = {address: len(others) for address, others in dependents.items()}
    found: dict[str, float] = {}
    ready = [address for address, count in waiting.items() if not count]
    while ready:
        address = ready.pop()
        found[address] = typical[address] + max((found[other] for other in dependents[address]), default=0.0)
        for need in needs[address]:
            waiting[need] -= 1
            if not waiting[need]:
                ready.append(need)
    return found


def _typical_s(change: Change, history: History) -> float:
    if change.action == "no-op":
        return 0.0
    if change.action == "replace":
        return history.typical_s(change.kind, "delete") + history.typical_s(change.kind, "create")
    return history.typical_s(change.kind, change.action)


class Slots:
    """At most so many at once, or any number; who waits with the highest priority goes next."""

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
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        heapq.heappush(self._queue, (-priority, self._order, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give()
            raise

    def _give(self) -> None:
        while self._queue:
            *_, turn = heapq.heappop(self._queue)
            if not turn.done():
                turn.set_result(None)
                return
        assert self._free is not None
        self._free += 1

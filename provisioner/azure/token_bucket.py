"""A token bucket that requests wait at, kept a little below the one that Azure keeps.

In: a limit, who asks with which priority, and what Azure's answers say. Out: leave to send. Seconds are Azure's, but
for those of a Retry-After; ``time_scale`` turns them into ours.

Until the first answer only few requests are under way: an earlier run may have left Azure's bucket empty.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from dataclasses import dataclass

_KEPT = 0.05
"""The part of a bucket that is left to others, and to the time that requests are under way."""
_BEFORE_THE_FIRST_ANSWER = 10


@dataclass(frozen=True)
class Limit:
    """How much a bucket holds, and how fast it fills."""

    capacity: float
    per_s: float


class Bucket:
    """Hands out leave to send; who waits with the highest priority goes next."""

    def __init__(self, limit: Limit, time_scale: float) -> None:
        self._kept = limit.capacity * _KEPT
        self._capacity = limit.capacity - self._kept
        self._per_s = limit.per_s / time_scale
        self._level = self._capacity
        self._at = time.monotonic()
        self._closed_until = 0.0
        self._under_way = 0
        self._is_known = False
        self._queue: list[tuple[float, int, asyncio.Future[bool]]] = []
        self._can_be_dismissed: set[asyncio.Future[bool]] = set()
        self._order = 0
        self._timer: asyncio.TimerHandle | None = None

    async def take(self, priority: float, can_be_dismissed: bool = False) -> bool:
        """Wait for leave to send one request; false when ``dismiss`` came first.

        ``answered``, ``refused`` or ``returned`` has to follow.
        """
        self._order += 1
        leave: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, (-priority, self._order, leave))
        if can_be_dismissed:
            self._can_be_dismissed.add(leave)
        self._serve()
        try:
            return await leave
        except asyncio.CancelledError:
            # The leave can arrive in the same turn of the event loop as the cancellation.
            if leave.done() and not leave.cancelled() and leave.result():
                self.returned()
            raise
        finally:
            self._can_be_dismissed.discard(leave)

    def dismiss(self) -> None:
        """Send those away that wait and can be."""
        for leave in self._can_be_dismissed:
            if not leave.done():
                leave.set_result(False)

    def answered(self, remaining: int | None = None) -> None:
        """A request was answered; ``remaining`` is what Azure has left, where it says so."""
        self._under_way -= 1
        self._is_known = True
        if remaining is not None:
            self._fill()
            # Down only: the answer does not know of the requests that left after its own.
            self._level = min(self._level, remaining - self._kept)
        self._serve()

    def refused(self, retry_after_s: float) -> None:
        """A request was answered with 429; nobody else is sent for so many of our seconds."""
        self._under_way -= 1
        self._is_known = True
        self._fill()
        self._level = min(self._level, 0.0)
        self._closed_until = max(self._closed_until, time.monotonic() + retry_after_s)
        self._serve()

    def returned(self) -> None:
        """A request was not sent after all."""
        self._under_way -= 1
        self._level += 1
        self._serve()

    def _fill(self) -> None:
        now = time.monotonic()
        # While the bucket is closed it does not fill: Azure asked to wait until there is something in it.
        since = max(self._at, min(self._closed_until, now))
        # Azure's bucket may be full until what is under way reaches it, and then does not fill meanwhile.
        self._level = min(self._capacity - self._under_way, self._level + (now - since) * self._per_s)
        self._at = now

    def _serve(self) -> None:
        if not self._queue:
            return
        self._fill()
        is_open = time.monotonic() >= self._closed_until
        while self._queue and is_open and self._level >= 1 and self._may_send_more:
            *_, leave = heapq.heappop(self._queue)
            if not leave.done():
                self._level -= 1
                self._under_way += 1
                leave.set_result(True)
        if self._queue and self._may_send_more and self._timer is None:
            wait_s = max(self._closed_until - time.monotonic(), 0.0) + max(1 - self._level, 0.0) / self._per_s
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._ring)

    @property
    def _may_send_more(self) -> bool:
        return self._is_known or self._under_way < _BEFORE_THE_FIRST_ANSWER

    def _ring(self) -> None:
        self._timer = None
        self._serve()

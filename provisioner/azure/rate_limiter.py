"""The requests that Azure allows this run: which buckets a request draws from, and who draws first.

In: requests and their answers. Out: leave to send. Nothing here sends.

Limits: "Understand how Azure Resource Manager throttles requests" (per subscription, or tenant, and principal: reads
250 and 25/s, writes and deletes 200 and 10/s each; headers x-ms-ratelimit-remaining-subscription-*, -subscription-
global-* and -tenant-*); "Azure subscription and service limits": 1,000 network writes, 10,000 reads in five minutes;
"Request limits and throttling" of compute: 12 updates and deletes and 4 a minute each per machine and its extensions,
1,500 and 500 a minute, per subscription and region (a request does not name its region, so they are counted together);
"Azure subscription and service limits", managed identities: 80 are created in 20 seconds, per subscription and region.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from . import retry_after
from .token_bucket import Bucket, Limit

# ARM counts deletes apart from other writes.
_KINDS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}
_ARM = {"reads": Limit(250, 25), "writes": Limit(200, 10), "deletes": Limit(200, 10)}
_NETWORK = {"reads": Limit(10_000, 10_000 / 300), "writes": Limit(1_000, 1_000 / 300)}
_MACHINE = {"writes": Limit(12, 4 / 60), "deletes": Limit(12, 4 / 60)}
_COMPUTE = {"writes": Limit(1_500, 500 / 60), "deletes": Limit(1_500, 500 / 60)}
_TYPES = {("microsoft.managedidentity/userassignedidentities", "writes"): Limit(80, 80 / 20)}
_TENANT = "tenant"
_MACHINES = "microsoft.compute/virtualmachines/"
_THROTTLED = 429
FIRST = float("inf")
"""The priority of who does not say any."""


@dataclass
class Turn:
    """Of one change: its priority, who is told of refusals, and what it has drawn already for its next request."""

    priority: float
    refused: Callable[[str], None]
    drawn: tuple[str, tuple[Bucket, ...]] | None = None


_TURN: ContextVar[Turn | None] = ContextVar("turn", default=None)
_ASKING: ContextVar[float] = ContextVar("asking", default=FIRST)


class RateLimiter:
    """The buckets of one run."""

    def __init__(self, time_scale: float = 1.0) -> None:
        self._time_scale = time_scale
        self._buckets: dict[tuple[str, str], Bucket] = {}

    @contextlib.asynccontextmanager
    async def turn(
        self, method: str, path: str, priority: float, reserves: bool, refused: Callable[[str], None]
    ) -> AsyncIterator[None]:
        """What is sent inside goes by this priority; with ``reserves`` the first request has its leave on entry.

        ``refused`` is told of every 429, and how long Azure asks to wait: the SDK sends again without a word.
        """
        turn = Turn(priority, refused)
        if reserves and self._time_scale:
            turn.drawn = method, await self._drawn(method, path, priority, can_be_dismissed=True)
        token = _TURN.set(turn)
        try:
            yield
        finally:
            _TURN.reset(token)
            # A turn that sent nothing gives its leave back.
            for bucket in turn.drawn[1] if turn.drawn is not None else ():
                bucket.returned()

    def dismiss(self) -> None:
        """Those who wait to begin a turn begin it without leave: nothing new is to be sent."""
        for bucket in self._buckets.values():
            bucket.dismiss()

    async def leave(self, method: str, url: str) -> tuple[Bucket, ...]:
        """Wait until a request may be sent; the buckets want to know its end, which is ``settle``."""
        if not self._time_scale:
            return ()
        turn = _TURN.get()
        kind = _KINDS.get(method, "writes")
        if turn is not None and turn.drawn is not None and _KINDS.get(turn.drawn[0], "writes") == kind:
            (_, drawn), turn.drawn = turn.drawn, None
            return drawn
        priority = _ASKING.get() if kind == "reads" else FIRST if turn is None else turn.priority
        return await self._drawn(method, urlsplit(url).path, priority)

    @staticmethod
    def settle(
        drawn: tuple[Bucket, ...], method: str, status: int = 0, headers: Mapping[str, str] | None = None
    ) -> None:
        """Tell the buckets that a request drew from how it was answered; without a status, it was not."""
        if not drawn:
            return
        *providers, own = drawn
        remaining = _remaining(_KINDS.get(method, "writes"), headers or {})
        retry_after_s = retry_after.seconds(headers or {})
        is_refused = status == _THROTTLED
        turn = _TURN.get()
        if is_refused and turn is not None:
            turn.refused("429" + (f", Azure asks to wait {retry_after_s:.0f} s" if retry_after_s else ""))
        # Either ARM refused, or the provider behind it, which has a limit of its own.
        is_refused_here = is_refused and (remaining == 0 or (headers or {}).get("x-ms-failure-cause") == "gateway")
        for bucket in providers:
            if is_refused and not is_refused_here:
                bucket.refused(retry_after_s)
            else:
                bucket.answered()
        if is_refused_here:
            own.refused(retry_after_s)
        else:
            own.answered(remaining)

    async def _drawn(
        self, method: str, path: str, priority: float, can_be_dismissed: bool = False
    ) -> tuple[Bucket, ...]:
        drawn: list[Bucket] = []
        try:
            for bucket in self._of(_KINDS.get(method, "writes"), path):
                if not await bucket.take(priority, can_be_dismissed):
                    break
                drawn.append(bucket)
            else:
                return tuple(drawn)
        # A cancelled request too gives back what it drew from the buckets before the one at which it waited.
        except BaseException:
            for bucket in drawn:
                bucket.returned()
            raise
        for bucket in drawn:
            bucket.returned()
        return ()

    def _of(self, kind: str, path: str) -> list[Bucket]:
        """The provider's own first, so that who waits there keeps nobody else waiting."""
        lowered = path.lower()
        parts = lowered.split("/", 3)
        where = parts[2] if parts[1:2] == ["subscriptions"] and len(parts) > 2 else _TENANT
        found = []
        group, _, provider = lowered.rpartition("/providers/")
        if provider.startswith(_MACHINES) and kind in _COMPUTE:
            machine = provider.removeprefix(_MACHINES).partition("/")[0]
            found.append(self._bucket(f"{group}/{machine}", kind, _MACHINE[kind]))
            found.append(self._bucket(f"{where}/compute", kind, _COMPUTE[kind]))
        elif provider.startswith("microsoft.network/"):
            # The documented limit of the network provider names no deletes: they count as writes.
            network = "reads" if kind == "reads" else "writes"
            found.append(self._bucket(f"{where}/network", network, _NETWORK[network]))
        elif provider and kind != "reads":
            # No narrower limit is documented for most: what the provider refuses empties a bucket of its type alone.
            type_ = "/".join(provider.split("/", 2)[:2])
            found.append(self._bucket(f"{where}/{type_}", kind, _TYPES.get((type_, kind), _ARM[kind])))
        return [*found, self._bucket(where, kind, _ARM[kind])]

    def _bucket(self, where: str, kind: str, limit: Limit) -> Bucket:
        key = where, kind
        if key not in self._buckets:
            self._buckets[key] = Bucket(limit, self._time_scale)
        return self._buckets[key]


@contextlib.contextmanager
def asking(expected_end: float) -> Iterator[None]:
    """What is read inside goes after all other reads, and who is to end first before the others.

    Those that should have ended already take turns: what hangs keeps nobody else from being asked about.
    """
    token = _ASKING.set(-max(expected_end, time.monotonic()))
    try:
        yield
    finally:
        _ASKING.reset(token)


def _remaining(kind: str, headers: Mapping[str, str]) -> int | None:
    """The least that any of ARM's buckets has left."""
    names = (f"subscription-{kind}", f"subscription-global-{kind}", f"tenant-{kind}")
    found = [headers.get(f"x-ms-ratelimit-remaining-{name}") for name in names]
    return min((int(text) for text in found if text is not None and text.isdecimal()), default=None)

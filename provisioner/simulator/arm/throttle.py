"""Token buckets: how many requests a caller has left.

In: who asks for what, and when. Out: what remains, and how long to wait when nothing does.

Sizes after "Understand how Azure Resource Manager throttles requests": per subscription, principal and kind of
operation reads 250 and 25/s, writes 200 and 10/s, deletes 200 and 10/s; the subscription as a whole 15 times
that. Compute: "Compute throttling limits", per machine and per subscription and region; network: "Azure
subscription and service limits", 1,000 writes and 10,000 reads in five minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..timing import Timing


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a bucket holds, and how fast it fills."""

    capacity: float
    per_second: float


ARM_LIMITS: Mapping[str, Limit] = {
    "reads": Limit(250, 25),
    "writes": Limit(200, 10),
    "deletes": Limit(200, 10),
    "global-reads": Limit(3750, 375),
    "global-writes": Limit(3000, 150),
    "global-deletes": Limit(3000, 150),
}
COMPUTE_LIMITS: Mapping[str, Limit] = {
    "compute-read": Limit(36, 12 / 60),
    "compute-update": Limit(12, 4 / 60),
    "compute-delete": Limit(12, 4 / 60),
    "compute-poll": Limit(45, 15 / 60),
    "compute-list": Limit(900, 300 / 60),
    "compute-all-read": Limit(24_000, 8_000 / 60),
    "compute-all-update": Limit(1_500, 500 / 60),
    "compute-all-delete": Limit(1_500, 500 / 60),
    "compute-all-poll": Limit(15_000, 5_000 / 60),
}
"""Per machine, and, with `all`, per subscription and region."""

NETWORK_LIMITS: Mapping[str, Limit] = {
    "network-reads": Limit(10_000, 10_000 / 300),
    "network-writes": Limit(1_000, 1_000 / 300),
}
LIMITS: Mapping[str, Limit] = {**ARM_LIMITS, **COMPUTE_LIMITS, **NETWORK_LIMITS}
KINDS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}


class Buckets:
    """Buckets by name, filled by scaled time. They live in memory: a new process begins with full ones."""

    def __init__(self, timing: Timing, limits: Mapping[str, Limit] = LIMITS) -> None:
        self._timing = timing
        self._limits = limits
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, limit: str, owner: str, *, enforce: bool) -> tuple[int, float]:
        """Take one token: what remains, and the Azure seconds to wait (0 when there was one to take)."""
        bucket = self._limits[limit]
        now = self._timing.now()
        level, at = self._levels.get((limit, owner), (bucket.capacity, now))
        elapsed = now - at
        # At a scale of 0 no time passes, and a bucket would stay empty for good.
        passed = elapsed / self._timing.scale if self._timing.scale else bucket.capacity
        level = min(bucket.capacity, level + max(passed, 0.0) * bucket.per_second)
        if level < 1:
            self._levels[limit, owner] = (level, now)
            return 0, (1 - level) / bucket.per_second if enforce else 0.0
        self._levels[limit, owner] = (level - 1, now)
        return int(level - 1), 0.0


def kind_of(method: str) -> str:
    """reads, writes or deletes."""
    return KINDS.get(method, "writes")

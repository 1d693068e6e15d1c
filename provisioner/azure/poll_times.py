"""When to ask about a running operation next, where Azure does not say it by a Retry-After.

In: what is usual for its kind, and how long it has run. Out: seconds of Azure. The first look comes about when it
usually ends, further ones follow closely, and ever more slowly once it takes much longer.

Compute answers 45 questions about the operations of one machine at once and 15 a minute after that ("Compute throttling
limits"), so nothing there is asked for more often than every 4 s.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..resource import Kind

_LONG_S = 20.0
_SHORTEST_S = 1.0
_SHORTEST_COMPUTE_S = 4.0
_LONGEST_S = 30.0
_PART = {"DELETE": 2 / 3, "PATCH": 1 / 3}
"""Of what a create takes; the recorded medians of a machine are 96, 61 and 30 s."""


@dataclass(frozen=True)
class PollTimes:
    """Of one operation."""

    typical_s: float
    shortest_s: float

    def next_s(self, elapsed_s: float) -> float:
        """Seconds until the next look; ``elapsed_s`` is 0 before the first."""
        if not elapsed_s:
            # What is short is mostly over before its median: that was measured by looking.
            first_s = self.typical_s if self.typical_s >= _LONG_S else self.typical_s / 2
            return max(first_s, _SHORTEST_S)
        is_late = elapsed_s > 2 * self.typical_s
        return min(max(self.shortest_s, self.typical_s / 16, elapsed_s / 10 if is_late else 0.0), _LONGEST_S)


def poll_times(kind: Kind, method: str) -> PollTimes:
    """For a PUT, a PATCH or a DELETE of a kind."""
    is_compute = kind.type.lower().startswith("microsoft.compute/virtualmachines")
    return PollTimes(kind.typical_s * _PART.get(method, 1.0), _SHORTEST_COMPUTE_S if is_compute else _SHORTEST_S)

"""When to ask about a running operation next, where Azure does not say it by a Retry-After.

In: what is usual for its kind, and how long it has run. Out: seconds of Azure. The first look comes about when it
usually ends, further ones follow closely, and ever more slowly once it takes much longer.
"""

from __future__ import annotations

from ..resources.kind import Kind

_LONG_S = 20.0
_LONGEST_S = 30.0


def next_s(kind: Kind, typical_s: float, elapsed_s: float) -> float:
    """Seconds until the next look; ``elapsed_s`` is 0 before the first."""
    shortest_s = kind.timing.least_poll_s
    if not elapsed_s:
        # What is short is mostly over before its median: that was measured by looking.
        return max(typical_s if typical_s >= _LONG_S else typical_s / 2, shortest_s)
    is_late = elapsed_s > 2 * typical_s
    return min(max(shortest_s, typical_s / 16, elapsed_s / 10 if is_late else 0.0), _LONGEST_S)

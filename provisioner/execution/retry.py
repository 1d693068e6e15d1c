"""How often and how long a change is tried again: backoff with jitter, inside a budget of time.

In: failures, one after the other. Out: the pause before the next try, or None when it is to be given up. Seconds are
Azure's; ``time_scale`` turns them into ours.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from ..azure.errors import verdict
from ..base.diagnostics import AzureFailure
from .timeouts import Limit

BUDGET_S = 600.0
LATE_BUDGET_S = 300.0
"""For what is there and not known everywhere yet: the longest wait for a principal that was recorded is 269 s."""
AT_LEAST_S = 3.0
"""Of our time, for every budget: scaled time runs faster than machines do."""
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 20.0
_GROWTH = 1.6
_JITTER = 0.2


class RetryPolicy:
    """For one change; the budget begins when it is made. A limit that the spec sets is the budget.

    ``at_least_s`` is the least that a budget is, in our seconds, which ``clock`` counts. ``exhausted`` says which limit
    there was, once it is reached.
    """

    def __init__(
        self,
        chance: random.Random,
        time_scale: float,
        limit: Limit,
        at_least_s: float = AT_LEAST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._chance = chance
        self._time_scale = time_scale
        self._clock = clock
        self._began = clock()
        self._wait_s = _FIRST_WAIT_S
        self._limit = limit
        self._at_least_s = at_least_s
        self.tries = 1
        self.exhausted = ""

    def begin(self) -> None:
        """The time for it counts from now: what it had to wait for is over."""
        self._began = self._clock()

    def pause(self, failure: AzureFailure, is_late: bool = False) -> float | None:
        """Our seconds until the next try; a Retry-After is a lower bound.

        ``is_late``: what Azure misses exists, and is not known everywhere yet.
        """
        if verdict(failure) != "transient" and not is_late:
            return None
        budget_s = LATE_BUDGET_S if is_late else BUDGET_S
        is_chosen = self._limit.is_chosen and (not is_late or self._limit.seconds < budget_s)
        budget_s = self._limit.seconds if is_chosen else budget_s
        wait_s = self._wait_s * self._chance.uniform(1 - _JITTER, 1 + _JITTER) * self._time_scale
        wait_s = max(wait_s, failure.retry_after_s)
        if self._clock() - self._began + wait_s > max(budget_s * self._time_scale, self._at_least_s):
            self.exhausted = self._limit.text if is_chosen else f"{budget_s / 60:.0f} minutes for trying again"
            return None
        self._wait_s = min(self._wait_s * _GROWTH, _LONGEST_WAIT_S)
        self.tries += 1
        return wait_s

    def longest_s(self, least_s: float) -> float:
        """Our seconds that a write may take from now on; one whose limit the spec sets has what is left of that."""
        if not self._limit.is_chosen:
            return max(self._limit.seconds * self._time_scale, least_s)
        used_s = self._clock() - self._began
        return max(self._limit.seconds * self._time_scale, self._at_least_s) - used_s

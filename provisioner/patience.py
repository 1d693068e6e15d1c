"""How often and how long a change is tried again: backoff with jitter, inside a budget of time.

In: failures, one after the other. Out: the pause before the next try, or None when it is to be given up. Seconds are
Azure's; ``time_scale`` turns them into ours.
"""

from __future__ import annotations

import random
import time

from .azure.errors import verdict
from .diagnostics import AzureFailure

BUDGET_S = 600.0
PRINCIPAL_BUDGET_S = 300.0
"""For a principal that is there and not yet known everywhere: the longest wait that was recorded is 269 s."""
_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 20.0
_GROWTH = 1.6
_JITTER = 0.2


class Patience:
    """For one change; the budget begins when it is made."""

    def __init__(self, chance: random.Random, time_scale: float, is_principal_known: bool) -> None:
        self._chance = chance
        self._time_scale = time_scale
        self._is_principal_known = is_principal_known
        self._began = time.monotonic()
        self._wait_s = _FIRST_WAIT_S
        self.tries = 1

    def pause(self, failure: AzureFailure) -> float | None:
        """Our seconds until the next try; a Retry-After is a lower bound."""
        found = verdict(failure)
        if found == "permanent" or (found == "new principal" and not self._is_principal_known):
            return None
        budget_s = PRINCIPAL_BUDGET_S if found == "new principal" else BUDGET_S
        wait_s = self._wait_s * self._chance.uniform(1 - _JITTER, 1 + _JITTER) * self._time_scale
        wait_s = max(wait_s, failure.retry_after_s)
        if time.monotonic() - self._began + wait_s > budget_s * self._time_scale:
            return None
        self._wait_s = min(self._wait_s * _GROWTH, _LONGEST_WAIT_S)
        self.tries += 1
        return wait_s

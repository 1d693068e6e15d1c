"""What one attempt at a change came to, as a value; the loop that repeats attempts is in the executor.

In: nothing. Out: ``End`` if the change is over, ``Again`` if it is to be tried once more.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..base.diagnostics import AzureFailure
from .events import Outcome
from .retry import RetryPolicy
from .timeouts import Limit


@dataclass(frozen=True)
class End:
    """How a change ended; ``caused_by`` is the address of the root cause if it was skipped."""

    outcome: Outcome
    failure: AzureFailure | None = None
    caused_by: str = ""


@dataclass(frozen=True)
class Again:
    """Try once more: after ``delay_s`` wall-clock seconds, or at once if that is None. ``detail`` is for people."""

    failure: AzureFailure
    detail: str
    delay_s: float | None = None


@dataclass
class Attempts:
    """The attempts at one change so far.

    before: what the last failure said, for a time limit that ends the next attempt.
    rebases: how often the change was planned again, since another writer was first.
    """

    policy: RetryPolicy
    limit: Limit
    before: str = ""
    rebases: int = 0

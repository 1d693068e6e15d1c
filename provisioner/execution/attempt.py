"""What one attempt at a step came to, as a value; the loop that repeats attempts is in the executor.

In: nothing. Out: ``End`` if the step is over, ``Again`` if it is to be tried once more.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..base.diagnostics import AccessError, AzureFailure
from .events import Outcome
from .retry import RetryPolicy
from .timeouts import Limit


@dataclass(frozen=True)
class End:
    """How a step or a change ended.

    caused_by: the address of the root cause if it was skipped.
    error: Azure refused the credentials, which no other change can use either.
    """

    outcome: Outcome
    failure: AzureFailure | None = None
    caused_by: str = ""
    error: AccessError | None = None


@dataclass(frozen=True)
class Again:
    """Try once more: after ``delay_s`` wall-clock seconds, or at once if that is None. ``detail`` is for people."""

    failure: AzureFailure
    detail: str
    delay_s: float | None = None


@dataclass
class Attempts:
    """The attempts at one step so far; ``policy`` and ``limit`` are those of its change.

    before: what the last failure said, for a time limit that ends the next attempt.
    rebases: how often the object was read again, since another writer was first.
    """

    policy: RetryPolicy
    limit: Limit
    before: str = ""
    rebases: int = 0

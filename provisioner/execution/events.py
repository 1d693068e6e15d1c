"""What happens while a plan is carried out, as values: the executor emits them, listeners draw them.

In: nothing. Out: ``Event`` and ``Result``. A listener is any callable that takes an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ..base.diagnostics import AzureFailure
from ..base.values import Body
from ..planning.plan import Change

Phase = Literal["started", "accepted", "retrying", "finished"]
Outcome = Literal["succeeded", "failed", "skipped", "cancelled", "unchanged"]


@dataclass(frozen=True)
class Result:
    """How one change ended; ``caused_by`` names the address whose failure made it be skipped."""

    change: Change
    outcome: Outcome
    body: Body | None = None
    failure: AzureFailure | None = None
    caused_by: str = ""
    elapsed_s: float = 0.0


@dataclass(frozen=True)
class Event:
    """One step of one change; ``at_s`` counts from the start of the run, ``failure`` is what is tried again for."""

    phase: Phase
    change: Change
    at_s: float
    detail: str = ""
    result: Result | None = None
    failure: AzureFailure | None = None

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "event": self.phase,
            "address": self.change.address,
            "action": self.change.action,
            "id": self.change.id,
            "at_s": round(self.at_s, 3),
        }
        if self.detail:
            found["detail"] = self.detail
        if self.result is not None:
            found["outcome"] = self.result.outcome
            if self.result.caused_by:
                found["because"] = self.result.caused_by
        failure = self.failure or (self.result.failure if self.result is not None else None)
        if failure is not None:
            found["error"] = {"code": failure.code, "message": failure.message, "request_id": failure.request_id}
        return found


Listener = Callable[[Event], None]

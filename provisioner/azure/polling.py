"""Waits for the end of a long-running operation; how that is read off answers is left to the SDK.

In: the first answer. Out: the last. A Retry-After is kept; without one ``poll_times`` says when. Questions share
the budget of reads, and those go first whose operation should have ended first. Nothing is asked about what was done at
once: a network interface is created with state Succeeded in all 532 recorded answers, and changed so where no machine
uses it, and still has an operation.
"""

from __future__ import annotations

import json
import time
from datetime import datetime

from azure.mgmt.core.polling.async_arm_polling import AsyncARMPolling

from ..base.values import Body
from ..resources.kind import Kind
from .history import History, Verb
from .poll_times import next_s
from .rate_limiter import asking
from .reading import parsed
from .sdk import HttpResponse, PipelineResponse

_CREATED = 201
_OK = 200


class Polling(AsyncARMPolling):  # type: ignore[misc]
    """For one operation; ``time_scale`` of our seconds are one of Azure's. The history learns how long it took."""

    def __init__(self, kind: Kind, history: History, time_scale: float) -> None:
        # The SDK's interval between two looks is not used: update_status() waits by itself.
        super().__init__(timeout=0)
        self._kind = kind
        self._history = history
        self._time_scale = time_scale
        self._began = time.monotonic()
        self._elapsed_s = 0.0
        self._typical_s = 0.0
        self._took_s = 0.0

    async def _poll(self) -> None:
        first = self._initial_response.http_response
        if _is_done_at_once(first):
            return
        verb = _verb(first)
        self._typical_s = self._history.typical_s(self._kind, verb)
        self._began = time.monotonic()
        await super()._poll()
        # With a time scale of 0 nothing takes time, and there is nothing to learn.
        if self._time_scale:
            self._history.learn(self._kind, verb, self._took_s / self._time_scale)

    def _parse_resource(self, pipeline_response: PipelineResponse) -> Body:
        """The wire's JSON, without the models that the SDK would make of it first: a sixth of an apply's time."""
        return parsed(pipeline_response.http_response.text())

    async def update_status(self) -> None:
        wait_s = next_s(self._kind, self._typical_s, self._elapsed_s) * self._time_scale
        await self._sleep(self._extract_delay() or wait_s)
        with asking(expected_end=self._began + self._typical_s * self._time_scale):
            await super().update_status()
        seen_s = time.monotonic() - self._began
        self._elapsed_s = seen_s / (self._time_scale or 1.0)
        if self.finished():
            self._took_s = _own_s(self._pipeline_response.http_response) or seen_s

    async def _delay(self) -> None:
        """The waiting is done before the question, the first one too: the SDK's own asks at once."""


def _verb(response: HttpResponse) -> Verb:
    """Of the request that began it; what is there already is answered with 200."""
    if response.request.method == "DELETE":
        return "delete"
    return "update" if response.request.method in ("PATCH", "POST") or response.status_code == _OK else "create"


def _is_done_at_once(response: HttpResponse) -> bool:
    if response.request.method != "PUT" or response.status_code not in (_OK, _CREATED):
        return False
    properties = json.loads(response.text() or "{}").get("properties")
    return isinstance(properties, dict) and properties.get("provisioningState") == "Succeeded"


def _own_s(response: HttpResponse) -> float | None:
    """What compute says itself of how long it took: ``startTime`` and ``endTime`` of the last answer."""
    try:
        body = json.loads(response.text())
        began, ended = datetime.fromisoformat(body["startTime"]), datetime.fromisoformat(body["endTime"])
        return (ended - began).total_seconds()
    except (ValueError, KeyError, TypeError):
        return None

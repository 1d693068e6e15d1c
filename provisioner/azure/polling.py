"""Waits for the end of a long-running operation; how that is read off answers is left to the SDK.

In: the first answer. Out: the last. A Retry-After is kept; without one the times are ``PollTimes``'s. Questions share
the budget of reads, and those go first whose operation should have ended first. Nothing is asked about what was done at
once: a network interface is created with state Succeeded in all 532 recorded answers, and still has an operation.
"""

from __future__ import annotations

import json
import time
from typing import Any

from azure.mgmt.core.polling.async_arm_polling import AsyncARMPolling

from .budget import asking
from .poll_times import PollTimes

_CREATED = 201


class Polling(AsyncARMPolling):  # type: ignore[misc]
    """For one operation; ``time_scale`` of our seconds are one of Azure's."""

    def __init__(self, times: PollTimes, time_scale: float) -> None:
        super().__init__(timeout=0)
        self._times = times
        self._time_scale = time_scale
        self._began = time.monotonic()
        self._elapsed_s = 0.0

    async def _poll(self) -> None:
        if not _is_done_at_once(self._initial_response.http_response):
            self._began = time.monotonic()
            await super()._poll()

    async def update_status(self) -> None:
        await self._sleep(self._extract_delay() or self._times.next_s(self._elapsed_s) * self._time_scale)
        with asking(expected_end=self._began + self._times.typical_s * self._time_scale):
            await super().update_status()
        self._elapsed_s = (time.monotonic() - self._began) / (self._time_scale or 1.0)

    async def _delay(self) -> None:
        """The waiting is done before the question, the first one too: the SDK's own asks at once."""


def _is_done_at_once(response: Any) -> bool:
    if response.request.method != "PUT" or response.status_code != _CREATED:
        return False
    properties = json.loads(response.text() or "{}").get("properties")
    return isinstance(properties, dict) and properties.get("provisioningState") == "Succeeded"

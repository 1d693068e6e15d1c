"""The object in a resource group that stands for a lock: an application security group that nothing uses.

In: names and tags. Out: what is there, and whether a conditional write was done. It is chosen since the network
provider keeps true ETags, it costs nothing, and no traffic knows it (docs/decisions/0005-a-lock-in-azure.md).
REST "Application Security Groups", 2024-05-01; conditions: "ETags for Resources" in the addendum of Azure's
resource provider contract (PUT with If-None-Match ``*``: 201, or 412 where the resource exists).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ..base import arm_id
from ..base.diagnostics import ExecutionError
from ..comparison.ownership_tags import LOCK_TYPE
from .clients import Clients
from .errors import is_missing, translated, verdict
from .reading import wire
from .sdk import PipelineResponse

_CREATED = 201
Made = Literal["created", "refused", "overwritten"]
"""Refused: it is there, or still going. Overwritten: it was there, and the condition was not regarded."""
_IN_ANOTHER_LOCATION = "InvalidResourceLocation"
_CONFLICT = 409
_PRECONDITION_FAILED = 412
_TOO_MANY = 429


@dataclass(frozen=True)
class Found:
    """What a lock object says; ``is_going`` while its delete runs."""

    tags: Mapping[str, str]
    etag: str
    location: str
    is_going: bool


class LockObjects:
    """All requests raise ``ExecutionError`` or ``AccessError``; ``now`` is Azure's time."""

    def __init__(self, clients: Clients, now: Callable[[], datetime] | None = None) -> None:
        self._clients = clients
        self.now = now or clients.clock.now

    async def read(self, group: str, name: str) -> Found | None:
        try:
            with translated(self._id(group, name)):
                body = await self._client.get(group, name, cls=wire)
        except ExecutionError as error:
            if is_missing(error):
                return None
            raise
        is_going = str((body.get("properties") or {}).get("provisioningState", "")).lower() == "deleting"
        return Found(body.get("tags") or {}, str(body.get("etag", "")), str(body.get("location", "")), is_going)

    async def create(self, group: str, name: str, location: str, tags: Mapping[str, str]) -> Made:
        """Make it where it is not there."""
        status = await self._put(group, name, location, tags, {"If-None-Match": "*"})
        if status == _CREATED:
            return "created"
        return "overwritten" if status else "refused"

    async def replace(self, group: str, name: str, found: Found, tags: Mapping[str, str]) -> bool:
        """Write it anew; false where it is not any more as it was found."""
        return bool(await self._put(group, name, found.location, tags, {"If-Match": found.etag}))

    async def delete(self, group: str, name: str) -> bool:
        """Have it deleted, without waiting for the end; false while another operation runs on it."""
        try:
            with translated(self._id(group, name)):
                await self._client.begin_delete(group, name, polling=False)
        except ExecutionError as error:
            if is_missing(error):
                return True
            if error.failure.status in (_CONFLICT, _TOO_MANY) and verdict(error.failure) == "transient":
                return False
            raise
        return True

    async def _put(
        self, group: str, name: str, location: str, tags: Mapping[str, str], condition: dict[str, str]
    ) -> int:
        """The status; 0 where the condition does not hold, or another operation runs."""
        content = io.BytesIO(json.dumps({"location": location, "tags": dict(tags)}).encode())
        try:
            with translated(self._id(group, name)):
                poller = await self._client.begin_create_or_update(
                    group, name, content, headers=condition, polling=False, cls=_status
                )
                return int(await poller.result())
        except ExecutionError as error:
            # An object of that name in another region answers so, before the condition is looked at.
            if error.failure.status == _PRECONDITION_FAILED or error.failure.code == _IN_ANOTHER_LOCATION:
                return 0
            if error.failure.status in (_CONFLICT, _TOO_MANY) and verdict(error.failure) == "transient":
                return 0
            raise

    @property
    def _client(self) -> Any:
        return self._clients.get("network").application_security_groups

    def _id(self, group: str, name: str) -> str:
        return arm_id.resource(arm_id.resource_group(self._clients.subscription_id, group), LOCK_TYPE, name)


def _status(response: PipelineResponse, model: object, headers: object) -> int:
    return int(response.http_response.status_code)

"""A lock on a deployment for the length of a run: an object in its resource group that says who holds it till when.

In: the requests on that object, who takes it, and the time. Out: the lock, or who holds it. It is advisory: without it
names and ETags still keep two runs from harm. A lock that is not renewed ends by itself, so a killed run locks nothing
for ever. Clocks may differ by a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from .azure.lock_object import Found, Made
from .diagnostics import AccessError, ExecutionError
from .marks import LOCK_TAG

LEASE = timedelta(minutes=5)
_RENEW_EVERY_S = 100.0
_GRACE = timedelta(minutes=1)
_LONGEST_NAME = 80
_LONGEST_VALUE = 256
_TRIES = 40
_PAUSE_S = 1.5
_AT_LEAST_S = 0.05
_NO_GROUP = "ResourceGroupNotFound"


class Objects(Protocol):
    """The requests on a lock's object; see ``azure.lock_object.LockObjects``."""

    async def read(self, group: str, name: str) -> Found | None: ...
    async def create(self, group: str, name: str, location: str, tags: Mapping[str, str]) -> Made: ...
    async def replace(self, group: str, name: str, location: str, tags: Mapping[str, str], etag: str) -> bool: ...
    async def delete(self, group: str, name: str) -> bool: ...


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: ``run`` is the correlation ID of its requests, ``who`` names principal, host and process."""

    deployment: str
    run: str
    who: str
    command: str
    since: datetime
    until: datetime

    def tags(self) -> dict[str, str]:
        values = {
            LOCK_TAG: self.deployment,
            f"{LOCK_TAG}-run": self.run,
            f"{LOCK_TAG}-who": self.who,
            f"{LOCK_TAG}-command": self.command,
            f"{LOCK_TAG}-since": _text(self.since),
            f"{LOCK_TAG}-until": _text(self.until),
        }
        return {name: value[:_LONGEST_VALUE] for name, value in values.items()}

    def is_over(self, now: datetime) -> bool:
        return now > self.until + _GRACE

    def __str__(self) -> str:
        return f"{self.command} by {self.who}, since {_text(self.since)}, until {_text(self.until)} if not renewed"


def read_holder(tags: Mapping[str, str]) -> Holder:
    """What the tags of a lock say; times that cannot be read are long ago."""
    found = {name: str(tags.get(f"{LOCK_TAG}-{name}", "")) for name in ("run", "who", "command", "since", "until")}
    since, until = _time(found["since"]), _time(found["until"])
    return Holder(str(tags.get(LOCK_TAG, "")), found["run"], found["who"], found["command"], since, until)


def name(deployment: str) -> str:
    """The name of a deployment's lock; deployments that differ only in the case of letters share it."""
    found = f"{LOCK_TAG}-{deployment}"
    if len(found) <= _LONGEST_NAME:
        return found
    return f"{LOCK_TAG}-{hashlib.sha256(deployment.encode()).hexdigest()[:32]}"


class Lock:
    """One run's lock on a deployment in a resource group."""

    def __init__(
        self,
        objects: Objects,
        group: str,
        location: str,
        holder: Holder,
        now: Callable[[], datetime],
        time_scale: float,
    ) -> None:
        self._objects = objects
        self._where = (group, name(holder.deployment))
        self._location = location
        self._holder = holder
        self._now = now
        self._pause_s = max(_PAUSE_S * time_scale, _AT_LEAST_S)
        self._has_overwritten = False
        self._was_tried = False
        self.is_held = False

    async def take(self) -> Holder | None:
        """Take it; who holds it where it cannot be had. A lock that is over is taken over.

        Raises:
            ExecutionError: the group is not there, or Azure does not let us.
        """
        self._was_tried = True
        for _ in range(_TRIES):
            made = await self._objects.create(*self._where, self._location, self._tags())
            if made == "created":
                self._has_overwritten, self.is_held = False, True
                return None
            self._has_overwritten |= made == "overwritten"
            found = await self._objects.read(*self._where)
            if found is not None and not found.is_going:
                holder = read_holder(found.tags)
                is_over = holder.is_over(self._now())
                self._has_overwritten &= holder.run == self._holder.run and not is_over
                if self._has_overwritten:
                    return replace(holder, who="somebody who began at the same moment", command="a run")
                if not is_over and holder.run != self._holder.run:
                    return holder
                if await self._objects.replace(*self._where, self._location, self._tags(), found.etag):
                    self.is_held = True
                    return None
            await asyncio.sleep(self._pause_s)
        return replace(self._holder, who="somebody who is just letting it go", command="a run")

    @contextlib.contextmanager
    def kept(self, lost: Callable[[str], None]) -> Iterator[None]:
        """Renew it inside; ``lost`` is told who has it when it is ours no more."""
        if not self.is_held:
            yield
            return
        task = asyncio.get_running_loop().create_task(self._keep(lost))
        try:
            yield
        finally:
            task.cancel()

    async def _keep(self, lost: Callable[[str], None]) -> None:
        while self.is_held:
            await asyncio.sleep(_RENEW_EVERY_S)
            with contextlib.suppress(ExecutionError, AccessError):
                await self.renew(lost)

    async def renew(self, lost: Callable[[str], None]) -> None:
        """Once: with the group gone there is nothing to lock any more."""
        found = await self._objects.read(*self._where)
        if found is not None and read_holder(found.tags).run == self._holder.run:
            if found.is_going or await self._objects.replace(*self._where, self._location, self._tags(), found.etag):
                return
            found = await self._objects.read(*self._where)
            if found is None or read_holder(found.tags).run == self._holder.run:
                return
        if found is None:
            try:
                if await self._objects.create(*self._where, self._location, self._tags()) == "created":
                    return
            except ExecutionError as error:
                self.is_held = error.failure.code != _NO_GROUP
                return
            found = await self._objects.read(*self._where)
        if found is not None and read_holder(found.tags).run != self._holder.run:
            self.is_held = False
            lost(str(read_holder(found.tags)))

    async def release(self) -> None:
        """Let it go where it is still ours, also when taking it was interrupted; what goes wrong ends by time."""
        if not self._was_tried or self._has_overwritten:
            return
        self.is_held = self._was_tried = False
        with contextlib.suppress(ExecutionError, AccessError):
            found = await self._objects.read(*self._where)
            if found is None or read_holder(found.tags).run != self._holder.run:
                return
            for _ in range(_TRIES):
                if await self._objects.delete(*self._where):
                    return
                await asyncio.sleep(self._pause_s)

    def _tags(self) -> dict[str, str]:
        return replace(self._holder, until=self._now() + LEASE).tags()


def is_group_missing(error: ExecutionError) -> bool:
    """Whether there is no resource group for the lock yet, or no more."""
    return error.failure.code == _NO_GROUP


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

"""A lock on a deployment for the length of a run: an object in its resource group that says who holds it till when.

In: the requests on that object, and who takes it. Out: the lock, or who holds it. It is advisory: without it
names and ETags still keep two runs from harm. A lock that is not renewed ends by itself, so a killed run locks nothing
for ever. Times are Azure's, so that the machines' own clocks may be wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from ...azure.errors import verdict
from ...azure.lock_object import Found, Made
from ...base.diagnostics import AccessError, ExecutionError
from .lock_info import EXPIRED, LEASE, LockInfo, name, read_holder

_RENEW_EVERY_S = 100.0
_TRIES = 40
_TRIES_IN_TROUBLE = 5
_TRIES_TO_RELEASE = 3
_PAUSE_S = 1.5
_AT_LEAST_S = 0.05
_NO_GROUP = "ResourceGroupNotFound"


class Objects(Protocol):
    """The requests on a lock's object; see ``azure.lock_object.LockObjects``."""

    now: Callable[[], datetime]

    async def read(self, group: str, name: str) -> Found | None: ...
    async def create(self, group: str, name: str, location: str, tags: Mapping[str, str]) -> Made: ...
    async def replace(self, group: str, name: str, found: Found, tags: Mapping[str, str]) -> bool: ...
    async def delete(self, group: str, name: str) -> bool: ...


class Lock:
    """One run's lock on a deployment in a resource group; ``tags`` go onto it too, as policies may ask for them."""

    def __init__(
        self,
        objects: Objects,
        group: str,
        location: str,
        holder: LockInfo,
        time_scale: float,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self._objects = objects
        self._where = (group, name(holder.deployment))
        self._location = location
        self._holder = holder
        self._more_tags = tags or {}
        self._pause_s = max(_PAUSE_S * time_scale, _AT_LEAST_S)
        self._has_overwritten = False
        self._was_tried = False
        self.is_held = False

    async def take(self) -> LockInfo | None:
        """Take it; who holds it where it cannot be had. A lock that is over is taken over.

        Who may not write it still regards the one that somebody else holds.

        Raises:
            ExecutionError: the group is not there, Azure does not let us, or has trouble that lasts.
        """
        self._was_tried = True
        troubles = 0
        for _ in range(_TRIES):
            try:
                holder = await self._tried()
            except ExecutionError as error:
                if is_group_missing(error):
                    raise
                troubles += 1
                is_refused = verdict(error.failure) != "transient"
                if is_refused and (other := await self.other()) is not None:
                    return other
                if is_refused or troubles == _TRIES_IN_TROUBLE:
                    raise
            else:
                if holder is not None or self.is_held:
                    return holder
            await asyncio.sleep(self._pause_s)
        return replace(self._holder, who="another user or tool that is releasing it", command="a run")

    async def _tried(self) -> LockInfo | None:
        """Once: who holds it; nobody, and it is not held, where it is worth another try."""
        made = await self._objects.create(*self._where, self._location, self._tags())
        if made == "created":
            self._has_overwritten, self.is_held = False, True
            return None
        self._has_overwritten |= made == "overwritten"
        found = await self._objects.read(*self._where)
        if found is None or found.is_going:
            return None
        holder = read_holder(found.tags)
        is_over = holder.is_over(self._objects.now())
        self._has_overwritten &= holder.run == self._holder.run and not is_over
        if self._has_overwritten:
            return replace(holder, who="another user or tool that began at the same moment", command="a run")
        if not is_over and holder.run != self._holder.run:
            return holder
        self.is_held = await self._objects.replace(*self._where, found, self._tags())
        return None

    async def other(self) -> LockInfo | None:
        """Who else holds it, as far as we may see that."""
        with contextlib.suppress(ExecutionError):
            found = await self._objects.read(*self._where)
            if found is not None and not found.is_going:
                holder = read_holder(found.tags)
                is_ours = holder.run == self._holder.run
                return None if is_ours or holder.is_over(self._objects.now()) else holder
        return None

    @property
    def name(self) -> str:
        return self._where[1]

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
            if found.is_going or await self._objects.replace(*self._where, found, self._tags()):
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
        for _ in range(_TRIES_TO_RELEASE):
            try:
                found = await self._objects.read(*self._where)
                if found is not None and read_holder(found.tags).run == self._holder.run:
                    await end(self._objects, self._where, found, self._pause_s)
                return
            except AccessError:
                return
            except ExecutionError as error:
                if verdict(error.failure) != "transient":
                    return
            await asyncio.sleep(self._pause_s)

    def _tags(self) -> dict[str, str]:
        return {**self._more_tags, **replace(self._holder, until=self._objects.now() + LEASE).tags()}


async def end(objects: Objects, where: tuple[str, str], found: Found, pause_s: float = _PAUSE_S) -> None:
    """Delete a lock; one that may not be deleted says from now on that it is over.

    Raises:
        ExecutionError, AccessError: neither is allowed.
    """
    try:
        for _ in range(_TRIES):
            if await objects.delete(*where):
                return
            await asyncio.sleep(pause_s)
    except ExecutionError as error:
        if verdict(error.failure) == "transient":
            raise
        over = replace(read_holder(found.tags), until=EXPIRED)
        await objects.replace(*where, found, {**found.tags, **over.tags()})


def is_group_missing(error: ExecutionError) -> bool:
    """Whether there is no resource group for the lock yet, or no more."""
    return error.failure.code == _NO_GROUP

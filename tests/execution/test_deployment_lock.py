"""A lock on the simulator: taken, renewed, lost, taken over, let go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from provisioner.azure import clock as azure_clock
from provisioner.azure import credentials
from provisioner.azure.clients import Clients
from provisioner.azure.lock_object import LockObjects
from provisioner.execution.deployment_lock import lock_info as holders
from provisioner.execution.deployment_lock.lock import Lock
from provisioner.execution.deployment_lock.lock_info import LEASE, LockInfo
from tests.harness import World, world

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GROUP = "payroll"


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def lock(here: World, run: str, clock: Clock) -> Lock:
    holder = LockInfo("payroll", run, f"{run} on laptop", "apply", clock.now, clock.now + LEASE)
    return Lock(LockObjects(here.clients, clock), GROUP, "westus2", holder, here.session.time_scale)


@contextlib.asynccontextmanager
async def machine(here: World, run: str, clock_error: timedelta) -> AsyncIterator[Lock]:
    """The lock of a run on a machine whose own clock is wrong."""
    session = here.session
    wrong = azure_clock.Clock(lambda: datetime.now(UTC) + clock_error)
    credential = credentials.make(session.cloud)
    clients = Clients(session.cloud, credential, session.subscription_id, session.time_scale, wrong)
    objects = LockObjects(clients)
    try:
        await objects.read(GROUP, NAME)  # as a run has asked much before it takes its lock
        now = objects.now()
        holder = LockInfo("payroll", run, f"{run} on laptop", "apply", now, now + LEASE)
        yield Lock(objects, GROUP, "westus2", holder, session.time_scale)
    finally:
        await clients.close()


async def make_group(here: World) -> None:
    assert (await here.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"}))[0] == 201


async def settled(here: World) -> None:
    """The end of the operation on the lock's object."""
    for _ in range(10_000):
        _, body = await here.arm("GET", here.in_group(GROUP, "Microsoft.Network/applicationSecurityGroups", NAME))
        if body is None or body.get("properties", {}).get("provisioningState") not in ("Updating", "Deleting"):
            return


NAME = holders.name("payroll")


async def test_of_many_at_once_one_gets_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        locks = [lock(here, f"run-{number}", clock) for number in range(6)]
        holders = await asyncio.gather(*(one.take() for one in locks))
        assert sum(holder is None for holder in holders) == 1
        assert [one.is_held for one in locks] == [holder is None for holder in holders]
        winner = locks[holders.index(None)]
        await winner.release()
        await settled(here)
        assert await lock(here, "later", clock).take() is None


async def test_a_lock_that_is_over_is_taken_over_and_its_holder_told(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        first, second = lock(here, "first", clock), lock(here, "second", clock)
        assert await first.take() is None
        clock.now += LEASE + timedelta(seconds=30)
        holder = await second.take()
        assert holder is not None and holder.run == "first"
        clock.now += timedelta(minutes=1)
        assert await second.take() is None
        told: list[str] = []
        await first.renew(told.append)
        assert not first.is_held
        assert len(told) == 1 and "second on laptop" in told[0]
        await first.release()
        assert await here.session.operations.locks.read(GROUP, NAME) is not None


async def test_renewing_holds_it_longer(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        first, told = lock(here, "first", clock), list[str]()
        assert await first.take() is None
        await settled(here)
        clock.now += timedelta(minutes=4)
        await first.renew(told.append)
        clock.now += timedelta(minutes=4)
        holder = await lock(here, "second", clock).take()
        assert holder is not None and holder.until == NOW + timedelta(minutes=4) + LEASE
        assert told == []


async def test_a_removed_lock_is_taken_again_unless_its_group_is_gone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        first, told = lock(here, "first", clock), list[str]()
        assert await first.take() is None
        await settled(here)
        await here.session.operations.locks.delete(GROUP, NAME)
        await settled(here)
        await first.renew(told.append)
        assert first.is_held
        await here.arm("DELETE", f"/resourceGroups/{GROUP}")
        await first.renew(told.append)
        assert not first.is_held
        assert told == []


@pytest.mark.parametrize("hours", [-3, 3])
async def test_a_clock_that_is_wrong_neither_loses_a_lock_nor_takes_one(tmp_path: Path, hours: int) -> None:
    wrong = timedelta(hours=hours)
    async with world(tmp_path) as here:
        await make_group(here)
        async with machine(here, "right", timedelta(0)) as right, machine(here, "wrong", wrong) as other:
            assert await right.take() is None
            holder = await other.take()
            assert holder is not None and holder.run == "right"
            await right.release()
            await settled(here)
            assert await other.take() is None
            holder = await right.take()
            assert holder is not None and holder.run == "wrong"
            assert abs(holder.until - datetime.now(UTC) - LEASE) < timedelta(minutes=2)


async def test_a_lock_that_was_killed_holds_until_its_time_is_over(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        assert await lock(here, "killed", clock).take() is None
        for minutes in (0, 4, 1):
            clock.now += timedelta(minutes=minutes)
            assert await lock(here, "next", clock).take() is not None
        clock.now += timedelta(minutes=2)
        next_ = lock(here, "next", clock)
        assert await next_.take() is None
        await next_.release()
        await settled(here)
        assert await here.session.operations.locks.read(GROUP, NAME) is None


async def test_a_lock_of_another_location_can_be_taken_over(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await make_group(here)
        clock = Clock()
        assert await lock(here, "killed", clock).take() is None
        clock.now += timedelta(hours=1)
        holder = LockInfo("payroll", "moved", "moved", "apply", clock.now, clock.now + LEASE)
        moved = Lock(LockObjects(here.clients, clock), GROUP, "eastus", holder, here.session.time_scale)
        assert await moved.take() is None


def test_names_of_locks_are_names_in_azure() -> None:
    assert holders.name("payroll") == "provisioner-lock-payroll"
    assert len(holders.name("x" * 64)) <= 80


def test_tags_hold_what_they_say() -> None:
    holder = LockInfo("payroll", "1", "alice", "apply", NOW, NOW + LEASE)
    assert holders.read_holder(holder.tags()) == holder
    assert holders.read_holder({}).is_over(NOW)

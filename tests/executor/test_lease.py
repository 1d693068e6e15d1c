"""A lock on the simulator: taken, renewed, lost, taken over, let go."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from provisioner import lease
from provisioner.lease import LEASE, Holder, Lock
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
    holder = Holder("payroll", run, f"{run} on laptop", "apply", clock.now, clock.now + LEASE)
    return Lock(here.session.operations.locks, GROUP, "westus2", holder, clock, here.session.time_scale)


async def make_group(here: World) -> None:
    assert (await here.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"}))[0] == 201


async def settled(here: World) -> None:
    """The end of the operation on the lock's object."""
    for _ in range(10_000):
        _, body = await here.arm("GET", here.in_group(GROUP, "Microsoft.Network/applicationSecurityGroups", NAME))
        if body is None or body.get("properties", {}).get("provisioningState") not in ("Updating", "Deleting"):
            return


NAME = lease.name("payroll")


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


def test_names_of_locks_are_names_in_azure() -> None:
    assert lease.name("payroll") == "provisioner-lock-payroll"
    assert len(lease.name("x" * 64)) <= 80


def test_tags_hold_what_they_say() -> None:
    holder = Holder("payroll", "1", "alice", "apply", NOW, NOW + LEASE)
    assert lease.read_holder(holder.tags()) == holder
    assert lease.read_holder({}).is_over(NOW)

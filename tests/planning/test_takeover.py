"""Operations that an earlier run began: told by a plan, waited for by an apply, not begun again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from provisioner.commands import planning
from provisioner.execution.events import Event
from tests import harness
from tests.harness import World, at_once, failures
from tests.kinds.specs import HEAD, NETWORK, machine
from tests.simulator.conftest import Clock

SPEC = HEAD + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')


@contextlib.asynccontextmanager
async def running(clock: Clock) -> AsyncIterator[None]:
    """Time goes by, a minute at every look."""

    async def tick() -> None:
        while True:
            clock.advance(60)
            await asyncio.sleep(0.002)

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()


class Watched(list[Event]):
    """Events that say when the machine was accepted."""

    def __init__(self) -> None:
        self.accepted = asyncio.Event()

    def append(self, event: Event) -> None:
        super().append(event)
        if event.phase == "accepted" and event.change.address == "vms/web":
            self.accepted.set()


async def left_alone(world: World, clock: Clock) -> None:
    """Apply until the machine is accepted, then vanish; the clock stands still then."""
    async with running(clock):
        assert failures(await world.apply(HEAD + NETWORK)) == []
    world.events = events = Watched()
    task = asyncio.create_task(world.apply(SPEC))
    await asyncio.wait_for(events.accepted.wait(), 60)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_an_apply_waits_for_what_is_still_being_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    async with harness.world(tmp_path, now=clock, time_scale=0.001) as world:
        await left_alone(world, clock)
        loaded = world.load(SPEC)
        await planning.make_plan(loaded, world.session)
        assert "note: vms/web is Creating since an earlier run; apply waits for that" in capsys.readouterr().err
        waiting = asyncio.create_task(planning.make_plan(loaded, world.session, before_wait=at_once))
        done, _ = await asyncio.wait([waiting], timeout=1)
        assert not done
        async with running(clock):
            plan = await waiting
            assert "note: vms/web is Creating since an earlier run; waiting for that" in capsys.readouterr().err
            assert [change.address for change in plan.pending] == ["vms/web/extensions/setup"]
            assert failures(await world.execute(plan, loaded)) == []
        puts = [entry.path for entry in world.simulator.log.entries() if entry.method == "PUT"]
        assert sum(path.endswith("/virtualMachines/web") for path in puts) == 1

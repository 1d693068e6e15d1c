"""When running operations are asked about, and how often."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest

from provisioner.azure.poll_times import next_s
from provisioner.azure.rate_limiter import RateLimiter, asking
from provisioner.resources import kinds
from provisioner.resources.kind import Kind
from tests import harness
from tests.chaos.specs import SAMPLE
from tests.kinds import specs

MACHINE = kinds.by_type()["microsoft.compute/virtualmachines"]
EXTENSION = kinds.by_type()["microsoft.compute/virtualmachines/extensions"]
NETWORK = kinds.by_type()["microsoft.network/virtualnetworks"]
GROUP = "/subscriptions/s/resourceGroups/g"


def test_the_first_look_comes_when_it_usually_ends() -> None:
    assert next_s(MACHINE, typical_s=96, elapsed_s=0) == 96
    assert next_s(EXTENSION, typical_s=62, elapsed_s=0) == 62
    assert next_s(NETWORK, typical_s=4, elapsed_s=0) == 2


def test_later_looks_follow_closely_and_more_slowly_in_the_end() -> None:
    assert [next_s(MACHINE, 96, elapsed_s) for elapsed_s in (96, 250, 3000)] == [6, 25, 30]


@pytest.mark.parametrize("kind", [MACHINE, EXTENSION], ids=["machine", "extension"])
@pytest.mark.parametrize("typical_s", [0, 1, 30, 100])
def test_compute_is_never_asked_more_often_than_every_four_seconds(kind: Kind, typical_s: float) -> None:
    elapsed_s = 0.0
    for _ in range(100):
        wait_s = next_s(kind, typical_s, elapsed_s)
        assert wait_s >= 4
        elapsed_s += wait_s


async def _answered(*asked: tuple[str, float | None]) -> list[str]:
    """In which order reads get their leave where it is scarce: of an operation so many seconds before its end, or of
    something else."""
    budget, order = RateLimiter(), []
    headers = {"x-ms-ratelimit-remaining-subscription-reads": "0"}
    budget.settle(await budget.leave("GET", GROUP), "GET", 200, headers)

    async def ask(name: str, ahead_s: float | None) -> None:
        if ahead_s is None:
            await budget.leave("GET", GROUP)
        else:
            with asking(time.monotonic() + ahead_s):
                await budget.leave("GET", GROUP)
        order.append(name)

    async with asyncio.timeout(20):
        await asyncio.gather(*(ask(*each) for each in asked))
    return order


async def test_what_is_to_end_first_is_asked_about_first_and_other_reads_before() -> None:
    assert await _answered(("late", 90), ("soon", 10), ("over", -5), ("read", None)) == ["read", "over", "soon", "late"]


async def test_what_hangs_keeps_nobody_from_being_asked_about() -> None:
    assert await _answered(("over", -1), ("hangs", -3000), ("soon", 10)) == ["over", "hangs", "soon"]


async def test_each_operation_is_asked_about_no_more_than_need_be(tmp_path: Path) -> None:
    async with harness.world(tmp_path, time_scale=0.02) as world:
        plan = await world.plan(SAMPLE)
        before = len(world.simulator.log.entries())
        assert harness.failures(await world.execute(plan, world.load(SAMPLE))) == []
        reads = [entry for entry in world.simulator.log.entries()[before:] if entry.method == "GET"]
    asked = Counter(entry.path for entry in reads if "peration" in entry.path)
    assert len(asked) == 5, "network, security group, address, machine, extension; not the interface"
    assert max(asked.values()) <= 3
    assert not [entry for entry in reads if entry.path.lower().endswith("/networkinterfaces/nic")]


async def test_what_is_changed_at_once_is_not_asked_about(world: harness.World) -> None:
    spec = specs.HEAD + specs.NETWORK + "  interfaces: {nic: {subnet: net/front}}\n"
    assert harness.failures(await world.apply(spec)) == []
    changed = spec.replace("net/front}", "net/front, ip_forwarding: true}")
    plan = await world.plan(changed)
    before = len(world.simulator.log.entries())
    assert harness.failures(await world.execute(plan, world.load(changed))) == []
    assert [entry.method for entry in world.simulator.log.entries()[before:]] == ["PUT"]
    assert not (await world.plan(changed)).pending

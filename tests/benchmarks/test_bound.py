"""The lower bound that applies are measured against, and that applies wait for nothing which it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from tests.benchmarks.bound import Work, bound_s, path_s
from tests.benchmarks.cloud import made_in
from tests.chaos.specs import SAMPLE, fleet
from tests.harness import World, failures

GROUP = "/subscriptions/s/resourcegroups/g"
SECONDS = {"virtualmachines": 96.0, "extensions": 62.0, "virtualnetworks": 1.0, "disks": 1.0}


async def made(world: World, spec: str) -> list[Work]:
    assert failures(await world.apply(spec)) == []
    found = made_in(world.simulator, 1.0)
    return [Work(work.id, SECONDS.get(work.id.split("/")[-2], 0.0), work.needs) for work in found]


async def test_with_plenty_of_writes_the_longest_path_is_the_bound(world: World) -> None:
    found = await made(world, fleet(3))
    assert path_s(found) == 1 + 96 + 62
    assert bound_s(found) == 159


async def test_the_last_machine_waits_for_the_writes_before_it_and_then_takes_its_time(world: World) -> None:
    found = await made(world, fleet(3))
    # The group, the network, three interfaces, disks and machines have as long ahead of them as a machine, or longer.
    assert bound_s(found, burst=0, per_s=1) == 11 + 96 + 62
    assert bound_s(found, burst=0, per_s=0.02) == 17 / 0.02


def test_what_waits_for_a_begin_alone_does_not_lengthen_the_path() -> None:
    machine, grant = Work("m", 96.0), Work("g", 90.0, {"m": "begin"})
    assert path_s([machine, grant]) == 96
    assert path_s([machine, Work("g", 97.0, {"m": "begin"})]) == 97
    assert path_s([machine, Work("g", 90.0, {"m": "end"})]) == 186


@pytest.mark.parametrize("spec", [SAMPLE, fleet(2)], ids=["sample", "fleet"])
async def test_an_apply_waits_for_nothing_but_what_the_objects_need(world: World, spec: str) -> None:
    plan = await world.plan(spec)
    ids = {change.address: change.id.lower() for change in plan.pending}
    words = {"done": "end", "value": "begin"}
    waited = {
        ids[change.address]: {
            ids[on.rpartition(":")[0]]: words[dependency.wait]
            for on, dependency in plan.steps[change.address][0].depends_on.items()
        }
        for change in plan.pending
    }
    needed = {work.id: work.needs for work in await made(world, spec)}
    assert {key: _all_of(waited, key) for key in waited} == {key: _all_of(needed, key) for key in needed}


def _all_of(needs: Mapping[str, Mapping[str, str]], key: str) -> set[tuple[str, str]]:
    """What must have ended, or begun, before something begins: directly or not."""
    found: set[tuple[str, str]] = set()
    todo: list[str] = [key]
    while todo:
        for need, wait in needs[todo.pop()].items():
            if (need, wait) not in found:
                found.add((need, wait))
                todo.append(need)
    return _without_weaker(found)


def _without_weaker(found: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    ended = {key for key, wait in found if wait == "end"}
    return {(key, wait) for key, wait in found if wait == "end" or key not in ended}

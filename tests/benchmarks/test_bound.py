"""The lower bound that applies are measured against."""

from __future__ import annotations

from provisioner.plan import Change
from tests.benchmarks.bound import bound_s, path_s
from tests.chaos.specs import fleet
from tests.harness import World

SECONDS = {"virtual_machine": 96.0, "virtual_machine_extension": 62.0, "virtual_network": 1.0, "managed_disk": 1.0}


def duration_s(change: Change) -> float:
    return 0.0 if change.within else SECONDS.get(change.kind.name, 0.0)


async def test_with_plenty_of_writes_the_longest_path_is_the_bound(world: World) -> None:
    plan = await world.plan(fleet(3))
    assert path_s(plan, duration_s) == 1 + 96 + 62
    assert bound_s(plan, duration_s) == 159


async def test_the_last_machine_waits_for_the_writes_before_it_and_then_takes_its_time(world: World) -> None:
    plan = await world.plan(fleet(3))
    # The group, the network, three interfaces, disks and machines have as long ahead of them as a machine, or longer.
    assert bound_s(plan, duration_s, burst=0, per_s=1) == 11 + 96 + 62
    assert bound_s(plan, duration_s, burst=0, per_s=0.02) == 17 / 0.02


async def test_a_grant_that_waits_for_a_value_alone_does_not_lengthen_the_path(world: World) -> None:
    plan = await world.plan(fleet(1))
    grants = {change.address for change in plan.changes if change.kind.name == "role_assignment"}
    assert grants
    longer = path_s(plan, lambda change: 97.0 if change.address in grants else duration_s(change))
    assert longer == 159

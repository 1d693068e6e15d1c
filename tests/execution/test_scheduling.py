"""At most so many at once, and those first that most hangs on."""

from __future__ import annotations

import asyncio

import pytest

from provisioner.azure.history import History
from provisioner.execution.scheduling import PrioritySlots, remaining_s
from provisioner.planning.plan import Plan
from provisioner.resources.facts import Operations, Timing
from provisioner.resources.kind import Kind
from provisioner.resources.steps import Delete, Dependency, Put, Step
from tests.chaos.specs import fleet
from tests.harness import World, failures
from tests.kinds.specs import HEAD, NETWORK, machine


async def test_who_has_most_ahead_goes_next() -> None:
    slots, order = PrioritySlots(1), []

    async def work(name: str, priority: float) -> None:
        async with slots.taken(priority):
            order.append(name)
            await asyncio.sleep(0)

    await asyncio.gather(work("low", 1), work("high", 9), work("middle", 5))
    assert order == ["high", "middle", "low"]


async def test_a_slot_goes_to_what_its_release_made_ready_where_that_has_most_ahead() -> None:
    slots, order, ended = PrioritySlots(1), [], asyncio.Event()

    async def work(name: str, priority: float) -> None:
        if name == "behind it":
            await ended.wait()
        async with slots.taken(priority):
            order.append(name)
            if name == "first":
                await asyncio.sleep(0.01)
                ended.set()

    async with asyncio.timeout(5):
        await asyncio.gather(work("first", 9), work("low", 1), work("behind it", 5))
    assert order == ["first", "behind it", "low"]


async def test_a_slot_of_one_that_was_cancelled_is_not_lost() -> None:
    slots = PrioritySlots(1)
    async with slots.taken(0):
        waiting = asyncio.create_task(slots.taken(1).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5), slots.taken(0):
        pass


async def test_the_way_ahead_is_that_of_the_longest_branch(world: World) -> None:
    spec = HEAD + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
    plan = await world.plan(spec)
    ahead = remaining_s(plan, History({}))
    typical = {change.address: change.kind.timing.typical_s for change in plan.changes}
    assert ahead["vms/web/extensions/setup"] == typical["vms/web/extensions/setup"]
    assert ahead["vms/web"] == typical["vms/web"] + typical["vms/web/extensions/setup"]
    assert ahead["resource_group"] == max(ahead.values())


async def test_what_waits_for_a_value_alone_does_not_lengthen_the_way(world: World) -> None:
    grant = "role_grants: {read: {role: Reader, to: [vms/web]}}\n"
    plan = await world.plan(HEAD + NETWORK + machine("    identity: {system_assigned: true}\n") + grant)
    ahead = remaining_s(plan, History({"role_assignment create": 40, "virtual_machine create": 96}))
    assert ahead["vms/web"] == 96
    slow = remaining_s(plan, History({"role_assignment create": 400, "virtual_machine create": 96}))
    assert slow["vms/web"] == 400


def planned(**chains: tuple[float, dict[str, Dependency]]) -> Plan:
    """One step for each change, with its typical seconds and what it waits for; 0 seconds are a step without a verb."""
    steps: dict[str, tuple[Step, ...]] = {"idle": ()}
    for name, (seconds, waits) in chains.items():
        kind = Kind(name, "A.B/c", Operations("network", "c"), timing=Timing(typical_s=seconds))
        steps[name] = (Step(name, name, Put({}), kind, f"/{name}", waits, verb="create" if seconds else None),)
    return Plan("demo", "local", (), steps=steps)


def test_the_way_ahead_is_the_sum_of_the_longest_branch() -> None:
    done, value = Dependency(), Dependency("value")
    plan = planned(
        a=(1, {}), b=(10, {"a": done}), c=(20, {"a": value}), d=(5, {"b": done, "c": done}), e=(0, {"d": done})
    )
    assert remaining_s(plan, History({})) == {"idle": 0, "a": 25, "b": 15, "c": 25, "d": 5, "e": 0}
    shorter = planned(a=(30, {}), b=(10, {"a": value}), c=(2, {"a": done}))
    assert remaining_s(shorter, History({})) == {"idle": 0, "a": 32, "b": 10, "c": 2}


async def test_slots_are_handed_out_one_by_one_and_given_back() -> None:
    slots, running, most = PrioritySlots(2), 0, 0

    async def work() -> None:
        nonlocal running, most
        async with slots.taken(1):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    async with asyncio.timeout(5):
        await asyncio.gather(*(work() for _ in range(7)))
    assert most == 2


async def test_of_equals_the_first_to_ask_goes_first() -> None:
    slots, order = PrioritySlots(1), []

    async def work(name: int) -> None:
        async with slots.taken(1):
            order.append(name)

    await asyncio.gather(*(work(name) for name in range(4)))
    assert order == [0, 1, 2, 3]


async def test_without_a_limit_nobody_waits() -> None:
    slots = PrioritySlots(None)
    async with asyncio.timeout(5), slots.taken(1), slots.taken(0):
        pass


async def test_a_slot_that_was_handed_out_to_one_that_is_cancelled_goes_to_the_next() -> None:
    slots = PrioritySlots(1)
    first = slots.taken(1)
    await first.__aenter__()
    cancelled, following = (asyncio.create_task(slots.taken(priority).__aenter__()) for priority in (2, 1))
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)
    # After the slot is handed out, and before the task that gets it runs.
    asyncio.get_running_loop().call_soon(cancelled.cancel)
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    async with asyncio.timeout(5):
        await following


async def test_a_machine_boots_with_the_rights_of_its_identity_even_where_slots_are_scarce(world: World) -> None:
    identity = "    identity: {user_assigned: [app, other]}\n"
    spec = HEAD + NETWORK + machine(f"    count: 3\n{identity}") + "identities: {app: {}, other: {}}\n"
    spec += "role_grants: {read: {role: Reader, to: [identities/app, identities/other]}}\n"
    assert failures(await world.execute(await world.plan(spec), world.load(spec), parallelism=1)) == []
    begun = [event.change.address for event in world.events if event.phase == "started"]
    machines = [begun.index(address) for address in begun if address in ("vms/web/0", "vms/web/1", "vms/web/2")]
    assert len(machines) == 3
    grants = [begun.index(f"role_grants/read/identities/{name}") for name in ("app", "other")]
    assert max(grants) < min(machines)


async def test_never_more_at_once_than_was_said(world: World) -> None:
    spec = fleet(4)
    plan = await world.plan(spec)
    assert failures(await world.execute(plan, world.load(spec), parallelism=3)) == []
    running = most = 0
    for event in world.events:
        running += {"started": 1, "finished": -1}.get(event.phase, 0)
        most = max(most, running)
    assert most == 3
    assert not (await world.plan(spec)).pending


async def test_a_replace_that_waits_for_others_does_not_block_them(world: World) -> None:
    spec = HEAD + NETWORK + "  public_ips: {out: {zones: [1]}}\n"
    spec += "  interfaces: {nic: {subnet: net/front, public_ip: out}}\n"
    assert failures(await world.apply(spec)) == []
    changed = spec.replace("zones: [1]", "zones: [2]")
    plan = await world.plan(changed)
    delete = plan.steps["network/public_ips/out"][0]
    assert (delete.operation, set(delete.depends_on)) == (Delete(), {"network/interfaces/nic:detach"})
    async with asyncio.timeout(60):
        assert failures(await world.execute(plan, world.load(changed), parallelism=1)) == []

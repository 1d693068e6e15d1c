"""Management locks, on the embedded cloud: what they keep from happening, and when they come and go."""

from __future__ import annotations

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.base.values import Body
from provisioner.commands import planning
from provisioner.planning import removals
from provisioner.resources.kinds import management_lock
from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

KEEP = "locks: {keep: {level: cannot_delete, notes: Ask the platform team.}}\n"
READ_ONLY = KEEP.replace("cannot_delete", "read_only")
BARE = HEAD + NETWORK + machine()
SPEC = BARE + KEEP
OF_MACHINE = BARE + "locks: {keep: {scope: vms/web, level: cannot_delete}}\n"
OF_SUBNET = (
    HEAD + NETWORK + "locks: {keep: {scope: network/virtual_networks/net/subnets/front, level: cannot_delete}}\n"
)
IMAGE = ("ubuntu-24_04-lts:server", "0001-com-ubuntu-server-jammy:22_04-lts")


async def locks(world: World) -> dict[str, Body]:
    """Notes and levels by the ID of what is locked."""
    found = await world.session.operations.rights.management_locks()
    return {management_lock.scope(body["id"]).rpartition("/")[2]: body["properties"] for body in found.bodies}


def told(caught: pytest.ExceptionInfo[SpecError]) -> list[tuple[str, str]]:
    return [(item.code, item.summary) for item in caught.value.diagnostics]


async def test_it_is_made_last_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(BARE + READ_ONLY)) == []
    ended = [event.change.address for event in world.events if event.phase == "finished"]
    assert ended[-1] == "locks/keep"
    assert (await locks(world))[GROUP] == {
        "level": "ReadOnly", "notes": "Ask the platform team. [provisioner-deployment: demo]",
    }  # fmt: skip
    assert not (await world.plan(BARE + READ_ONLY)).pending


@pytest.mark.parametrize("spec", [OF_MACHINE, OF_SUBNET], ids=["machine", "subnet"])
async def test_it_locks_one_thing_that_is_made_first(world: World, spec: str) -> None:
    assert failures(await world.apply(spec)) == []
    assert set(await locks(world)) == {"web" if spec is OF_MACHINE else "front"}
    assert not (await world.plan(spec)).pending
    assert failures(await world.destroy(spec)) == []
    assert await locks(world) == {}


async def test_its_level_and_notes_change_in_place(world: World) -> None:
    await world.apply(SPEC)
    spec = SPEC.replace("cannot_delete", "read_only").replace("Ask the", "Call the")
    change = only(await world.plan(spec), "locks/keep")
    assert (change.action, paths(change)) == ("update", ["properties.level", "properties.notes"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_what_it_forbids_is_told_before_the_first_write(world: World) -> None:
    await world.apply(SPEC)
    with pytest.raises(SpecError) as caught:
        await world.plan(SPEC.replace(*IMAGE))
    assert told(caught) == [("PV3501", "vms/web cannot be replaced because of a lock")]
    (item,) = caught.value.diagnostics
    assert item.location.line > 0
    assert item.reason.endswith('cannot be deleted, by the lock "keep": Ask the platform team.')
    assert item.hint == "remove locks/keep from the spec for this apply, and put it back afterwards"


async def test_a_read_only_one_lets_nothing_through(world: World) -> None:
    await world.apply(BARE + READ_ONLY)
    with pytest.raises(SpecError) as caught:
        await world.plan(BARE.replace("B1s", "B2s") + "identities: {app: {}}\n" + READ_ONLY)
    assert sorted(told(caught)) == [
        ("PV3501", "identities/app cannot be created because of a lock"),
        ("PV3501", "vms/web cannot be changed because of a lock"),
    ]


async def test_a_lock_that_is_lowered_lets_changes_through_in_one_apply(world: World) -> None:
    await world.apply(BARE + READ_ONLY)
    spec = BARE.replace("B1s", "B2s") + "identities: {app: {}}\n" + KEEP
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending
    raised = BARE.replace("B1s", "B4ms") + "identities: {app: {}}\n" + READ_ONLY
    assert failures(await world.apply(raised)) == []
    assert not (await world.plan(raised)).pending


async def test_a_lock_that_left_the_spec_goes_before_what_it_forbade(world: World) -> None:
    await world.apply(BARE + READ_ONLY)
    spec = HEAD + NETWORK + "identities: {app: {}}\n"
    assert actions(await world.plan(spec))["management_lock/keep"] == "delete"
    assert failures(await world.apply(spec)) == []
    assert await locks(world) == {}
    assert not (await world.plan(spec)).pending


async def test_somebody_elses_lock_is_respected_and_named(world: World) -> None:
    await world.apply(BARE)
    path = (
        f"{world.in_group(GROUP, 'Microsoft.Compute/virtualMachines', 'web')}/providers/Microsoft.Authorization/locks/x"
    )
    status, _ = await world.arm("PUT", path, {"properties": {"level": "CanNotDelete", "notes": "Billing needs it."}})
    assert status == 201
    assert not (await world.plan(BARE)).pending
    with pytest.raises(SpecError) as caught:
        await world.plan(HEAD + NETWORK)
    assert ("PV3501", "virtual_machine/web cannot be deleted because of a lock") in told(caught)
    (item, *_) = caught.value.diagnostics
    assert item.reason.endswith('cannot be deleted, by the lock "x": Billing needs it.')
    assert "az lock delete --ids" in item.hint
    actual = await world.actual(BARE)
    plan = removals.destroy(actual, "demo", "local")
    with pytest.raises(SpecError):
        planning.refuse_protected(plan, world.load(BARE).spec, actual.locks)


async def test_destroy_takes_our_own_off_first(world: World) -> None:
    await world.apply(SPEC)
    results = await world.destroy(SPEC)
    assert failures(results) == []
    order = [
        event.change.address for event in world.events if event.phase == "finished" and event.change.action == "delete"
    ]
    assert order[0] == "locks/keep"
    assert (await world.arm("GET", f"/resourceGroups/{GROUP}"))[0] == 404


async def test_one_that_is_there_is_taken_over_with_consent_only(world: World) -> None:
    await world.apply(BARE)
    path = f"/resourceGroups/{GROUP}/providers/Microsoft.Authorization/locks/keep"
    await world.arm("PUT", path, {"properties": {"level": "CanNotDelete"}})
    with pytest.raises(SpecError) as caught:
        await world.plan(SPEC)
    assert told(caught) == [("PV3302", "locks/keep exists already and belongs to no deployment")]
    assert failures(await world.apply(SPEC, adopt=True)) == []
    assert not (await world.plan(SPEC)).pending


def test_a_lock_cannot_be_locked(world: World) -> None:
    with pytest.raises(SpecError) as caught:
        world.load(BARE + "locks: {keep: {level: cannot_delete}, again: {scope: locks/keep, level: read_only}}\n")
    assert told(caught) == [("PV2109", "locks/keep is a lock, which cannot be locked")]

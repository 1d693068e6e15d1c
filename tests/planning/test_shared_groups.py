"""A resource group with resources of others outlives the deployment, however late they are seen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.commands import planning
from provisioner.planning import removals
from provisioner.planning.plan import Plan
from tests import harness
from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

SPEC = HEAD + NETWORK + machine("    identity: {system_assigned: true}\n")
SPEC += "role_grants: {read: {role: Reader, to: [vms/web]}}\n"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
KEYS = "Microsoft.Compute/sshPublicKeys"
"""A type that no spec of this program has."""


async def put(world: World, arm_type: str, name: str = "foreign", group: str = GROUP) -> str:
    path = world.in_group(group, arm_type, name)
    status, answer = await world.arm("PUT", path, {"location": "westus2"})
    assert status in (200, 201), answer
    return path


async def exists(world: World, path: str) -> bool:
    return (await world.arm("GET", path))[0] == 200


async def planned(world: World, delete_group: bool = False) -> Plan:
    resources = world.load(SPEC).resolution.resources
    return removals.destroy(await world.actual(SPEC), "demo", "local", resources, delete_group)


def writes(world: World) -> list[Any]:
    return [event for event in world.events if event.phase == "started"]


@pytest.fixture
async def late(tmp_path: Path) -> AsyncIterator[World]:
    """A cloud whose lists across types lag by a minute, most of which is real time here."""
    async with harness.world(tmp_path, index_lag_s=60, time_scale=0.01) as found:
        yield found


async def test_a_group_of_its_own_is_deleted_after_everything_in_it(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert failures(await world.destroy(SPEC)) == []
    assert not await exists(world, f"/resourceGroups/{GROUP}")


@pytest.mark.parametrize("delete_group", [False, True], ids=["one by one", "in one request"])
@pytest.mark.parametrize("arm_type", [IDENTITIES, KEYS])
async def test_what_is_made_after_the_plan_keeps_the_group(world: World, arm_type: str, delete_group: bool) -> None:
    assert failures(await world.apply(SPEC)) == []
    plan = await planned(world, delete_group)
    foreign = await put(world, arm_type)
    (failure,) = failures(await world.execute(plan, world.load(SPEC)))
    assert failure.startswith("resource_group: ")
    assert "ResourceGroupNotEmpty" in failure
    assert foreign.lower() in failure.lower()
    assert await exists(world, foreign)
    assert await exists(world, world.in_group(GROUP, "Microsoft.Compute/virtualMachines", "web")) == delete_group
    assert failures(await world.destroy(SPEC)) == []
    assert await exists(world, foreign)


async def test_what_the_list_does_not_show_yet_keeps_the_group(late: World) -> None:
    assert failures(await late.apply(SPEC)) == []
    foreign = await put(late, KEYS)
    (failure,) = failures(await late.destroy(SPEC))
    assert "ResourceGroupNotEmpty" in failure
    assert await exists(late, foreign)


async def test_a_group_is_deleted_once_the_list_has_caught_up(late: World) -> None:
    assert failures(await late.apply(SPEC)) == []
    late.events.clear()
    assert failures(await late.destroy(SPEC)) == []
    assert "ResourceGroupListLags" in {event.detail for event in late.events if event.phase == "retrying"}
    assert not await exists(late, f"/resourceGroups/{GROUP}")


async def test_a_group_that_is_left_empty_is_deleted_by_the_next_destroy(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    foreign = await put(world, KEYS)
    assert failures(await world.destroy(SPEC)) == []
    await world.arm("DELETE", foreign)
    assert actions(await planned(world)) == {"resource_group": "delete"}
    assert failures(await world.destroy(SPEC)) == []
    assert not await exists(world, f"/resourceGroups/{GROUP}")


async def test_a_plan_names_what_keeps_the_group(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    foreign = await put(world, KEYS)
    (kept,) = (change for change in (await planned(world)).changes if change.action == "no-op")
    assert kept.address == "resource_group"
    assert kept.notes == (f"not owned: {foreign}",)


async def test_an_apply_that_leaves_a_group_behind_keeps_what_others_have_in_it(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    moved = SPEC.replace(f"resource_group: {GROUP}", "resource_group: elsewhere")
    plan = await world.plan(moved)
    foreign = await put(world, KEYS)
    (failure,) = failures(await world.execute(plan, world.load(moved)))
    assert foreign in failure
    assert failures(await world.apply(moved)) == []
    assert await exists(world, foreign)
    await world.arm("DELETE", foreign)
    assert failures(await world.apply(moved)) == []
    assert not await exists(world, f"/resourceGroups/{GROUP}")


async def test_the_protection_of_a_group_matters_only_where_the_group_would_go(world: World) -> None:
    group = f"resource_group: {{name: {GROUP}, lifecycle: {{prevent_destroy: true}}}}"
    spec = HEAD.replace(f"resource_group: {GROUP}", group) + "identities: {one: {}}\n"
    loaded = world.load(spec)
    assert failures(await world.apply(spec)) == []

    async def destroying() -> Plan:
        resources = loaded.resolution.resources
        return removals.destroy(await world.actual(spec), "demo", "local", resources)

    with pytest.raises(SpecError, match="the plan would delete it"):
        planning.refuse_protected(await destroying(), loaded.spec, ())
    await put(world, KEYS)
    planning.refuse_protected(await destroying(), loaded.spec, ())

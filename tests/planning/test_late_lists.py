"""ARM's lists across types lag behind the providers: what was just made is missing there, what was deleted lingers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import harness
from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
EXISTING = HEAD.replace("resource_group: demo-group", "resource_group: {name: demo-group, existing: true}")
EXTENSION = "    extensions: {one: {publisher: A.B, type: C, version: '1.0'}}\n"
TWO = "identities: {one: {}, two: {}}\n"
ONE = "identities: {one: {}}\n"


@pytest.fixture
async def late(tmp_path: Path) -> AsyncIterator[World]:
    """A cloud whose lists across types are as they were before everything that the test does."""
    async with harness.world(tmp_path, index_lag_s=1e9) as found:
        yield found


async def names(world: World, arm_type: str) -> list[str]:
    _, found = await world.arm("GET", f"/resourceGroups/{GROUP}/providers/{arm_type}")
    return [item["name"] for item in found["value"]]


async def test_a_second_plan_is_empty(late: World) -> None:
    spec = HEAD + NETWORK + machine(EXTENSION) + TWO
    assert failures(await late.apply(spec)) == []
    assert not (await late.plan(spec)).pending


async def test_what_was_just_made_and_left_the_spec_goes(late: World) -> None:
    assert failures(await late.apply(HEAD + TWO)) == []
    assert actions(await late.plan(HEAD + ONE)) == {"user_assigned_identity/two": "delete"}


async def test_what_was_just_deleted_is_not_deleted_again(late: World) -> None:
    spec = HEAD + NETWORK + machine(EXTENSION) + TWO
    assert failures(await late.apply(spec)) == []
    assert failures(await late.apply(HEAD + NETWORK + machine() + ONE)) == []
    assert not (await late.plan(HEAD + NETWORK + machine() + ONE)).pending
    assert failures(await late.apply(HEAD + ONE)) == []
    assert not (await late.plan(HEAD + ONE)).pending


async def test_a_group_of_others_is_left_as_it_was(late: World) -> None:
    await late.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"})
    spec = EXISTING + NETWORK + machine(EXTENSION) + TWO
    assert failures(await late.apply(spec)) == []
    assert failures(await late.destroy(spec)) == []
    for arm_type in (IDENTITIES, "Microsoft.Network/virtualNetworks", "Microsoft.Compute/virtualMachines"):
        assert await names(late, arm_type) == []
    assert set(actions(await late.plan(spec)).values()) == {"create"}


async def test_what_somebody_just_made_in_the_group_outlives_a_destroy(late: World) -> None:
    assert failures(await late.apply(HEAD + ONE)) == []
    foreign = late.in_group(GROUP, IDENTITIES, "foreign")
    await late.arm("PUT", foreign, {"location": "westus2"})
    assert failures(await late.destroy(HEAD + ONE)) == []
    assert await names(late, IDENTITIES) == ["foreign"]


async def test_what_somebody_just_deleted_keeps_no_group(late: World) -> None:
    assert failures(await late.apply(HEAD + ONE)) == []
    foreign = late.in_group(GROUP, IDENTITIES, "foreign")
    await late.arm("PUT", foreign, {"location": "westus2"})
    await late.arm("DELETE", foreign)
    assert failures(await late.destroy(HEAD + ONE)) == []
    assert (await late.arm("GET", f"/resourceGroups/{GROUP}"))[0] == 404

"""User-assigned identities on the embedded cloud."""

from typing import Any

from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.ManagedIdentity/userAssignedIdentities"
SPEC = HEAD + "identities: {app: {}}\n"


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending


async def test_a_tag_is_an_update(world: World) -> None:
    await world.apply(SPEC)
    spec = HEAD + "identities: {app: {tags: {team: payroll}}}\n"
    change = only(await world.plan(spec), "identities/app")
    assert (change.action, paths(change)) == ("update", ["tags.team"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_another_location_replaces_it_and_the_grants_to_it(world: World) -> None:
    grants = "role_grants: {read: {role: Reader, to: [identities/app]}}\n"
    await world.apply(SPEC + grants)
    spec = HEAD + "identities: {app: {location: eastus}}\n" + grants
    assert actions(await world.plan(spec)) == {
        "identities/app": "replace",
        "role_grants/read/identities/app": "replace",
    }
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_tag_that_somebody_changed_is_drift(world: World) -> None:
    spec = HEAD + "identities: {app: {tags: {team: payroll}}}\n"
    await world.apply(spec)

    def change_it(body: Any) -> None:
        body["tags"]["team"] = "sales"

    await world.change(world.in_group(GROUP, TYPE, "app"), change_it)
    assert paths(only(await world.plan(spec), "identities/app")) == ["tags.team"]


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(SPEC)
    assert failures(await world.destroy(SPEC)) == []
    assert (await world.actual(SPEC)).owned == {}

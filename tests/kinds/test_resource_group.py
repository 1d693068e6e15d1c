"""The resource group on the embedded cloud."""

from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    results = await world.apply(HEAD)
    assert failures(results) == []
    assert not (await world.plan(HEAD)).pending


async def test_a_new_tag_is_an_update(world: World) -> None:
    await world.apply(HEAD)
    changed = HEAD + "tags: {team: payroll}\n"
    change = only(await world.plan(changed), "resource_group")
    assert (change.action, paths(change)) == ("update", ["tags.team"])
    assert failures(await world.apply(changed)) == []
    assert not (await world.plan(changed)).pending


async def test_another_location_replaces_it(world: World) -> None:
    await world.apply(HEAD)
    change = only(await world.plan(HEAD.replace("westus2", "eastus")), "resource_group")
    assert change.action == "replace"
    assert [item.path for item in change.differences if item.immutable] == ["location"]


async def test_a_tag_of_somebody_else_survives_an_update(world: World) -> None:
    await world.apply(HEAD)
    group = f"/subscriptions/{world.session.subscription_id}/resourceGroups/{GROUP}"
    await world.change(group, lambda body: body["tags"].update(cost="4711"))
    assert not (await world.plan(HEAD)).pending
    await world.apply(HEAD + "tags: {team: payroll}\n")
    _, body = await world.arm("GET", group)
    assert body["tags"]["cost"] == "4711"
    assert body["tags"]["team"] == "payroll"


async def test_an_existing_group_of_nobody_needs_adoption(world: World) -> None:
    import pytest

    from provisioner.base.diagnostics import SpecError

    await world.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"})
    with pytest.raises(SpecError) as caught:
        await world.plan(HEAD)
    assert [item.code for item in caught.value.diagnostics] == ["PV3302"]
    assert caught.value.diagnostics[0].hint == "take it over with --adopt, or declare it `existing: true`"
    adopted = await world.plan(HEAD, adopt=True)
    assert paths(only(adopted, "resource_group")) == ["tags.provisioner-deployment"]


async def test_an_existing_group_may_be_named_and_is_left_alone(world: World) -> None:
    await world.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"})
    spec = HEAD.replace(f"resource_group: {GROUP}", f"resource_group: {{name: {GROUP}, existing: true}}")
    spec += "identities: {app: {}}\n"
    assert actions(await world.plan(spec)) == {"identities/app": "create"}
    assert failures(await world.apply(spec)) == []
    assert failures(await world.destroy(spec)) == []
    status, _ = await world.arm("GET", f"/resourceGroups/{GROUP}")
    assert status == 200
    assert (await world.actual(spec)).owned == {}


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(HEAD)
    assert failures(await world.destroy(HEAD)) == []
    status, _ = await world.arm("GET", f"/resourceGroups/{GROUP}")
    assert status == 404

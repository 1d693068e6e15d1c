"""Custom roles and grants of them, on the embedded cloud."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import HEAD

START = "Microsoft.Compute/virtualMachines/start/action"
ROLE = f"roles: {{starter: {{name: Machine starter, actions: [Microsoft.Compute/*/read, {START}]}}}}\n"
GRANT = "identities: {app: {}}\nrole_grants: {start: {role: starter, to: [identities/app]}}\n"
SPEC = HEAD + ROLE + GRANT


async def roles(world: World) -> list[Any]:
    """The custom roles that are there."""
    found: dict[str, Any] = {}
    subscription = f"/subscriptions/{world.session.subscription_id}"
    for scope in (subscription, f"{subscription}/resourceGroups/demo-group"):
        seen = await world.session.operations.rights.custom_roles([scope])
        found |= {body["id"]: body for body in seen.bodies}
    return list(found.values())


async def test_it_is_made_and_granted_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
    (role,) = await roles(world)
    assert role["properties"]["roleName"] == "Machine starter"
    assert role["properties"]["assignableScopes"][0].endswith("/resourceGroups/demo-group")


async def test_its_permissions_and_name_change_in_place(world: World) -> None:
    await world.apply(SPEC)
    spec = SPEC.replace("Machine starter", "Starter").replace(f", {START}", "")
    change = only(await world.plan(spec), "roles/starter")
    assert change.action == "update"
    assert paths(change) == ["properties.roleName", "properties.permissions[0].actions"]
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_the_order_of_actions_means_nothing(world: World) -> None:
    await world.apply(SPEC)
    spec = SPEC.replace(f"Microsoft.Compute/*/read, {START}", f"{START}, Microsoft.Compute/*/read")
    assert not (await world.plan(spec)).pending


async def test_a_permission_that_somebody_added_is_drift(world: World) -> None:
    await world.apply(SPEC)
    (role,) = await roles(world)

    def change_it(body: Any) -> None:
        body["properties"]["permissions"][0]["actions"].append("*")

    await world.change(role["id"], change_it)
    assert paths(only(await world.plan(SPEC), "roles/starter")) == ["properties.permissions[0].actions"]


async def test_what_left_the_spec_goes_and_its_grants_before_it(world: World) -> None:
    await world.apply(SPEC)
    spec = HEAD + "identities: {app: {}}\n"
    plan = await world.plan(spec)
    assert sorted(actions(plan).values()) == ["delete", "delete"]
    assert failures(await world.apply(spec)) == []
    assert await roles(world) == []
    assert not (await world.plan(spec)).pending


async def test_a_role_of_the_same_guid_that_is_somebody_elses_is_left_alone(world: World) -> None:
    await world.apply(SPEC)
    (role,) = await roles(world)
    other = SPEC.replace("deployment: demo", "deployment: other").replace("demo-group", "other-group")
    other = other.replace("starter: {name: Machine starter", f"starter: {{guid: {role['name']}, name: Mine")
    loaded = world.load(other)
    assert "roles/starter" in {item.address for item in loaded.resolution.resources}
    with pytest.raises(SpecError, match='belongs to the deployment "demo"'):
        await world.plan(other)


async def test_a_grant_at_the_subscription(world: World) -> None:
    spec = SPEC.replace("name: Machine starter", "assignable_scopes: [subscription]")
    spec = spec.replace("role: starter,", "role: roles/starter, scope: subscription,")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(SPEC)
    assert failures(await world.destroy(SPEC)) == []
    assert (await world.actual(SPEC)).owned == {}
    assert await roles(world) == []

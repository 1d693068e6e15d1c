"""An identity that was deleted, and created again under its name, has another principal."""

from __future__ import annotations

import pytest

from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
MACHINES = "Microsoft.Compute/virtualMachines"
SPEC = HEAD + NETWORK + machine("    identity: {user_assigned: [app, other]}\n") + "identities: {app: {}, other: {}}\n"
GRANTED = SPEC + "role_grants: {read: {role: Reader, to: [identities/app]}}\n"
OLD = "it still refers to an earlier identities/app, which no longer exists"


async def _principals(world: World) -> tuple[str, str]:
    """The principal that the machine has of the identity, and that of the identity itself."""
    path = world.in_group(GROUP, IDENTITIES, "app")
    _, machine_body = await world.arm("GET", world.in_group(GROUP, MACHINES, "web"))
    _, identity = await world.arm("GET", path)
    held = {key.lower(): value for key, value in machine_body["identity"]["userAssignedIdentities"].items()}
    return held[path.lower()]["principalId"], identity["properties"]["principalId"]


@pytest.mark.parametrize("is_there_again", [False, True], ids=["deleted", "created-by-hand"])
async def test_a_machine_takes_the_new_identity(world: World, is_there_again: bool) -> None:
    assert failures(await world.apply(GRANTED)) == []
    path = world.in_group(GROUP, IDENTITIES, "app")
    _, identity = await world.arm("GET", path)
    status, _ = await world.arm("DELETE", path)
    assert status == 200
    if is_there_again:
        body = {"location": identity["location"], "tags": identity["tags"]}
        status, _ = await world.arm("PUT", path, body)
        assert status == 201

    plan = await world.plan(GRANTED)
    assert actions(plan)["vms/web"] == "update"
    assert [change.reason for change in plan.pending if change.address == "vms/web"] == [OLD]
    assert [step.id for step in plan.steps["vms/web"]] == ["vms/web:detach", "vms/web:update"]
    assert failures(await world.apply(GRANTED)) == []
    held, current = await _principals(world)
    assert held == current
    assert not (await world.plan(GRANTED)).pending


async def test_an_identity_of_others_that_was_created_again_is_taken_too(world: World) -> None:
    assert failures(await world.apply(HEAD)) == []
    path = world.in_group(GROUP, IDENTITIES, "app")
    await world.arm("PUT", path, {"location": "westus2"})
    shared = SPEC.replace("{app: {}, other: {}}", "{other: {}}").replace("[app,", "[existing/app,")
    shared += f"existing: {{app: {{type: {IDENTITIES}, name: app, resource_group: {GROUP}}}}}\n"
    assert failures(await world.apply(shared)) == []
    await world.arm("DELETE", path)
    await world.arm("PUT", path, {"location": "westus2"})
    assert actions(await world.plan(shared)) == {"vms/web": "update"}
    assert failures(await world.apply(shared)) == []
    held, current = await _principals(world)
    assert held == current
    assert not (await world.plan(shared)).pending


async def test_a_role_keeps_its_scope_when_the_group_there_is_created_again(world: World) -> None:
    spec = HEAD + 'roles: {ops: {actions: ["*/read"]}}\n'
    assert failures(await world.apply(spec)) == []
    status, _ = await world.arm("DELETE", f"/resourceGroups/{GROUP}")
    assert status == 202
    assert actions(await world.plan(spec)) == {"resource_group": "create"}
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_role_lets_go_of_its_scope_when_the_group_there_is_replaced(world: World) -> None:
    spec = HEAD + 'roles: {ops: {actions: ["*/read"]}}\n'
    assert failures(await world.apply(spec)) == []
    moved = spec.replace("location: westus2", "location: eastus")
    assert actions(await world.plan(moved)) == {"resource_group": "replace", "roles/ops": "update"}
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending

"""Role grants on the embedded cloud."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.comparison import differences
from provisioner.resources.kinds import role_assignment
from tests import harness
from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import HEAD, NETWORK, machine

TYPE = "Microsoft.Authorization/roleAssignments"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
IDENTITY = HEAD + "identities: {app: {}}\n"
GROUP_GUID = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"


def grant(text: str) -> str:
    return f"{IDENTITY}role_grants:\n  read: {{{text}}}\n"


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    spec = grant("role: reader, scope: resource_group, to: [identities/app]")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


@pytest.mark.parametrize(
    "text",
    [
        f"role: {READER}, to: [identities/app]",
        "role: Reader, scope: subscription, to: [identities/app]",
        "role: Managed Identity Operator, scope: identities/app, to: [deployer]",
    ],
)
async def test_every_form_settles(world: World, text: str) -> None:
    assert failures(await world.apply(grant(text))) == []
    assert not (await world.plan(grant(text))).pending


async def test_a_description_is_updated_in_place(world: World) -> None:
    await world.apply(grant("role: Reader, to: [identities/app]"))
    spec = grant("role: Reader, to: [identities/app], description: for the reports")
    change = only(await world.plan(spec), "role_grants/read/identities/app")
    assert (change.action, paths(change)) == ("update", ["properties.description"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_another_role_is_a_new_grant_and_the_old_one_goes(world: World) -> None:
    await world.apply(grant("role: Reader, to: [identities/app]"))
    spec = grant("role: Contributor, to: [identities/app]")
    plan = await world.plan(spec)
    assert sorted(actions(plan).values()) == ["create", "delete"]
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_an_equal_grant_under_another_name_is_respected(world: World) -> None:
    await world.apply(IDENTITY)
    spec = grant("role: Reader, to: [identities/app]")
    identity = world.in_group("demo-group", "Microsoft.ManagedIdentity/userAssignedIdentities", "app")
    _, body = await world.arm("GET", identity)
    role = f"/subscriptions/{world.session.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    properties: dict[str, Any] = {
        "principalId": body["properties"]["principalId"],
        "roleDefinitionId": role,
        "principalType": "ServicePrincipal",
    }
    theirs = world.in_group("demo-group", TYPE, "11111111-2222-3333-4444-555555555555")
    status, answer = await world.arm("PUT", theirs, {"properties": properties})
    assert status == 201, answer
    plan = await world.plan(spec)
    assert not plan.pending
    assert failures(await world.destroy(spec)) == []


async def test_a_grant_that_somebody_deleted_is_made_again(world: World) -> None:
    spec = grant("role: Reader, scope: subscription, to: [identities/app]")
    results = await world.apply(spec)
    identity = next(item.change.id for item in results if item.change.kind.name == "role_assignment")
    await world.arm("DELETE", identity)
    assert only(await world.plan(spec), "role_grants/read/identities/app").action == "create"
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_an_unknown_role_is_an_error_at_its_place(world: World) -> None:
    with pytest.raises(SpecError) as caught:
        await world.plan(grant("role: Reeder, to: [identities/app]"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.line) == ("PV3101", 8)


async def test_a_grant_at_the_subscription_goes_with_destroy(world: World) -> None:
    spec = grant("role: Reader, scope: subscription, to: [identities/app]")
    await world.apply(spec)
    assert failures(await world.destroy(spec)) == []
    assert (await world.actual(spec)).assignments == ()


async def test_a_grant_to_a_directory_group_needs_no_entry(world: World) -> None:
    spec = grant(f"role: Reader, to: [{{group: {GROUP_GUID}}}]")
    plan = await world.plan(spec)
    created = next(change for change in plan.pending if change.kind.name == "role_assignment")
    assert created.desired is not None
    assert created.desired["properties"]["principalType"] == "Group"
    assert created.desired["properties"]["principalId"] == GROUP_GUID


async def test_a_grant_to_a_machine_starts_before_the_machine_is_done(world: World) -> None:
    spec = HEAD + NETWORK + machine("    identity: {system_assigned: true}\n")
    spec += "role_grants: {read: {role: Reader, to: [vms/web]}}\n"
    assert failures(await world.apply(spec)) == []
    order = [(event.change.address, event.phase) for event in world.events]
    started = order.index(("role_grants/read/vms/web", "started"))
    assert started < order.index(("vms/web", "finished"))
    assert not (await world.plan(spec)).pending


async def test_replication_lag_is_waited_out(tmp_path: Any) -> None:
    spec = grant("role: Reader, to: [identities/app]")
    async with harness.world(
        tmp_path, replication_lag_s=40.0, lag_despite_principal_type=True, time_scale=0.01
    ) as world:
        assert failures(await world.apply(spec)) == []
        retried = [event.detail for event in world.events if event.phase == "retrying"]
        assert retried
        assert set(retried) == {"PrincipalNotFound"}


def test_a_role_without_a_subscription_is_the_same_role() -> None:
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    desired = {"properties": {"roleDefinitionId": f"/subscriptions/s{role}", "principalId": GROUP_GUID}}
    actual = {"properties": {"roleDefinitionId": role.upper(), "principalId": GROUP_GUID}}

    def compared(actual: Any) -> Any:
        adjusted = role_assignment.normalize_desired(desired, actual, lambda identity: True)
        return differences.differences(adjusted, actual, role_assignment.KIND.rules, lambda identity: True)

    assert compared(actual) == []
    actual["properties"]["roleDefinitionId"] = role.replace("acdd", "0000")
    assert [item.path for item in compared(actual)] == ["properties.roleDefinitionId"]


async def test_a_machine_has_a_right_to_itself_while_it_is_still_being_created(world: World) -> None:
    spec = HEAD + NETWORK + machine("    identity: {system_assigned: true}\n")
    spec += "role_grants: {self: {role: Virtual Machine Contributor, scope: vms/web, to: [vms/web]}}\n"
    assert failures(await world.apply(spec)) == []
    order = [(event.change.address, event.phase) for event in world.events]
    granted = order.index(("role_grants/self/vms/web", "finished"))
    assert order.index(("vms/web", "accepted")) < granted < order.index(("vms/web", "finished"))
    assert not (await world.plan(spec)).pending

"""Grants over time: principals that come and go, scopes that lie elsewhere."""

from provisioner.report import plan_text
from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
SPEC = HEAD + "identities: {app: {}}\nrole_grants: {read: {role: Reader, scope: SCOPE, to: [identities/app]}}\n"


async def test_a_grant_follows_an_identity_that_somebody_made_anew(world: World) -> None:
    spec = SPEC.replace("SCOPE", "subscription")
    await world.apply(spec)
    identity = world.in_group("demo-group", IDENTITY, "app")
    _, before = await world.arm("GET", identity)
    await world.arm("DELETE", identity)
    await world.arm("PUT", identity, {"location": "westus2", "tags": before["tags"]})
    assert actions(await world.plan(spec)) == {"role_grants/read/identities/app": "replace"}
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_orphaned_grants_of_ours_are_cleaned_up(world: World) -> None:
    spec = SPEC.replace("SCOPE", "subscription")
    await world.apply(spec)
    await world.arm("DELETE", world.in_group("demo-group", IDENTITY, "app"))
    plan = await world.plan(HEAD)
    assert list(actions(plan).values()) == ["delete"]
    assert failures(await world.apply(HEAD)) == []
    assert (await world.actual(HEAD)).assignments == ()


async def test_a_grant_in_another_group_goes_with_destroy(world: World) -> None:
    await world.arm("PUT", "/resourceGroups/shared", {"location": "westus2"})
    spec = SPEC.replace("SCOPE", "existing/shared")
    spec += "existing: {shared: {type: Microsoft.Resources/resourceGroups, name: shared}}\n"
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending
    assert failures(await world.destroy(spec)) == []
    assert (await world.actual(spec)).assignments == ()
    status, _ = await world.arm("GET", "/resourceGroups/shared")
    assert status == 200


async def test_a_condition_is_part_of_the_grant(world: World) -> None:
    condition = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'logs'"
    spec = SPEC.replace("SCOPE", "resource_group").replace("to: [", f'condition: "{condition}", to: [')
    spec = spec.replace("role: Reader", "role: Storage Blob Data Reader")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending
    other = spec.replace("logs", "data")
    assert list(actions(await world.plan(other)).values()) == ["update"]
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending


async def test_a_plan_says_what_is_granted_and_what_is_taken_away(world: World) -> None:
    spec = SPEC.replace("SCOPE", "resource_group")
    await world.apply(spec)
    other = plan_text.render(await world.plan(spec.replace("Reader", "Owner")))
    assert "  + role_grants/read/identities/app  Owner on resource_group\n" in other
    assert "  Reader on resource_group for identities/app  (it is no longer in the spec)\n" in other
    nothing = plan_text.render(await world.plan(HEAD))
    assert "  Reader on resource_group for user_assigned_identity/app  (it is no longer in the spec)\n" in nothing


async def test_what_is_granted_to_a_fleet_stands_in_one_line(world: World) -> None:
    spec = SPEC.replace("SCOPE", "resource_group").replace("{app: {}}", "{app: {count: 20}}")
    text = plan_text.render(await world.plan(spec))
    assert "  + role_grants/read/identities/app/[0…19]  Reader on resource_group\n" in text

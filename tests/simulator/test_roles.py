"""Microsoft.Authorization/roleDefinitions and roleAssignments."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from .conftest import LOCATION, Arm, Starter, public_ip

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
PROVIDER = "providers/Microsoft.Authorization"
IDENTITIES = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"


async def identity(arm: Arm, name: str = "one") -> str:
    made = await arm.put(f"{arm.group}/{IDENTITIES}/{name}", {"location": LOCATION})
    return str(made.body["properties"]["principalId"])


def grant(arm: Arm, principal: str, role: str = CONTRIBUTOR, **properties: Any) -> dict[str, Any]:
    definition = f"{arm.subscription}/{PROVIDER}/roleDefinitions/{role}"
    return {"properties": {"roleDefinitionId": definition, "principalId": principal, **properties}}


def assignment(scope: str, name: str | None = None) -> str:
    return f"{scope}/{PROVIDER}/roleAssignments/{name or uuid.uuid4()}"


async def test_built_in_roles_have_azure_s_ids_and_permissions(arm: Arm) -> None:
    listed = (await arm.get(f"{arm.subscription}/{PROVIDER}/roleDefinitions")).body["value"]
    roles = {role["properties"]["roleName"]: role for role in listed}
    assert len(roles) >= 40
    assert roles["Owner"]["name"] == "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
    assert roles["Reader"]["properties"]["permissions"][0]["actions"] == ["*/read"]
    assert "Microsoft.Authorization/*/Write" in roles["Contributor"]["properties"]["permissions"][0]["notActions"]


async def test_a_role_is_found_by_name_whatever_its_case_with_an_id_of_the_subscription(arm: Arm) -> None:
    found = await arm.get(f"{arm.group}/{PROVIDER}/roleDefinitions?$filter=roleName eq 'contributor'")
    assert [role["id"] for role in found.body["value"]] == [
        f"{arm.subscription}/{PROVIDER}/roleDefinitions/{CONTRIBUTOR}"
    ]
    both = "$filter=roleName eq 'Reader' and type eq 'BuiltInRole'"
    assert (await arm.get(f"{arm.subscription}/{PROVIDER}/roleDefinitions?{both}")).names == [READER]
    assert (await arm.get(f"{arm.subscription}/{PROVIDER}/roleDefinitions?$filter=color eq 'red'")).status == 400


async def test_a_role_is_answered_at_any_scope(arm: Arm) -> None:
    pip = f"{arm.network}/publicIPAddresses/pip"
    for scope in ("", arm.subscription, arm.group, pip):
        reply = await arm.get(f"{scope}/{PROVIDER}/roleDefinitions/{CONTRIBUTOR}")
        assert reply.body["properties"]["roleName"] == "Contributor"
    missing = await arm.get(f"{arm.subscription}/{PROVIDER}/roleDefinitions/{uuid.uuid4()}")
    assert (missing.status, missing.code) == (404, "RoleDefinitionDoesNotExist")


async def test_a_custom_role_can_be_made_assigned_and_then_not_deleted(arm: Arm) -> None:
    path = f"{arm.subscription}/{PROVIDER}/roleDefinitions/{uuid.uuid4()}"
    body = {
        "properties": {
            "roleName": "Starter",
            "type": "CustomRole",
            "permissions": [{"actions": ["Microsoft.Compute/virtualMachines/start/action"]}],
            "assignableScopes": [arm.subscription],
        }
    }
    made = await arm.put(path, body)
    assert (made.status, made.body["properties"]["type"]) == (201, "CustomRole")
    assert (await arm.get(path)).body["id"] == path
    custom = await arm.get(f"{arm.subscription}/{PROVIDER}/roleDefinitions?$filter=type eq 'CustomRole'")
    assert custom.names == [made.body["name"]]
    taken = await arm.put(f"{arm.subscription}/{PROVIDER}/roleDefinitions/{uuid.uuid4()}", body)
    assert taken.code == "RoleDefinitionWithSameNameExists"
    granted = assignment(arm.group)
    assert (await arm.put(granted, grant(arm, await identity(arm), made.body["name"]))).status == 201
    assert (await arm.delete(path)).code == "RoleDefinitionHasAssignments"
    await arm.delete(granted)
    assert (await arm.delete(path)).status == 200


async def test_an_assignment_is_made_at_once_and_learns_its_creator_later(arm: Arm) -> None:
    principal = await identity(arm)
    path = assignment(arm.group)
    made = await arm.put(path, grant(arm, principal))
    properties = made.body["properties"]
    assert (made.status, made.body["id"]) == (201, path)
    assert (properties["scope"], properties["principalType"]) == (arm.group, "ServicePrincipal")
    assert properties["createdBy"] is None
    assert properties["updatedBy"]
    assert properties["condition"] is None
    assert (await arm.get(path)).body["properties"]["createdBy"] == properties["updatedBy"]


async def test_an_assignment_can_stand_at_any_scope(arm: Arm) -> None:
    principal = await identity(arm)
    pip = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(pip, public_ip())
    for scope in ("", arm.subscription, arm.group, pip):
        made = await arm.put(assignment(scope), grant(arm, principal))
        assert (made.status, made.body["properties"]["scope"]) == (201, scope or "/")
    missing = await arm.put(assignment(f"{pip}x"), grant(arm, principal))
    assert (missing.status, missing.code) == (404, "ResourceNotFound")


async def test_a_principal_that_is_not_there_is_named_without_dashes(arm: Arm) -> None:
    unknown = str(uuid.uuid4())
    reply = await arm.put(assignment(arm.group), grant(arm, unknown))
    assert (reply.status, reply.code) == (400, "PrincipalNotFound")
    assert f"Principal {unknown.replace('-', '')} does not exist" in reply.body["error"]["message"]


async def test_a_fresh_principal_is_not_found_until_the_directory_has_replicated_it(started: Starter) -> None:
    async with started(replication_lag_s=40.0) as arm:
        await arm.make_group()
        principal = await identity(arm)
        path = assignment(arm.group)
        assert (await arm.put(path, grant(arm, principal))).code == "PrincipalNotFound"
        named = await arm.put(assignment(arm.group), grant(arm, principal, READER, principalType="ServicePrincipal"))
        assert named.status == 201
        arm.clock.advance(40)
        assert (await arm.put(path, grant(arm, principal))).status == 201


async def test_the_lag_can_be_made_to_hit_requests_that_name_the_type_too(started: Starter) -> None:
    async with started(replication_lag_s=40.0, lag_despite_principal_type=True) as arm:
        await arm.make_group()
        body = grant(arm, await identity(arm), principalType="ServicePrincipal")
        assert (await arm.put(assignment(arm.group), body)).code == "PrincipalNotFound"
        arm.clock.advance(40)
        assert (await arm.put(assignment(arm.group), body)).status == 201


async def test_a_group_that_the_directory_does_not_know_passes_when_its_type_is_named(arm: Arm) -> None:
    made = await arm.put(assignment(arm.group), grant(arm, str(uuid.uuid4()), principalType="group"))
    assert (made.status, made.body["properties"]["principalType"]) == (201, "Group")


async def test_a_principal_of_another_type_is_refused(arm: Arm) -> None:
    reply = await arm.put(assignment(arm.group), grant(arm, await identity(arm), principalType="User"))
    assert (reply.status, reply.code) == (400, "UnmatchedPrincipalType")


async def test_the_same_grant_under_another_name_exists_already(arm: Arm) -> None:
    principal = await identity(arm)
    name = str(uuid.uuid4())
    await arm.put(assignment(arm.group, name), grant(arm, principal))
    again = await arm.put(assignment(arm.group), grant(arm, principal.upper()))
    assert (again.status, again.code) == (409, "RoleAssignmentExists")
    assert name.replace("-", "") in again.body["error"]["message"]
    assert (await arm.put(assignment(arm.group), grant(arm, principal, READER))).status == 201
    assert (await arm.put(assignment(arm.subscription), grant(arm, principal))).status == 201


async def test_the_same_name_and_grant_again_is_fine_and_may_change_the_description(arm: Arm) -> None:
    principal = await identity(arm)
    path = assignment(arm.group)
    await arm.put(path, grant(arm, principal))
    again = await arm.put(path, grant(arm, principal, description="why"))
    assert (again.status, again.body["properties"]["description"]) == (200, "why")


async def test_a_name_cannot_be_used_for_another_grant(arm: Arm) -> None:
    one, two = await identity(arm, "one"), await identity(arm, "two")
    name = str(uuid.uuid4())
    await arm.put(assignment(arm.group, name), grant(arm, one))
    for path, body in (
        (assignment(arm.group, name), grant(arm, two)),
        (assignment(arm.group, name), grant(arm, one, READER)),
        (assignment(arm.subscription, name), grant(arm, one)),
    ):
        reply = await arm.put(path, body)
        assert (reply.status, reply.code) == (400, "RoleAssignmentUpdateNotPermitted")


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ({"roleDefinitionId": f"/{PROVIDER}/roleDefinitions/{uuid.uuid4()}"}, 400),
        ({"roleDefinitionId": "Contributor"}, 400),
        ({"roleDefinitionId": None}, 400),
        ({"principalId": "someone"}, 400),
        ({"condition": "@Resource[x] StringEquals 'y'"}, 400),
        ({"condition": "@Resource[x] StringEquals 'y'", "conditionVersion": "2.0"}, 201),
    ],
)
async def test_what_an_assignment_must_say(arm: Arm, properties: dict[str, Any], status: int) -> None:
    body = grant(arm, await identity(arm))
    body["properties"].update(properties)
    assert (await arm.put(assignment(arm.group), body)).status == status


async def test_the_name_of_an_assignment_must_be_a_guid(arm: Arm) -> None:
    reply = await arm.put(assignment(arm.group, "mine"), grant(arm, await identity(arm)))
    assert reply.code == "InvalidRoleAssignmentId"


async def test_assignments_are_listed_above_at_and_below_a_scope(arm: Arm) -> None:
    principal = await identity(arm)
    pip = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(pip, public_ip())
    made = {}
    for scope in (arm.subscription, arm.group, pip):
        made[scope] = (await arm.put(assignment(scope), grant(arm, principal))).body["name"]
    other = await identity(arm, "other")
    stranger = (await arm.put(assignment(arm.group), grant(arm, other))).body["name"]

    async def listed(scope: str, text: str = "") -> set[str]:
        query = f"?$filter={text}" if text else ""
        return set((await arm.get(f"{scope}/{PROVIDER}/roleAssignments{query}")).names)

    everything = {*made.values(), stranger}
    assert await listed(arm.subscription) == everything
    assert await listed(arm.group) == everything
    assert await listed(arm.group, "atScope()") == everything - {made[pip]}
    assert await listed(pip) == everything
    assert await listed(arm.subscription, "atScope()") == {made[arm.subscription]}
    assert await listed(arm.subscription, f"principalId eq '{other}'") == {stranger}
    assert await listed(arm.group, f"atScope() and assignedTo('{principal}')") == everything - {made[pip], stranger}
    assert (await arm.get(f"{arm.group}/{PROVIDER}/roleAssignments?$filter=color eq 'red'")).status == 400


async def test_deleting_an_assignment_answers_what_it_was(arm: Arm) -> None:
    path = assignment(arm.group)
    body = grant(arm, await identity(arm))
    made = (await arm.put(path, body)).body
    deleted = await arm.delete(path)
    assert (deleted.status, deleted.body["id"]) == (200, made["id"])
    assert (await arm.delete(path)).status == 204
    assert (await arm.put(assignment(arm.group), body)).status == 201


async def test_an_assignment_outlives_its_principal_and_blocks_its_name_for_the_next(arm: Arm) -> None:
    path = assignment(arm.group)
    await arm.put(path, grant(arm, await identity(arm)))
    await arm.delete(f"{arm.group}/{IDENTITIES}/one")
    assert (await arm.get(path)).body["properties"]["principalType"] == "ServicePrincipal"
    fresh = await identity(arm)
    assert (await arm.put(path, grant(arm, fresh))).code == "RoleAssignmentUpdateNotPermitted"


async def test_an_assignment_outlives_its_scope_and_can_still_be_deleted(arm: Arm) -> None:
    pip = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(pip, public_ip())
    path = assignment(pip)
    await arm.put(path, grant(arm, await identity(arm)))
    await arm.gone(pip)
    assert (await arm.get(path)).status == 200
    assert (await arm.delete(path)).status == 200


async def test_deleting_a_group_takes_the_assignments_inside_along(arm: Arm) -> None:
    pip = f"{arm.network}/publicIPAddresses/pip"
    await arm.made(pip, public_ip())
    principal = await identity(arm)
    outside = (await arm.put(assignment(arm.subscription), grant(arm, principal))).body["name"]
    for scope in (arm.group, pip):
        await arm.put(assignment(scope), grant(arm, principal))
    await arm.gone(arm.group)
    assert (await arm.get(f"{arm.subscription}/{PROVIDER}/roleAssignments")).names == [outside]


async def test_the_caller_itself_can_be_given_a_role(arm: Arm) -> None:
    await arm.get(arm.group)
    caller = arm.simulator.log.entries()[-1].principal
    assert (await arm.put(assignment(arm.group), grant(arm, caller))).status == 201

"""Custom roles: made, changed, listed where they apply, kept while in use."""

from __future__ import annotations

from typing import Any

from .conftest import Arm

ROLES = "/providers/Microsoft.Authorization/roleDefinitions"
ROLE_ID = "11111111-1111-1111-1111-111111111111"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def role(*scopes: str, name: str = "Watcher") -> dict[str, Any]:
    return {
        "properties": {
            "roleName": name,
            "description": "Watches.",
            "permissions": [{"actions": ["*/read"]}],
            "assignableScopes": list(scopes),
        }
    }


async def _grant(arm: Arm, scope: str) -> str:
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/22222222-2222-2222-2222-222222222222"
    properties = {
        "roleDefinitionId": f"{arm.subscription}{ROLES}/{ROLE_ID}",
        "principalId": "33333333-3333-3333-3333-333333333333",
        "principalType": "User",
    }
    assert (await arm.put(path, {"properties": properties})).status == 201
    return path


async def _custom(arm: Arm, scope: str, text: str = "") -> list[str]:
    listed = await arm.get(f"{scope}{ROLES}" + (f"?$filter={text}" if text else ""))
    return [entry["name"] for entry in listed.body["value"] if entry["properties"]["type"] == "CustomRole"]


async def test_create_and_update_are_both_answered_created(arm: Arm) -> None:
    path = f"{arm.subscription}{ROLES}/{ROLE_ID}"
    made = await arm.put(path, role(arm.subscription))
    assert made.status == 201
    assert made.body["id"] == path
    properties = made.body["properties"]
    assert properties["type"] == "CustomRole"
    assert properties["permissions"] == [
        {"actions": ["*/read"], "notActions": [], "dataActions": [], "notDataActions": []}
    ]
    assert properties["createdOn"] == properties["updatedOn"]
    arm.clock.advance(60)
    again = await arm.put(path, role(arm.subscription, name="Beholder"))
    assert again.status == 201
    assert again.body["properties"]["roleName"] == "Beholder"
    assert again.body["properties"]["createdOn"] == properties["createdOn"] < again.body["properties"]["updatedOn"]


async def test_a_role_made_at_a_group_stands_at_the_subscription(arm: Arm) -> None:
    at_group, at_subscription = (f"{scope}{ROLES}/{ROLE_ID}" for scope in (arm.group, arm.subscription))
    made = await arm.put(at_group, role(arm.group))
    assert made.body["id"] == at_subscription
    assert (await arm.get(at_group)).body == (await arm.get(at_subscription)).body
    assert (await arm.put(at_subscription, role(arm.group))).status == 201
    deleted = await arm.delete(at_group)
    assert (deleted.status, deleted.body["name"]) == (200, ROLE_ID)
    assert (await arm.get(at_subscription)).code == "RoleDefinitionDoesNotExist"
    assert (await arm.delete(at_group)).status == 204


async def test_a_role_is_listed_where_it_can_be_assigned(arm: Arm) -> None:
    other = await arm.make_group("other")
    await arm.put(f"{arm.subscription}{ROLES}/{ROLE_ID}", role(arm.group))
    assert await _custom(arm, arm.group) == [ROLE_ID]
    assert await _custom(arm, f"{arm.network}/virtualNetworks/net") == [ROLE_ID]
    assert await _custom(arm, other) == await _custom(arm, arm.subscription) == []
    assert await _custom(arm, arm.subscription, "atScopeAndBelow()") == [ROLE_ID]
    assert await _custom(arm, arm.group, "roleName eq 'watcher'") == [ROLE_ID]
    assert await _custom(arm, arm.group, "type eq 'BuiltInRole'") == []


async def test_names_are_unique_in_the_directory(arm: Arm) -> None:
    await arm.put(f"{arm.subscription}{ROLES}/{ROLE_ID}", role(arm.subscription))
    other = f"{arm.subscription}{ROLES}/{ROLE_ID.replace('1', '4')}"
    assert (await arm.put(other, role(arm.subscription))).code == "RoleDefinitionWithSameNameExists"
    assert (await arm.put(other, role(arm.subscription, name="reader"))).code == "RoleDefinitionWithSameNameExists"


async def test_a_role_in_use_stays_and_keeps_the_scope(arm: Arm) -> None:
    other = await arm.make_group("other")
    path = f"{arm.subscription}{ROLES}/{ROLE_ID}"
    await arm.put(path, role(arm.group, other))
    grant = await _grant(arm, arm.group)
    refused = await arm.put(path, role(other))
    assert (refused.status, refused.code) == (400, "RoleScopeBeingRemovedContainsAssignments")
    assert (await arm.put(path, role(arm.group))).status == 201
    refused = await arm.delete(path)
    assert (refused.status, refused.code) == (400, "RoleDefinitionHasAssignments")
    await arm.gone(grant)
    assert (await arm.delete(path)).status == 200


async def test_what_a_role_must_say(arm: Arm) -> None:
    path = f"{arm.subscription}{ROLES}/{ROLE_ID}"
    assert (await arm.put(path, role())).status == 400
    assert (await arm.put(path, role("/"))).status == 400
    assert (await arm.put(path, role(arm.subscription, name=""))).status == 400
    assert (await arm.put(f"{arm.subscription}{ROLES}/no-guid", role(arm.subscription))).status == 400
    assert (await arm.put(f"{arm.subscription}{ROLES}/{READER}", role(arm.subscription))).status == 400

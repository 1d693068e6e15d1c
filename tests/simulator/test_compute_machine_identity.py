"""The identity of a virtual machine, as recorded."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import machine, make_interface, vm
from .conftest import LOCATION, Arm

BOTH = "SystemAssigned, UserAssigned"


async def _user(arm: Arm, name: str) -> Any:
    path = f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    return (await arm.put(path, {"location": LOCATION})).body


async def _machine(arm: Arm, identity: Any) -> Any:
    return await arm.put(vm(arm), {**machine(await make_interface(arm)), "identity": identity})


async def _patched(arm: Arm, identity: Any) -> Any:
    """What a PATCH answers, when everything before it has ended."""
    arm.clock.advance(1000)
    reply = await arm.patch(vm(arm), {"identity": identity})
    assert reply.status == 200, reply.body
    return reply.body.get("identity")


async def test_the_first_answer_carries_the_system_identity(arm: Arm) -> None:
    reply = await _machine(arm, {"type": "systemAssigned"})
    identity = reply.body["identity"]
    assert (reply.status, list(identity)) == (201, ["type", "principalId", "tenantId"])
    assert identity["type"] == "SystemAssigned"
    assert identity["tenantId"] == arm.simulator.tenant_id
    arm.clock.advance(1000)
    assert (await arm.get(vm(arm))).body["identity"] == identity


async def test_user_identities_are_empty_at_first_and_filled_on_reading(arm: Arm) -> None:
    user = await _user(arm, "one")
    reply = await _machine(arm, {"type": "UserAssigned", "userAssignedIdentities": {user["id"]: {}}})
    assert reply.body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {user["id"]: {}}}
    filled = {name: user["properties"][name] for name in ("principalId", "clientId")}
    assert (await arm.get(vm(arm))).body["identity"]["userAssignedIdentities"] == {user["id"]: filled}
    kept = await _patched(arm, {"type": "UserAssigned"})
    assert kept["userAssignedIdentities"] == {user["id"]: filled}


async def test_keys_echo_the_identity_whatever_the_request_spelled(arm: Arm) -> None:
    user = await _user(arm, "one")
    assert "/resourcegroups/" in user["id"]
    spelled = user["id"].upper().replace("/RESOURCEGROUPS/", "/resourceGroups/")
    reply = await _machine(arm, {"type": BOTH, "userAssignedIdentities": {spelled: {}}})
    assert reply.body["identity"]["type"] == BOTH
    assert list(reply.body["identity"]["userAssignedIdentities"]) == [user["id"]]


async def test_the_type_takes_any_spacing(arm: Arm) -> None:
    user = await _user(arm, "one")
    reply = await _machine(arm, {"type": "systemassigned,UserAssigned", "userAssignedIdentities": {user["id"]: {}}})
    assert reply.body["identity"]["type"] == BOTH


async def test_a_patch_merges_the_map_and_null_removes_one(arm: Arm) -> None:
    one, two = await _user(arm, "one"), await _user(arm, "two")
    await _machine(arm, {"type": "UserAssigned", "userAssignedIdentities": {one["id"]: {}}})
    both = await _patched(arm, {"type": "UserAssigned", "userAssignedIdentities": {two["id"]: {}}})
    assert list(both["userAssignedIdentities"]) == [one["id"], two["id"]]
    assert both["userAssignedIdentities"][two["id"]] == {}
    left = await _patched(arm, {"type": "UserAssigned", "userAssignedIdentities": {one["id"]: None}})
    assert list(left["userAssignedIdentities"]) == [two["id"]]


async def test_types_decide_what_stays(arm: Arm) -> None:
    one = await _user(arm, "one")
    first = (await _machine(arm, {"type": BOTH, "userAssignedIdentities": {one["id"]: {}}})).body["identity"]
    only_users = await _patched(arm, {"type": "UserAssigned"})
    assert (only_users["type"], "principalId" in only_users) == ("UserAssigned", False)
    again = await _patched(arm, {"type": BOTH})
    assert again["principalId"] != first["principalId"]
    only_system = await _patched(arm, {"type": "SystemAssigned"})
    assert only_system == {"type": "SystemAssigned", "principalId": again["principalId"], "tenantId": first["tenantId"]}
    assert await _patched(arm, {"type": "None", "userAssignedIdentities": None}) is None
    assert "identity" not in (await arm.get(vm(arm))).body


async def test_a_put_without_identity_keeps_it(arm: Arm) -> None:
    first = (await _machine(arm, {"type": "SystemAssigned"})).body["identity"]
    arm.clock.advance(1000)
    after = await arm.made(vm(arm), machine(f"{arm.network}/networkInterfaces/nic"))
    assert after["identity"] == first


async def test_an_identity_that_is_not_there_is_refused(arm: Arm) -> None:
    missing = f"{arm.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/none"
    reply = await _machine(arm, {"type": "UserAssigned", "userAssignedIdentities": {missing: {}}})
    assert (reply.status, reply.code) == (400, "FailedIdentityOperation")
    assert f"Resource '{missing}' was not found." in reply.body["error"]["message"]


@pytest.mark.parametrize("kind", ["UserAssigned", BOTH])
async def test_a_type_with_user_identities_needs_one(arm: Arm, kind: str) -> None:
    assert (await _machine(arm, {"type": kind})).code == "InvalidParameter"


async def test_user_identities_without_their_type_are_refused(arm: Arm) -> None:
    user = await _user(arm, "one")
    reply = await _machine(arm, {"type": "SystemAssigned", "userAssignedIdentities": {user["id"]: {}}})
    assert (reply.code, reply.body["error"]["target"]) == ("InvalidParameter", "resourceIdentity.identityIds")


async def test_the_principal_comes_and_goes_with_the_machine(arm: Arm) -> None:
    principal = (await _machine(arm, {"type": "SystemAssigned"})).body["identity"]["principalId"]
    reader = (
        f"{arm.subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    )
    grants = f"{arm.group}/providers/Microsoft.Authorization/roleAssignments"
    body = {"properties": {"roleDefinitionId": reader, "principalId": principal}}
    first = await arm.put(f"{grants}/11111111-1111-4111-8111-111111111111", body)
    assert first.status == 201, first.body
    arm.clock.advance(1000)
    await arm.gone(vm(arm))
    assert (await arm.get(f"{grants}/11111111-1111-4111-8111-111111111111")).status == 200
    body["properties"]["roleDefinitionId"] = reader.replace(
        "acdd72a7-3385-48ef-bd42-f606fba81ae7", "b24988ac-6180-42a0-ab88-20f7382dd24c"
    )
    assert (await arm.put(f"{grants}/22222222-2222-4222-8222-222222222222", body)).code == "PrincipalNotFound"

"""Microsoft.ManagedIdentity/userAssignedIdentities."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm

PATH = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"


async def test_an_identity_is_made_at_once_with_a_principal_and_a_lower_case_group(arm: Arm) -> None:
    made = await arm.put(f"{arm.group}/{PATH}/one", {"location": LOCATION})
    assert made.status == 201
    assert made.body["id"] == f"{arm.subscription}/resourcegroups/rg/{PATH}/one"
    assert made.headers["Location"] == made.body["id"]
    properties = made.body["properties"]
    assert (properties["tenantId"], properties["isolationScope"]) == (arm.simulator.tenant_id, "None")
    assert properties["principalId"] != properties["clientId"]
    assert made.body["tags"] == {}
    assert "provisioningState" not in properties


async def test_an_identity_keeps_its_principal_through_a_put_and_loses_it_with_a_delete(arm: Arm) -> None:
    path = f"{arm.group}/{PATH}/one"
    first = (await arm.put(path, {"location": LOCATION})).body
    again = await arm.put(path, {"location": LOCATION, "tags": {"a": "b"}})
    assert (again.status, "Location" in again.headers) == (200, False)
    assert again.body["properties"] == first["properties"]
    deleted = await arm.delete(path)
    assert (deleted.status, deleted.body) == (200, None)
    assert (await arm.delete(path)).status == 204
    recreated = (await arm.put(path, {"location": LOCATION})).body
    assert recreated["properties"]["principalId"] != first["properties"]["principalId"]


async def test_what_the_server_sets_cannot_be_sent(arm: Arm) -> None:
    sent = {"location": LOCATION, "properties": {"principalId": "mine", "clientId": "mine"}}
    made = await arm.put(f"{arm.group}/{PATH}/one", sent)
    assert "mine" not in made.body["properties"].values()


@pytest.mark.parametrize("name", ["ab", "-abc", "a.b.c", "a" * 129])
async def test_a_name_that_breaks_the_rule_is_refused(arm: Arm, name: str) -> None:
    assert (await arm.put(f"{arm.group}/{PATH}/{name}", {"location": LOCATION})).status == 400


async def test_patch_replaces_the_tags(arm: Arm) -> None:
    path = f"{arm.group}/{PATH}/one"
    await arm.put(path, {"location": LOCATION, "tags": {"a": "1"}})
    assert (await arm.patch(path, {"tags": {"b": "2"}})).body["tags"] == {"b": "2"}


async def test_identities_are_listed_by_group_and_by_subscription(arm: Arm) -> None:
    await arm.put(f"{arm.group}/{PATH}/one", {"location": LOCATION})
    assert (await arm.get(f"{arm.group}/{PATH}")).names == ["one"]
    assert (await arm.get(f"{arm.subscription}/{PATH}")).names == ["one"]
    assert (await arm.get(f"{arm.subscription}/resources")).names == ["one"]

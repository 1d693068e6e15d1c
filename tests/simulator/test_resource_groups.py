"""Resource groups: their life, and that of what is in them."""

from __future__ import annotations

from .conftest import LOCATION, Arm, network, public_ip

IDENTITY = "providers/Microsoft.ManagedIdentity/userAssignedIdentities"


async def test_a_group_is_created_and_replaced_at_once(arm: Arm) -> None:
    path = f"{arm.subscription}/resourcegroups/new"
    created = await arm.put(path, {"location": "West US", "tags": {"a": "1", "b": "2"}})
    assert (created.status, created.body["location"]) == (201, "westus")
    assert created.body["id"] == f"{arm.subscription}/resourceGroups/new"
    assert created.body["properties"] == {"provisioningState": "Succeeded"}
    replaced = await arm.put(path, {"location": "westus", "tags": {"a": "1"}})
    assert (replaced.status, replaced.body["tags"]) == (200, {"a": "1"})


async def test_a_group_stays_where_it_is(arm: Arm) -> None:
    reply = await arm.put(arm.group, {"location": "eastus"})
    assert (reply.status, reply.code) == (409, "InvalidResourceGroupLocation")


async def test_a_group_needs_a_known_location_and_a_valid_name(arm: Arm) -> None:
    assert (await arm.put(f"{arm.subscription}/resourceGroups/x", {})).code == "LocationRequired"
    moon = await arm.put(f"{arm.subscription}/resourceGroups/x", {"location": "moon"})
    assert moon.code == "LocationNotAvailableForResourceGroup"
    named = await arm.put(f"{arm.subscription}/resourceGroups/x.", {"location": LOCATION})
    assert named.code == "InvalidResourceGroup"


async def test_patch_changes_the_tags_of_a_group(arm: Arm) -> None:
    assert (await arm.patch(arm.group, {"tags": {"x": "y"}})).body["tags"] == {"x": "y"}
    assert (await arm.get(arm.group)).body["location"] == LOCATION


async def test_head_says_whether_a_group_is_there(arm: Arm) -> None:
    assert (await arm("HEAD", arm.group)).status == 204
    assert (await arm("HEAD", f"{arm.group}x")).status == 404


async def test_groups_are_listed_by_tag(arm: Arm) -> None:
    await arm.put(f"{arm.subscription}/resourceGroups/tagged", {"location": LOCATION, "tags": {"env": "prod"}})
    path = f"{arm.subscription}/resourcegroups"
    assert (await arm.get(path)).names == ["rg", "tagged"]
    assert (await arm.get(f"{path}?$filter=tagName eq 'env' and tagValue eq 'prod'")).names == ["tagged"]


async def test_deleting_a_missing_group_is_not_found(arm: Arm) -> None:
    reply = await arm.delete(f"{arm.group}x")
    assert (reply.status, reply.code) == (404, "ResourceGroupNotFound")


async def test_deleting_a_group_answers_a_location_alone_and_ends_with_an_empty_200(arm: Arm) -> None:
    await arm.made(f"{arm.network}/virtualNetworks/net", network(("a", "10.0.0.0/24")))
    reply = await arm.delete(arm.group)
    assert (reply.status, reply.body, reply.headers["Retry-After"]) == (202, None, "15")
    assert "Azure-AsyncOperation" not in reply.headers
    location = reply.headers["Location"]
    assert (await arm.get(arm.group)).body["properties"]["provisioningState"] == "Deleting"
    polled = await arm.get(location)
    assert (polled.status, polled.body, "Location" in polled.headers) == (202, None, True)
    again = await arm.delete(arm.group)
    assert again.headers["Location"] == location
    arm.clock.advance(1000)
    polled = await arm.get(location)
    assert (polled.status, polled.body) == (200, None)
    assert (await arm.get(arm.group)).status == 404
    assert (await arm.get(f"{arm.subscription}/resources")).body["value"] == []


async def test_nothing_can_be_made_in_a_group_that_is_being_deleted(arm: Arm) -> None:
    await arm.delete(arm.group)
    for path, body in ((f"{arm.network}/publicIPAddresses/pip", public_ip()), (arm.group, {"location": LOCATION})):
        reply = await arm.put(path, body)
        assert (reply.status, reply.code) == (409, "ResourceGroupBeingDeleted")


async def test_a_group_with_something_that_is_used_from_outside_stays(arm: Arm) -> None:
    other = await arm.make_group("other")
    security_group = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(security_group, {"location": LOCATION})
    await arm.made(f"{arm.network}/publicIPAddresses/pip", public_ip())
    body = network(("a", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["networkSecurityGroup"] = {"id": security_group}
    await arm.made(f"{other}/providers/Microsoft.Network/virtualNetworks/net", body)
    location = (await arm.delete(arm.group)).headers["Location"]
    arm.clock.advance(1000)
    failed = await arm.get(location)
    assert failed.status == 409
    error = failed.body["Error"]
    assert (error["Code"], error["Target"]) == ("ResourceGroupDeletionBlocked", None)
    assert error["Details"][0]["Target"] == security_group
    assert '"InUseNetworkSecurityGroupCannotBeDeleted"' in error["Details"][0]["Message"]
    assert (await arm.get(arm.group)).body["properties"]["provisioningState"] == "Succeeded"
    assert (await arm.get(security_group)).status == 200
    assert (await arm.get(f"{arm.network}/publicIPAddresses/pip")).status == 404


async def test_the_principals_of_a_deleted_group_are_gone(arm: Arm) -> None:
    identity = await arm.made(f"{arm.group}/{IDENTITY}/identity", {"location": LOCATION})
    world = arm.simulator.world
    assert world.directory.get(identity["properties"]["principalId"]) is not None
    await arm.gone(arm.group)
    await arm.get("/subscriptions")
    assert world.directory.get(identity["properties"]["principalId"]) is None

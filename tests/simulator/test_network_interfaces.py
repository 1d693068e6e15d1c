"""Network interfaces: answers, defaults, references, and who shows them."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm
from .network_bodies import configuration, interface, make_network, make_public_ip, only_configuration


async def test_a_create_is_answered_already_succeeded_and_without_retry_after(arm: Arm) -> None:
    subnet = await make_network(arm)
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    assert reply.status == 201
    assert reply.body["properties"]["provisioningState"] == "Succeeded"
    assert only_configuration(reply.body)["provisioningState"] == "Succeeded"
    assert "Retry-After" not in reply.headers
    polled = await arm.get(reply.headers["Azure-AsyncOperation"])
    assert polled.body == {"status": "Succeeded"}


async def test_a_create_shows_what_azure_fills_in(arm: Arm) -> None:
    subnet = await make_network(arm)
    body = await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    properties = body["properties"]
    (part,) = properties["ipConfigurations"]
    assert part["id"] == f"{arm.network}/networkInterfaces/nic/ipConfigurations/main"
    assert part["type"] == "Microsoft.Network/networkInterfaces/ipConfigurations"
    assert part["etag"] == body["etag"]
    assert part["properties"] == {
        "provisioningState": "Succeeded",
        "privateIPAddress": "10.0.0.4",
        "privateIPAllocationMethod": "Dynamic",
        "privateIPAddressVersion": "IPv4",
        "primary": True,
        "subnet": {"id": subnet},
    }
    assert properties["dnsSettings"]["dnsServers"] == properties["dnsSettings"]["appliedDnsServers"] == []
    assert properties["dnsSettings"]["internalDomainNameSuffix"].endswith(".internal.cloudapp.net")
    assert properties["enableAcceleratedNetworking"] is properties["enableIPForwarding"] is False
    assert properties["hostedWorkloads"] == properties["tapConfigurations"] == []
    assert properties["nicType"] == "Standard"
    assert properties["vnetEncryptionSupported"] is False
    assert "macAddress" not in properties


async def test_an_update_of_an_unattached_interface_is_done_at_once(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    made = await arm.made(path, interface(subnet))
    reply = await arm.put(path, {**interface(subnet), "tags": {"a": "b"}})
    assert reply.status == 200
    assert reply.body["properties"]["provisioningState"] == "Succeeded"
    assert "Retry-After" not in reply.headers
    assert reply.body["properties"]["resourceGuid"] == made["properties"]["resourceGuid"]
    assert reply.body["etag"] != made["etag"]


async def test_a_patch_replaces_the_tags_at_once(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    await arm.made(path, {**interface(subnet), "tags": {"old": "1"}})
    reply = await arm.patch(path, {"tags": {"new": "2"}})
    assert reply.status == 200
    assert reply.body["tags"] == {"new": "2"}
    assert "Azure-AsyncOperation" not in reply.headers


async def test_a_delete_takes_its_time_and_a_missing_one_is_no_content(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    await arm.made(path, interface(subnet))
    reply = await arm.delete(path)
    assert reply.status == 202
    assert reply.headers["Retry-After"] == "4"
    assert {"Azure-AsyncOperation", "Location"} <= set(reply.headers)
    arm.clock.advance(100)
    assert (await arm.get(path)).status == 404
    assert (await arm.delete(path)).status == 204


async def test_who_uses_what_shows_on_the_other_side(arm: Arm) -> None:
    subnet, address = await make_network(arm), await make_public_ip(arm)
    group = f"{arm.network}/networkSecurityGroups/group"
    await arm.made(group, {"location": LOCATION})
    body = interface(subnet, publicIPAddress={"id": address})
    body["properties"]["networkSecurityGroup"] = {"id": group}
    nic = f"{arm.network}/networkInterfaces/nic"
    await arm.made(nic, body)
    part = {"id": f"{nic}/ipConfigurations/main"}
    assert (await arm.get(subnet)).body["properties"]["ipConfigurations"] == [part]
    in_network = (await arm.get(f"{arm.network}/virtualNetworks/net")).body["properties"]["subnets"][0]
    assert in_network["properties"]["ipConfigurations"] == [part]
    assert (await arm.get(address)).body["properties"]["ipConfiguration"] == part
    assert (await arm.get(group)).body["properties"]["networkInterfaces"] == [{"id": nic}]
    await arm.gone(nic)
    assert "ipConfigurations" not in (await arm.get(subnet)).body["properties"]
    assert "ipConfiguration" not in (await arm.get(address)).body["properties"]
    assert "networkInterfaces" not in (await arm.get(group)).body["properties"]


async def test_a_put_that_omits_the_security_group_removes_it(arm: Arm) -> None:
    subnet = await make_network(arm)
    group = f"{arm.network}/networkSecurityGroups/group"
    await arm.made(group, {"location": LOCATION})
    body = interface(subnet)
    body["properties"]["networkSecurityGroup"] = {"id": group}
    path = f"{arm.network}/networkInterfaces/nic"
    await arm.made(path, body)
    assert (await arm.delete(group)).code == "InUseNetworkSecurityGroupCannotBeDeleted"
    replaced = await arm.made(path, interface(subnet))
    assert "networkSecurityGroup" not in replaced["properties"]
    assert (await arm.delete(group)).status == 202


async def test_a_reference_is_reduced_to_its_id(arm: Arm) -> None:
    subnet, address = await make_network(arm), await make_public_ip(arm)
    sent = {"id": address, "properties": {"publicIPAllocationMethod": "Static"}}
    body = await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet, publicIPAddress=sent))
    assert only_configuration(body)["publicIPAddress"] == {"id": address}


@pytest.mark.parametrize("kind", ["subnet", "publicIPAddress"])
async def test_a_reference_to_nothing_is_refused(arm: Arm, kind: str) -> None:
    subnet = await make_network(arm)
    missing = {"subnet": f"{subnet}x", "publicIPAddress": f"{arm.network}/publicIPAddresses/none"}[kind]
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet, **{kind: {"id": missing}}))
    assert (reply.status, reply.code) == (400, "InvalidResourceReference")
    assert reply.body["error"]["message"] == (
        f"Resource {missing} referenced by resource {arm.network}/networkInterfaces/nic was not found. Please make "
        "sure that the referenced resource exists, and that both resources are in the same region."
    )


async def test_a_subnet_in_another_region_counts_as_missing(arm: Arm) -> None:
    subnet = await make_network(arm)
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", {**interface(subnet), "location": "eastus"})
    assert reply.code == "InvalidResourceReference"


async def test_a_reference_of_the_wrong_type_is_refused(arm: Arm) -> None:
    subnet = await make_network(arm)
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet.rpartition("/subnets/")[0]))
    assert reply.code == "InvalidRequestFormat"
    assert reply.body["error"]["details"][0]["code"] == "InvalidJsonReferenceFormat"


async def test_a_subnet_that_is_still_updating_is_a_retryable_error(arm: Arm) -> None:
    subnet = await make_network(arm)
    assert (await arm.put(subnet, {"properties": {"addressPrefix": "10.0.0.0/25"}})).status == 200
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    assert (reply.status, reply.code) == (429, "RetryableError")
    (detail,) = reply.body["error"]["details"]
    assert detail["code"] == "ReferencedResourceNotProvisioned"
    assert detail["message"].endswith("the last operation that updated/is updating the resource is PutSubnetOperation.")
    arm.clock.advance(100)
    assert (await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet))).status == 201


async def test_a_public_ip_serves_one_configuration_only(arm: Arm) -> None:
    subnet, address = await make_network(arm), await make_public_ip(arm)
    first, second = f"{arm.network}/networkInterfaces/one", f"{arm.network}/networkInterfaces/two"
    await arm.made(first, interface(subnet, publicIPAddress={"id": address}))
    reply = await arm.put(second, interface(subnet, publicIPAddress={"id": address}))
    assert (reply.status, reply.code) == (400, "PublicIPAddressInUse")
    assert reply.body["error"]["message"] == (
        f"IP configuration {second}/ipConfigurations/main is referencing public IP address {address} that is already "
        f"allocated to resource {first}/ipConfigurations/main."
    )
    again = await arm.put(first, interface(subnet, publicIPAddress={"id": address}))
    assert again.status == 200
    await arm.made(first, interface(subnet))
    assert (await arm.put(second, interface(subnet, publicIPAddress={"id": address}))).status == 201


async def test_of_several_configurations_one_is_primary(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    two = interface(subnet, configuration(subnet, "a"), configuration(subnet, "b", primary=True))
    body = await arm.made(path, two)
    assert [part["properties"]["primary"] for part in body["properties"]["ipConfigurations"]] == [False, True]
    both = interface(subnet, configuration(subnet, "a", primary=True), configuration(subnet, "b", primary=True))
    assert (await arm.put(path, both)).status == 400
    fewer = await arm.made(path, interface(subnet, configuration(subnet, "a")))
    assert [part["name"] for part in fewer["properties"]["ipConfigurations"]] == ["a"]


async def test_an_unknown_property_is_refused(arm: Arm) -> None:
    subnet = await make_network(arm)
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet, privateIpMethod="Dynamic"))
    assert reply.code == "InvalidRequestFormat"
    assert "Could not find member 'privateIpMethod'" in reply.body["error"]["details"][0]["message"]


async def test_a_configuration_can_be_read_by_its_own_address(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    body = await arm.made(path, interface(subnet))
    (part,) = body["properties"]["ipConfigurations"]
    assert (await arm.get(part["id"])).body == part
    assert (await arm.get(f"{path}/ipConfigurations")).body == {"value": [part]}
    missing = await arm.get(f"{path}/ipConfigurations/none")
    assert (missing.status, missing.code) == (404, "NotFound")
    assert (await arm.get(f"{path}x/ipConfigurations")).code == "ResourceNotFound"


async def test_two_configurations_of_one_name_are_refused(arm: Arm) -> None:
    subnet = await make_network(arm)
    twice = interface(subnet, configuration(subnet, "a"), configuration(subnet, "A"))
    assert (await arm.put(f"{arm.network}/networkInterfaces/nic", twice)).code == "DuplicateResourceName"


async def test_an_interface_needs_a_configuration_and_that_a_subnet(arm: Arm) -> None:
    path = f"{arm.network}/networkInterfaces/nic"
    assert (await arm.put(path, {"location": LOCATION, "properties": {}})).status == 400
    without = {"location": LOCATION, "properties": {"ipConfigurations": [{"name": "main", "properties": {}}]}}
    assert (await arm.put(path, without)).status == 400


async def test_an_interface_stays_in_its_virtual_network(arm: Arm) -> None:
    path = f"{arm.network}/networkInterfaces/nic"
    await arm.made(path, interface(await make_network(arm)))
    reply = await arm.put(path, interface(await make_network(arm, "other")))
    assert (reply.status, reply.code) == (400, "NetworkInterfaceIpConfigurationsMustBeInSameVnet")

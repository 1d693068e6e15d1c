"""NAT gateways: answers, public IPs, subnets."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm
from .network_bodies import Json, interface, make_network, make_public_ip


def gateway(*addresses: str, **properties: object) -> Json:
    return {
        "location": LOCATION,
        "properties": {"publicIpAddresses": [{"id": address} for address in addresses], **properties},
    }


async def test_a_create_is_updating_and_fills_in_sku_and_timeout(arm: Arm) -> None:
    address = await make_public_ip(arm)
    path = f"{arm.network}/natGateways/nat"
    reply = await arm.put(path, gateway(address))
    assert reply.status == 201
    assert reply.headers["Retry-After"] == "10"
    assert reply.body["sku"] == {"name": "Standard", "tier": "Regional"}
    assert reply.body["properties"]["idleTimeoutInMinutes"] == 4
    assert reply.body["properties"]["provisioningState"] == "Updating"
    arm.clock.advance(100)
    assert (await arm.get(path)).body["properties"]["provisioningState"] == "Succeeded"
    assert (await arm.get(address)).body["properties"]["natGateway"] == {"id": path}


async def test_what_was_read_can_be_written_back(arm: Arm) -> None:
    path = f"{arm.network}/natGateways/nat"
    body = await arm.made(path, gateway(await make_public_ip(arm)))
    assert (await arm.made(path, {**body, "tags": {"a": "b"}}))["tags"] == {"a": "b"}


async def test_a_public_ip_that_is_not_there_is_named_in_upper_case(arm: Arm) -> None:
    reply = await arm.put(f"{arm.network}/natGateways/nat", gateway(f"{arm.network}/publicIPAddresses/none"))
    assert (reply.status, reply.code) == (404, "NotFound")
    assert reply.body["error"]["message"] == (
        f"Resource {arm.subscription}/resourceGroups/RG/providers/Microsoft.Network/publicIPAddresses/NONE not found."
    )


async def test_a_public_ip_serves_one_thing_only(arm: Arm) -> None:
    subnet, address = await make_network(arm), await make_public_ip(arm)
    nat, nic = f"{arm.network}/natGateways/nat", f"{arm.network}/networkInterfaces/nic"
    await arm.made(nat, gateway(address))
    body = interface(subnet, publicIPAddress={"id": address})
    assert (await arm.put(nic, body)).code == "PublicIPAddressInUse"
    assert (await arm.put(f"{arm.network}/natGateways/other", gateway(address))).code == "PublicIPAddressInUse"
    refused = await arm.delete(address)
    assert (refused.status, refused.code) == (400, "PublicIPAddressCannotBeDeleted")
    assert f"still allocated to resource {nat}." in refused.body["error"]["message"]
    await arm.made(nat, gateway())
    assert (await arm.put(nic, body)).status == 201


async def test_a_subnet_shows_on_the_gateway_and_holds_it(arm: Arm) -> None:
    subnet, nat = await make_network(arm), f"{arm.network}/natGateways/nat"
    await arm.made(nat, gateway())
    prefix = {"addressPrefix": "10.0.0.0/24"}
    await arm.made(subnet, {"properties": {**prefix, "natGateway": {"id": nat}}})
    assert (await arm.get(nat)).body["properties"]["subnets"] == [{"id": subnet}]
    refused = await arm.delete(nat)
    assert (refused.status, refused.code) == (400, "CannotDeleteNatGatewayAssociatedToSubnet")
    assert "is still configured on 1 subnets." in refused.body["error"]["message"]
    await arm.made(subnet, {"properties": prefix})
    assert "subnets" not in (await arm.get(nat)).body["properties"]
    assert (await arm.delete(nat)).status == 202


async def test_a_subnet_cannot_name_a_gateway_that_is_not_there_or_not_ready(arm: Arm) -> None:
    subnet, nat = await make_network(arm), f"{arm.network}/natGateways/nat"
    body = {"properties": {"addressPrefix": "10.0.0.0/24", "natGateway": {"id": nat}}}
    assert (await arm.put(subnet, body)).code == "InvalidResourceReference"
    await arm.put(nat, gateway())
    assert (await arm.put(subnet, body)).code == "RetryableError"
    arm.clock.advance(100)
    assert (await arm.put(subnet, body)).status == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": {"name": "StandardV2"}}, "NatGatewaySkuCannotBeChanged"),
        ({"zones": ["1"]}, "ResourceAvailabilityZonesCannotBeModified"),
        ({"location": "eastus"}, "InvalidResourceLocation"),
    ],
)
async def test_what_cannot_change_once_it_is_made(arm: Arm, change: Json, code: str) -> None:
    path = f"{arm.network}/natGateways/nat"
    await arm.made(path, gateway())
    assert (await arm.put(path, {**gateway(), **change})).code == code


async def test_the_idle_timeout_has_limits(arm: Arm) -> None:
    path = f"{arm.network}/natGateways/nat"
    assert (await arm.put(path, gateway(idleTimeoutInMinutes=3))).status == 400
    assert (await arm.put(path, gateway(idleTimeoutInMinutes=120))).status == 201


async def test_a_gateway_serves_one_network(arm: Arm) -> None:
    nat = f"{arm.network}/natGateways/nat"
    await arm.made(nat, gateway(await make_public_ip(arm)))
    for name, code in (("net", ""), ("other", "NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks")):
        front = await make_network(arm, name)
        served = {"properties": {"addressPrefix": "10.0.0.0/24", "natGateway": {"id": nat}}}
        reply = await arm.put(front, served)
        assert reply.code == code if code else reply.status == 200
        arm.clock.advance(100)
    back = {"properties": {"addressPrefix": "10.0.1.0/24", "natGateway": {"id": nat}}}
    assert (await arm.put(f"{arm.network}/virtualNetworks/net/subnets/back", back)).status == 201

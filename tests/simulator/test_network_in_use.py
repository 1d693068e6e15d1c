"""Nothing that something else uses can be taken away, whichever way it is tried; a group takes all along."""

from __future__ import annotations

import pytest

from provisioner.simulator.arm.links import Link
from provisioner.simulator.description.body import Reference
from provisioner.simulator.state.resources import Resource
from provisioner.simulator.types.network import network_interface

from .conftest import LOCATION, Arm, network
from .network_bodies import Json, interface, make_network, make_public_ip


async def test_a_subnet_in_use_cannot_go_by_itself_with_its_network_or_by_being_left_out(arm: Arm) -> None:
    subnet = await make_network(arm)
    nic, net = f"{arm.network}/networkInterfaces/nic", f"{arm.network}/virtualNetworks/net"
    await arm.made(nic, interface(subnet))
    message = (
        f"Subnet front is in use by {nic}/ipConfigurations/main and cannot be deleted. In order to delete the subnet, "
        "delete all the resources within the subnet. See aka.ms/deletesubnet."
    )
    tries = [await arm.delete(subnet), await arm.delete(net), await arm.put(net, network(("other", "10.0.9.0/24")))]
    for reply in tries:
        assert (reply.status, reply.code) == (400, "InUseSubnetCannotBeDeleted")
        assert reply.body["error"]["message"] == message
        assert reply.body["error"]["details"] == []
    await arm.gone(nic)
    assert (await arm.delete(subnet)).status == 202


async def test_a_subnet_with_something_in_it_keeps_its_range(arm: Arm) -> None:
    subnet = await make_network(arm)
    await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    reply = await arm.put(subnet, {"properties": {"addressPrefix": "10.0.5.0/24"}})
    assert reply.code == "InUsePrefixCannotBeDeleted"
    assert (await arm.put(subnet, {"properties": {"addressPrefix": "10.0.0.0/24"}})).status == 200


async def test_an_interface_that_is_being_deleted_still_holds_its_subnet(arm: Arm) -> None:
    subnet = await make_network(arm)
    await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet))
    await arm.delete(f"{arm.network}/networkInterfaces/nic")
    assert (await arm.delete(subnet)).code == "InUseSubnetCannotBeDeleted"


async def test_a_public_ip_of_an_interface_cannot_be_deleted(arm: Arm) -> None:
    subnet, address = await make_network(arm), await make_public_ip(arm)
    nic = f"{arm.network}/networkInterfaces/nic"
    await arm.made(nic, interface(subnet, publicIPAddress={"id": address}))
    reply = await arm.delete(address)
    assert (reply.status, reply.code) == (400, "PublicIPAddressCannotBeDeleted")
    assert f"still allocated to resource {nic}/ipConfigurations/main." in reply.body["error"]["message"]


@pytest.mark.parametrize(
    ("type_", "property_", "code"),
    [
        ("networkSecurityGroups", "networkSecurityGroup", "InUseNetworkSecurityGroupCannotBeDeleted"),
        ("routeTables", "routeTable", "InUseRouteTableCannotBeDeleted"),
    ],
)
async def test_what_a_subnet_names_stays_until_the_subnet_lets_go(
    arm: Arm, type_: str, property_: str, code: str
) -> None:
    subnet, other = await make_network(arm), f"{arm.network}/{type_}/one"
    await arm.made(other, {"location": LOCATION})
    prefix = {"addressPrefix": "10.0.0.0/24"}
    await arm.made(subnet, {"properties": {**prefix, property_: {"id": other}}})
    assert (await arm.get(other)).body["properties"]["subnets"] == [{"id": subnet}]
    refused = await arm.delete(other)
    assert (refused.status, refused.code) == (400, code)
    await arm.made(subnet, {"properties": prefix})
    assert (await arm.delete(other)).status == 202


def test_an_interface_that_a_machine_uses_is_refused_in_azure_s_words() -> None:
    nic = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/nic"
    machine = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm"
    resource = Resource(nic, network_interface.TYPE, {}, {}, "", None, 0, 0.0, 0.0)
    link = Link(machine.lower(), machine, nic.lower(), Reference(path="", type=network_interface.TYPE))
    error = network_interface.in_use(resource, [link])
    assert error is not None
    assert (error.status, error.code) == (400, "NicInUse")
    assert error.message == (
        f"Network Interface {nic} is used by existing resource {machine}. In order to delete the network interface, it "
        "must be dissociated from the resource. To learn more, see aka.ms/deletenic."
    )


async def _fill_group(arm: Arm) -> None:
    """One of everything, all of it connected."""
    address, front = await make_public_ip(arm), await make_public_ip(arm, "front")
    nat, group = f"{arm.network}/natGateways/nat", f"{arm.network}/networkSecurityGroups/group"
    await arm.made(nat, {"location": LOCATION, "properties": {"publicIpAddresses": [{"id": address}]}})
    await arm.made(group, {"location": LOCATION})
    body: Json = network(("front", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"] |= {"natGateway": {"id": nat}, "networkSecurityGroup": {"id": group}}
    await arm.made(f"{arm.network}/virtualNetworks/net", body)
    subnet = f"{arm.network}/virtualNetworks/net/subnets/front"
    await arm.made(f"{arm.network}/networkInterfaces/nic", interface(subnet, publicIPAddress={"id": front}))


async def test_a_group_is_deleted_whatever_is_inside(arm: Arm) -> None:
    await _fill_group(arm)
    assert (await arm.delete(arm.group)).status == 202
    arm.clock.advance(1000)
    assert (await arm.get(arm.group)).status == 404
    await arm.make_group()
    assert (await arm.get(f"{arm.network}/networkInterfaces")).names == []
    await _fill_group(arm)


async def test_a_group_stays_when_something_outside_uses_what_is_in_it(arm: Arm) -> None:
    subnet = await make_network(arm)
    await make_public_ip(arm)
    other = await arm.make_group("other")
    nic = f"{other}/providers/Microsoft.Network/networkInterfaces/nic"
    await arm.made(nic, interface(subnet))
    begun = await arm.delete(arm.group)
    arm.clock.advance(1000)
    polled = await arm.get(begun.headers["Location"])
    assert (polled.status, polled.body["Error"]["Code"]) == (409, "ResourceGroupDeletionBlocked")
    (detail,) = polled.body["Error"]["Details"]
    assert "InUseSubnetCannotBeDeleted" in detail["Message"]
    assert (await arm.get(subnet)).status == 200
    assert (await arm.get(f"{arm.network}/publicIPAddresses")).names == []
    await arm.gone(nic)
    await arm.gone(arm.group)
    assert (await arm.get(arm.group)).status == 404

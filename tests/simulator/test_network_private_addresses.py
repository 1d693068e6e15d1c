"""Private addresses: given out from the subnet, kept, checked, and free again."""

from __future__ import annotations

import pytest

from .conftest import Arm
from .network_bodies import configuration, interface, make_network, network, only_configuration, static


async def _address(arm: Arm, name: str, subnet: str) -> str:
    body = await arm.made(f"{arm.network}/networkInterfaces/{name}", interface(subnet))
    return str(only_configuration(body)["privateIPAddress"])


async def test_dynamic_addresses_are_the_lowest_free_ones(arm: Arm) -> None:
    subnet = await make_network(arm)
    assert [await _address(arm, name, subnet) for name in "abc"] == ["10.0.0.4", "10.0.0.5", "10.0.0.6"]
    await arm.gone(f"{arm.network}/networkInterfaces/b")
    assert await _address(arm, "d", subnet) == "10.0.0.5"
    assert await _address(arm, "e", subnet) == "10.0.0.7"


async def test_an_update_keeps_the_address(arm: Arm) -> None:
    subnet = await make_network(arm)
    await _address(arm, "a", subnet)
    assert await _address(arm, "b", subnet) == "10.0.0.5"
    await arm.gone(f"{arm.network}/networkInterfaces/a")
    assert await _address(arm, "b", subnet) == "10.0.0.5"


async def test_an_address_that_is_sent_with_dynamic_allocation_is_ignored(arm: Arm) -> None:
    subnet = await make_network(arm)
    body = interface(subnet, privateIPAllocationMethod="Dynamic", privateIPAddress="10.0.0.77")
    made = await arm.made(f"{arm.network}/networkInterfaces/a", body)
    assert only_configuration(made)["privateIPAddress"] == "10.0.0.4"


async def test_another_subnet_means_another_address(arm: Arm) -> None:
    two = network(("front", "10.0.0.0/24"), ("back", "10.0.1.8/29"))
    await arm.made(f"{arm.network}/virtualNetworks/net", two)
    first, second = (f"{arm.network}/virtualNetworks/net/subnets/{name}" for name in ("front", "back"))
    assert await _address(arm, "a", first) == "10.0.0.4"
    assert await _address(arm, "a", second) == "10.0.1.12"
    assert await _address(arm, "b", first) == "10.0.0.4"


async def test_static_addresses_are_taken_as_they_are_and_stepped_over(arm: Arm) -> None:
    subnet = await make_network(arm)
    made = await arm.made(f"{arm.network}/networkInterfaces/a", interface(subnet, **static("10.0.0.4")))
    assert only_configuration(made)["privateIPAddress"] == "10.0.0.4"
    assert await _address(arm, "b", subnet) == "10.0.0.5"


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("10.0.1.4", "PrivateIPAddressNotInSubnet"),
        ("10.0.0.0", "PrivateIPAddressInReservedRange"),
        ("10.0.0.3", "PrivateIPAddressInReservedRange"),
        ("10.0.0.255", "PrivateIPAddressInReservedRange"),
        ("10.0.0.4", "PrivateIPAddressIsAllocated"),
        ("ten", "InvalidIPAddressFormat"),
    ],
)
async def test_a_static_address_must_be_inside_and_free(arm: Arm, address: str, code: str) -> None:
    subnet = await make_network(arm)
    await _address(arm, "first", subnet)
    reply = await arm.put(f"{arm.network}/networkInterfaces/nic", interface(subnet, **static(address)))
    assert (reply.status, reply.code) == (400, code)


async def test_a_static_configuration_needs_an_address(arm: Arm) -> None:
    subnet = await make_network(arm)
    body = interface(subnet, privateIPAllocationMethod="Static")
    assert (await arm.put(f"{arm.network}/networkInterfaces/nic", body)).status == 400


async def test_configurations_of_one_request_do_not_share_an_address(arm: Arm) -> None:
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/nic"
    mixed = interface(subnet, configuration(subnet, "a"), configuration(subnet, "b", **static("10.0.0.4")))
    body = await arm.made(path, mixed)
    assert [part["properties"]["privateIPAddress"] for part in body["properties"]["ipConfigurations"]] == [
        "10.0.0.5",
        "10.0.0.4",
    ]
    twice = [configuration(subnet, name, **static("10.0.0.9")) for name in "ab"]
    assert (await arm.put(path, interface(subnet, *twice))).code == "PrivateIPAddressIsAllocated"


async def test_a_full_subnet_is_refused_until_something_leaves(arm: Arm) -> None:
    subnet = await make_network(arm, prefix="10.0.0.0/29")
    for name in "abc":
        await _address(arm, name, subnet)
    reply = await arm.put(f"{arm.network}/networkInterfaces/d", interface(subnet))
    assert (reply.status, reply.code) == (400, "SubnetIsFull")
    assert reply.body["error"]["message"] == (
        "Subnet front with address prefix 10.0.0.0/29 does not have enough capacity for 1 IP addresses."
    )
    await arm.gone(f"{arm.network}/networkInterfaces/a")
    assert (await arm.put(f"{arm.network}/networkInterfaces/d", interface(subnet))).status == 201


async def test_an_address_is_free_again_only_when_the_delete_has_ended(arm: Arm) -> None:
    subnet = await make_network(arm)
    await _address(arm, "a", subnet)
    await arm.delete(f"{arm.network}/networkInterfaces/a")
    body = interface(subnet, **static("10.0.0.4"))
    assert (await arm.put(f"{arm.network}/networkInterfaces/b", body)).code == "PrivateIPAddressIsAllocated"
    arm.clock.advance(100)
    assert (await arm.put(f"{arm.network}/networkInterfaces/b", body)).status == 201


async def test_a_refused_request_takes_no_address(arm: Arm) -> None:
    subnet = await make_network(arm)
    missing = {"id": f"{arm.network}/networkSecurityGroups/none"}
    body = interface(subnet)
    body["properties"]["networkSecurityGroup"] = missing
    assert (await arm.put(f"{arm.network}/networkInterfaces/a", body)).status == 400
    assert await _address(arm, "b", subnet) == "10.0.0.4"

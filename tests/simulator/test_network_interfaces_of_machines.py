"""Network interfaces that a virtual machine uses."""

from __future__ import annotations

from .conftest import LOCATION, Arm
from .network_bodies import Json, interface, make_network

PASSWORD = "Correct-Horse-7-Battery"
IMAGE = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}


def machine(*interfaces: str) -> Json:
    listed = [{"id": each, "properties": {"primary": each == interfaces[0]}} for each in interfaces]
    return {
        "location": LOCATION,
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
            "storageProfile": {"imageReference": IMAGE},
            "osProfile": {"computerName": "vm", "adminUsername": "azureuser", "adminPassword": PASSWORD},
            "networkProfile": {"networkInterfaces": listed},
        },
    }


async def _nic(arm: Arm, subnet: str, name: str = "nic") -> str:
    path = f"{arm.network}/networkInterfaces/{name}"
    await arm.made(path, interface(subnet))
    return path


def _vm(arm: Arm) -> str:
    return f"{arm.group}/providers/Microsoft.Compute/virtualMachines/vm"


async def test_the_machine_shows_and_survives_puts_that_omit_it(arm: Arm) -> None:
    subnet = await make_network(arm)
    nic, vm = await _nic(arm, subnet), _vm(arm)
    await arm.made(vm, machine(nic))
    properties = (await arm.get(nic)).body["properties"]
    assert properties["virtualMachine"] == {"id": vm}
    assert properties["primary"] is True
    assert properties["macAddress"].startswith("00-0D-3A-")
    again = await arm.made(nic, interface(subnet))
    assert again["properties"]["virtualMachine"] == {"id": vm}
    assert again["properties"]["macAddress"] == properties["macAddress"]


async def test_an_update_under_a_machine_takes_its_time(arm: Arm) -> None:
    subnet = await make_network(arm)
    nic = await _nic(arm, subnet)
    await arm.made(_vm(arm), machine(nic))
    reply = await arm.put(nic, {**interface(subnet), "tags": {"a": "b"}})
    assert (reply.status, reply.headers["Retry-After"]) == (200, "10")
    assert reply.body["properties"]["provisioningState"] == "Updating"
    assert (await arm.put(nic, interface(subnet))).code == "AnotherOperationInProgress"
    arm.clock.advance(200)
    assert (await arm.get(nic)).body["properties"]["provisioningState"] == "Succeeded"


async def test_it_cannot_be_deleted_until_the_machine_is_gone(arm: Arm) -> None:
    nic, vm = await _nic(arm, await make_network(arm)), _vm(arm)
    await arm.made(vm, machine(nic))
    message = (
        f"Network Interface {nic} is used by existing resource {vm}. In order to delete the network interface, it must "
        "be dissociated from the resource. To learn more, see aka.ms/deletenic."
    )
    refused = await arm.delete(nic)
    assert (refused.status, refused.code, refused.body["error"]["message"]) == (400, "NicInUse", message)
    assert (await arm.delete(vm)).status == 202
    while_deleting = await arm.delete(nic)
    assert (while_deleting.code, while_deleting.body["error"]["message"]) == ("NicInUse", message)
    arm.clock.advance(200)
    properties = (await arm.get(nic)).body["properties"]
    assert not {"virtualMachine", "macAddress", "primary"} & set(properties)
    assert (await arm.delete(nic)).status == 202


async def test_of_two_interfaces_one_is_primary(arm: Arm) -> None:
    subnet = await make_network(arm)
    first, second = await _nic(arm, subnet, "first"), await _nic(arm, subnet, "second")
    await arm.made(_vm(arm), machine(second, first))
    assert (await arm.get(first)).body["properties"]["primary"] is False
    assert (await arm.get(second)).body["properties"]["primary"] is True

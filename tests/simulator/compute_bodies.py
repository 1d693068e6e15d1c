"""Bodies of compute resources, as a client of Azure's REST API would write them."""

from __future__ import annotations

from typing import Any

from .conftest import LOCATION, Arm
from .network_bodies import interface, make_network

Json = dict[str, Any]
PASSWORD = "Correct-Horse-7-Battery"
UBUNTU = {
    "publisher": "Canonical",
    "offer": "0001-com-ubuntu-server-jammy",
    "sku": "22_04-lts-gen2",
    "version": "latest",
}
WINDOWS = {
    "publisher": "MicrosoftWindowsServer",
    "offer": "WindowsServer",
    "sku": "2022-datacenter-azure-edition",
    "version": "latest",
}


def compute(arm: Arm, kind: str, name: str) -> str:
    return f"{arm.group}/providers/Microsoft.Compute/{kind}/{name}"


def vm(arm: Arm, name: str = "vm") -> str:
    return compute(arm, "virtualMachines", name)


def extension_of(arm: Arm, name: str, machine: str = "vm") -> str:
    return f"{vm(arm, machine)}/extensions/{name}"


async def make_interface(arm: Arm, name: str = "nic") -> str:
    """An interface in the network `net`, which is made with the first one."""
    subnet = f"{arm.network}/virtualNetworks/net/subnets/front"
    if (await arm.get(subnet)).status == 404:
        await make_network(arm)
    path = f"{arm.network}/networkInterfaces/{name}"
    await arm.made(path, interface(subnet))
    return path


def machine(*interfaces: str, size: str = "Standard_D4s_v5", **properties: Any) -> Json:
    """A Linux machine with a password; `properties` replace whole parts of it."""
    listed: list[Json] = [{"id": each} for each in interfaces]
    if len(listed) > 1:
        listed = [{**each, "properties": {"primary": not index}} for index, each in enumerate(listed)]
    return {
        "location": LOCATION,
        "properties": {
            "hardwareProfile": {"vmSize": size},
            "storageProfile": {"imageReference": UBUNTU},
            "osProfile": {"computerName": "vm", "adminUsername": "azureuser", "adminPassword": PASSWORD},
            "networkProfile": {"networkInterfaces": listed},
            **properties,
        },
    }


def storage(*disks: Json, os_disk: Json | None = None) -> Json:
    """A storage profile with data disks."""
    profile: Json = {"imageReference": UBUNTU, "dataDisks": list(disks)}
    return {**profile, "osDisk": os_disk} if os_disk is not None else profile


def empty(lun: int, size_gb: int = 32, **more: Any) -> Json:
    return {"lun": lun, "createOption": "Empty", "diskSizeGB": size_gb, **more}


def attach(lun: int, disk: str, **more: Any) -> Json:
    return {"lun": lun, "createOption": "Attach", "managedDisk": {"id": disk}, **more}


def disk(size_gb: int = 32, **more: Any) -> Json:
    properties = {"creationData": {"createOption": "Empty"}, "diskSizeGB": size_gb}
    return {"location": LOCATION, "properties": properties, **more}


def extension(type_: str = "CustomScript", publisher: str = "Microsoft.Azure.Extensions", **properties: Any) -> Json:
    return {
        "location": LOCATION,
        "properties": {"publisher": publisher, "type": type_, "typeHandlerVersion": "2.1", **properties},
    }


async def make_disk(arm: Arm, name: str = "data", body: Json | None = None) -> str:
    path = compute(arm, "disks", name)
    await arm.made(path, body or disk())
    return path


async def make_machine(arm: Arm, name: str = "vm", body: Json | None = None) -> Json:
    """A machine with an interface of its own; returns what GET answers when it is there."""
    nic = await make_interface(arm, f"{name}-nic")
    wanted = body or machine()
    wanted["properties"]["networkProfile"] = {"networkInterfaces": [{"id": nic}]}
    made: Json = await arm.made(vm(arm, name), wanted)
    return made


async def act(arm: Arm, path: str, action: str, body: Json | None = None) -> Any:
    """POST an action and let its operation end."""
    reply = await arm("POST", f"{path}/{action}", body)
    arm.clock.advance(1000)
    return reply


def changed(body: Json, **parts: Any) -> Json:
    """A body with other properties."""
    return {**body, "properties": {**body["properties"], **parts}}

"""Machines for tests: bodies, and a machine with its network in one call."""

from __future__ import annotations

from typing import Any

from .conftest import LOCATION, Arm
from .network_bodies import interface, make_network

Json = dict[str, Any]
PASSWORD = "Correct-Horse-7-Battery"
IMAGE = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server", "version": "latest"}
WINDOWS = {
    "publisher": "MicrosoftWindowsServer",
    "offer": "WindowsServer",
    "sku": "2022-datacenter-g2",
    "version": "latest",
}


def machine(nic: str, *, image: Json | None = None, size: str = "Standard_D4s_v5", **properties: Any) -> Json:
    """A machine's body; `properties` are put over the usual ones, one level deep."""
    usual: Json = {
        "hardwareProfile": {"vmSize": size},
        "storageProfile": {"imageReference": image or IMAGE},
        "osProfile": {"computerName": "vm", "adminUsername": "azureuser", "adminPassword": PASSWORD},
        "networkProfile": {"networkInterfaces": [{"id": nic}]},
    }
    for name, value in properties.items():
        usual[name] = {**usual.get(name, {}), **value} if isinstance(value, dict) else value
    return {"location": LOCATION, "properties": usual}


def compute(arm: Arm) -> str:
    """Where the group's compute resources stand."""
    return f"{arm.group}/providers/Microsoft.Compute"


async def make_nic(arm: Arm, name: str = "nic") -> str:
    """An interface in a network of its own."""
    subnet = await make_network(arm)
    path = f"{arm.network}/networkInterfaces/{name}"
    await arm.made(path, interface(subnet))
    return path


async def make_machine(arm: Arm, **properties: Any) -> str:
    """A running machine `vm` with its interface `nic`; its ID."""
    path = f"{compute(arm)}/virtualMachines/vm"
    body = await arm.made(path, machine(await make_nic(arm), **properties))
    assert body["properties"]["provisioningState"] == "Succeeded"
    return path


async def done(arm: Arm, method: str, path: str, body: Any = None) -> None:
    """A request, and time enough for its operation to end."""
    reply = await arm(method, path, body)
    assert reply.status in (200, 201, 202), reply.body
    arm.clock.advance(1000)


def disk(size_gb: int = 32, **properties: Any) -> Json:
    """An empty disk's body."""
    creation = {"creationData": {"createOption": "Empty"}, "diskSizeGB": size_gb}
    return {"location": LOCATION, "sku": {"name": "Premium_LRS"}, "properties": {**creation, **properties}}

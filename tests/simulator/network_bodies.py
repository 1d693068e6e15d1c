"""Bodies of network resources, as a client of Azure's REST API would write them."""

from __future__ import annotations

from typing import Any

from .conftest import LOCATION, Arm, network, public_ip

Json = dict[str, Any]


async def make_network(arm: Arm, name: str = "net", prefix: str = "10.0.0.0/24") -> str:
    """A virtual network with the subnet `front`; returns the subnet's ID."""
    await arm.made(f"{arm.network}/virtualNetworks/{name}", network(("front", prefix)))
    return f"{arm.network}/virtualNetworks/{name}/subnets/front"


async def make_public_ip(arm: Arm, name: str = "address") -> str:
    path = f"{arm.network}/publicIPAddresses/{name}"
    await arm.made(path, public_ip())
    return path


def configuration(subnet: str, name: str = "main", /, **properties: Any) -> Json:
    return {"name": name, "properties": {"subnet": {"id": subnet}, **properties}}


def interface(subnet: str, /, *more: Json, **properties: Any) -> Json:
    """An interface with one IP configuration (`properties` are its own), or with those in `more`."""
    configurations = list(more) or [configuration(subnet, **properties)]
    return {"location": LOCATION, "properties": {"ipConfigurations": configurations}}


def static(address: str) -> Json:
    return {"privateIPAllocationMethod": "Static", "privateIPAddress": address}


def only_configuration(body: Json) -> Json:
    """The properties of an interface's single IP configuration."""
    (found,) = body["properties"]["ipConfigurations"]
    properties: Json = found["properties"]
    return properties

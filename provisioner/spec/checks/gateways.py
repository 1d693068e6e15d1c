"""NAT gateways, and name servers: whom a gateway serves, and that a server is an address.

Sources: https://learn.microsoft.com/azure/nat-gateway/nat-overview (one network), /nat-gateway-resource (IPv4), Azure's
answer NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks;
https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from .interfaces import interfaces

if TYPE_CHECKING:
    from .validation import Checker


def check(checker: Checker) -> None:
    served: dict[str, str] = {}
    for path, data in checker.entries("network", "virtual_networks"):
        _name_servers(checker, path, data)
        for key, subnet in data.get("subnets", {}).items():
            if "nat_gateway" in subnet:
                _one_network(checker, (*path, "subnets", key, "nat_gateway"), subnet["nat_gateway"], served)
    for path, data in checker.entries("network", "nat_gateways"):
        for index, name in enumerate(data["public_ips"]):
            _only_ipv4(checker, (*path, "public_ips", index), name)
    for path, data in interfaces(checker):
        _name_servers(checker, path, data)


def _one_network(checker: Checker, at: Path, gateway: str, served: dict[str, str]) -> None:
    network = str(at[2])
    other = served.setdefault(gateway.removeprefix("network/nat_gateways/").lower(), network)
    if other != network:
        summary = f"the NAT gateway {gateway} serves {other} already"
        checker.error("PV2414", at, summary, "A NAT gateway serves the subnets of one network.",
                      f"make another one for {network}")  # fmt: skip


def _only_ipv4(checker: Checker, at: Path, name: str) -> None:
    address = checker.spec.section("network", "public_ips").get(name.removeprefix("network/public_ips/"))
    if isinstance(address, Mapping) and address.get("version") == "ipv6":
        reason = "A NAT gateway sends from IPv4 addresses only."
        checker.error("PV2418", at, f"{name} is an IPv6 address", reason, "make another one with `version: ipv4`")


def _name_servers(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    for index, server in enumerate(data.get("dns_servers", ())):
        try:
            ipaddress.ip_address(server)
        except ValueError:
            if "${" not in server:
                checker.error("PV2416", (*path, "dns_servers", index), f'"{server}" is no IP address',
                              "A name server is asked by its address.", "four numbers, such as 10.0.0.4")  # fmt: skip

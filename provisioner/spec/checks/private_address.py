"""A fixed address of an interface is in its subnet, and not reserved by Azure."""

from __future__ import annotations

import ipaddress

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ._interfaces import interfaces, subnet_of
from ._ranges import RESERVED_FIRST, Network, subnets

RULES = (
    Rule(
        "PV2405",
        "private IP address that the interface cannot have",
        why=(
            "Azure reserves the first four addresses and the last one of each subnet. Other addresses "
            "must be in its range."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   interfaces:
-    nic: {subnet: net/front, private_ip: 10.0.1.1}
+    nic: {subnet: net/front, private_ip: 10.0.1.4}
""",
    ),
)


def check(checker: Checker) -> None:
    for interface in interfaces(checker):
        fixed, at = interface.text("private_ip"), interface.at("private_ip")
        if not fixed:
            continue
        try:
            address = ipaddress.ip_address(fixed)
        except ValueError:
            checker.error("PV2405", f'"{fixed}" is not an IP address', *at, hint="write four numbers, such as 10.0.0.4")
            continue
        reference = subnet_of(interface)
        subnet = subnets(checker).get(reference)
        if subnet is not None:
            _inside(checker, at, address, reference, subnet.network)


def _inside(
    checker: Checker, at: Path, address: ipaddress.IPv4Address | ipaddress.IPv6Address, reference: str, subnet: Network
) -> None:
    hint = f"use an address from {subnet.network_address + RESERVED_FIRST} on"
    if address not in subnet:
        reason = f"{reference} has the range {subnet}."
        checker.error("PV2405", f"{address} is outside the subnet", *at, reason=reason, hint=hint)
    elif int(address) - int(subnet.network_address) < RESERVED_FIRST or address == subnet.broadcast_address:
        reason = "Azure reserves the first four addresses of a subnet and its last one."
        checker.error("PV2405", f"{address} is reserved", *at, reason=reason, hint=hint)

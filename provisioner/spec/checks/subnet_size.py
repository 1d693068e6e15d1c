"""Azure's smallest subnet of IPv4 is a /29, and one of IPv6 is a /64."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._ranges import virtual_networks

RULES = (
    Rule(
        "PV2407",
        "invalid subnet size",
        why=(
            "Azure's smallest subnet is a /29, with three free addresses. A subnet of IPv6 addresses is always a /64."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
     net:
       address_space: [10.0.0.0/16]
-      subnets: {front: {address_prefix: 10.0.1.0/30}}
+      subnets: {front: {address_prefix: 10.0.1.0/29}}
""",
    ),
)

_SMALLEST_PREFIX = 29
_ONLY_PREFIX_OF_IPV6 = 64


def check(checker: Checker) -> None:
    for subnet in (each for network in virtual_networks(checker) for each in network.subnets):
        found = subnet.network
        if found.version == 4 and found.prefixlen > _SMALLEST_PREFIX:
            hint = f"use {found.supernet(new_prefix=_SMALLEST_PREFIX)}"
            reason = "Azure's smallest subnet is a /29."
            checker.error("PV2407", f"the subnet {found} is too small", *subnet.path, reason=reason, hint=hint)
        elif found.version == 6 and found.prefixlen != _ONLY_PREFIX_OF_IPV6:
            reason = "A subnet of IPv6 addresses is always a /64."
            checker.error(
                "PV2407", f"the subnet {found} is not a /64", *subnet.path, reason=reason, hint=f"use {found[0]}/64"
            )

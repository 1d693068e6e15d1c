"""Subnets of a network share no addresses."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._ranges import Ranges, virtual_networks

RULES = (
    Rule(
        "PV2403",
        "subnets overlap",
        why="An IP address belongs to one subnet. Otherwise, Azure could not route packets to it.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
     net:
       address_space: [10.0.0.0/16]
       subnets:
         front: {address_prefix: 10.0.0.0/24}
-        back: {address_prefix: 10.0.0.128/25}
+        back: {address_prefix: 10.0.1.0/25}
""",
    ),
)


def check(checker: Checker) -> None:
    for network in virtual_networks(checker):
        taken = Ranges()
        for subnet in network.subnets:
            for other in taken.overlapping(subnet.network):
                summary = f"the subnet {subnet.network} overlaps the subnet {other.key}"
                reason = f"{other.key} has {other.network} at {checker.place(other.path, subnet.path)}."
                hint = network.free(subnet.network) or "choose another range"
                checker.error("PV2403", summary, *subnet.path, reason=reason, hint=hint)
            taken.add(subnet)

"""A subnet is a part of its network's address space."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._ranges import Ranges, VirtualNetwork, virtual_networks

RULES = (
    Rule(
        "PV2402",
        "subnet outside its network",
        why="A subnet is a part of the network's address space.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
     net:
       address_space: [10.0.0.0/16]
-      subnets: {front: {address_prefix: 10.9.0.0/24}}
+      subnets: {front: {address_prefix: 10.0.9.0/24}}
""",
    ),
)

_SHOWN = 20
"""Ranges of a network that are shown."""


def check(checker: Checker) -> None:
    for network in virtual_networks(checker):
        # If no range of the network is valid, that is reported already, and no subnet can be inside one.
        if network.space:
            _subnets(checker, network, Ranges(network.space))


def _subnets(checker: Checker, network: VirtualNetwork, space: Ranges) -> None:
    for subnet in network.subnets:
        if not space.hold(subnet.network):
            ranges = ", ".join(str(each.network) for each in network.space[:_SHOWN])
            ranges += ", …" if len(network.space) > _SHOWN else ""
            summary = f"the subnet {subnet.network} is outside its network"
            hint = network.free(subnet.network) or "widen `address_space:`"
            checker.error("PV2402", summary, *subnet.path, reason=f"The network has {ranges}.", hint=hint)

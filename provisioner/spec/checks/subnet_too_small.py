"""A subnet has enough addresses for its interfaces; Azure reserves five."""

from __future__ import annotations

from collections import Counter

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import interfaces, subnet_of
from ._ranges import RESERVED, subnets

RULES = (
    Rule(
        "PV2411",
        "subnet too small for its interfaces",
        why="Each interface needs an IP address, and Azure reserves five of each subnet.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
     net:
       address_space: [10.0.0.0/16]
-      subnets: {front: {address_prefix: 10.0.0.0/29}}
+      subnets: {front: {address_prefix: 10.0.0.0/28}}
   interfaces:
     nic: {count: 4, subnet: net/front}
""",
    ),
)


def check(checker: Checker) -> None:
    for reference, count in Counter(map(subnet_of, interfaces(checker))).items():
        subnet = subnets(checker).get(reference)
        if subnet is None:
            continue
        room = subnet.network.num_addresses - RESERVED
        if count > room:
            # The shortest block that holds them all: its length is the number of bits of the highest address.
            wanted = subnet.network.max_prefixlen - (count + RESERVED - 1).bit_length()
            summary = f"{count} interfaces need an IP address in {reference}"
            reason = f"{subnet.network} has {room}: Azure reserves five of each subnet."
            checker.error(
                "PV2411", summary, *subnet.path, reason=reason, hint=f"use a /{wanted}, which has room for them"
            )

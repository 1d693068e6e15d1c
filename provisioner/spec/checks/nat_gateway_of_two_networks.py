"""A NAT gateway serves the subnets of one network.

Azure's answer otherwise is NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks.
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2414",
        "NAT gateway of two networks",
        why="A NAT gateway can serve several subnets, but only of one network.",
        source="https://learn.microsoft.com/azure/nat-gateway/nat-overview",
        example="""
 network:
   virtual_networks:
     web: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24, nat_gateway: out}}}
-    lab: {address_space: [10.1.0.0/16], subnets: {bench: {address_prefix: 10.1.1.0/24, nat_gateway: out}}}
+    lab: {address_space: [10.1.0.0/16], subnets: {bench: {address_prefix: 10.1.1.0/24, nat_gateway: lab-out}}}
   public_ips:
     out: {}
+    lab-out: {}
   nat_gateways:
     out: {public_ips: [out]}
+    lab-out: {public_ips: [lab-out]}
""",
    ),
)


def check(checker: Checker) -> None:
    served: dict[str, str] = {}
    for network in checker.entries("network", "virtual_networks"):
        for subnet in network.parts("subnets"):
            if "nat_gateway" not in subnet:
                continue
            gateway = subnet.text("nat_gateway")
            other = served.setdefault(gateway.removeprefix("network/nat_gateways/").lower(), network.key)
            if other != network.key:
                checker.error(
                    "PV2414",
                    f"the NAT gateway {gateway} already serves {other}",
                    *subnet.at("nat_gateway"),
                    reason="A NAT gateway serves the subnets of one network.",
                    hint=f"create another one for {network.key}",
                )

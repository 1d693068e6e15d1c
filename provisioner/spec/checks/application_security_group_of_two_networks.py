"""All network interfaces of an application security group are in one virtual network."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import interfaces, network_of, subnet_of

RULES = (
    Rule(
        "PV2420",
        "application security group of two networks",
        why="All interfaces of an application security group are in the virtual network of its first interface.",
        source="https://learn.microsoft.com/azure/virtual-network/application-security-groups",
        example="""
 network:
   virtual_networks:
     web: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
     lab: {address_space: [10.1.0.0/16], subnets: {bench: {address_prefix: 10.1.1.0/24}}}
   application_security_groups:
     servers: {}
+    lab-servers: {}
   interfaces:
     web: {subnet: web/front, application_security_groups: [servers]}
-    lab: {subnet: lab/bench, application_security_groups: [servers]}
+    lab: {subnet: lab/bench, application_security_groups: [lab-servers]}
""",
    ),
)


def check(checker: Checker) -> None:
    networks = checker.spec.section("network", "virtual_networks")
    known: dict[str, str] = {}
    for interface in interfaces(checker):
        network = network_of(subnet_of(interface), networks)
        if not network:
            continue  # a subnet that another deployment owns: its network isn't known before Azure is asked
        for at, name in interface.texts("application_security_groups"):
            group = name.removeprefix("network/application_security_groups/").lower()
            other = known.setdefault(group, network)
            if other != network:
                summary = f"the application security group {name} has interfaces in the network {other}"
                reason = "All interfaces of an application security group are in one network."
                checker.error("PV2420", summary, *at, reason=reason, hint=f"create another group for {network}")

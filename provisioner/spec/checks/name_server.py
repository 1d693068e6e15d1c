"""A name server, of a network or an interface, is an IP address."""

from __future__ import annotations

import ipaddress

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import interfaces

RULES = (
    Rule(
        "PV2416",
        "name server that is not an IP address",
        why="A name server resolves names, so it cannot be found by a name.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances",
        example="""
 network:
   virtual_networks:
-    net: {address_space: [10.0.0.0/16], dns_servers: [ns1.contoso.com]}
+    net: {address_space: [10.0.0.0/16], dns_servers: [10.0.0.4]}
""",
    ),
)


def check(checker: Checker) -> None:
    for entry in (*checker.entries("network", "virtual_networks"), *interfaces(checker)):
        for at, server in entry.texts("dns_servers"):
            try:
                ipaddress.ip_address(server)
            except ValueError:
                if "${" not in server:
                    reason, hint = (
                        "A name server is identified by its IP address.",
                        ("write four numbers, such as 10.0.0.4"),
                    )
                    checker.error("PV2416", f'"{server}" is not an IP address', *at, reason=reason, hint=hint)

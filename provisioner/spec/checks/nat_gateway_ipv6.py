"""A NAT gateway sends from IPv4 addresses only."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2418",
        "IPv6 address of a NAT gateway",
        why="A NAT gateway of the Standard SKU sends from IPv4 addresses only.",
        source="https://learn.microsoft.com/azure/nat-gateway/nat-gateway-resource",
        example="""
 network:
   public_ips:
-    out: {version: ipv6}
+    out: {version: ipv4}
   nat_gateways:
     out: {public_ips: [out]}
""",
    ),
)


def check(checker: Checker) -> None:
    for gateway in checker.entries("network", "nat_gateways"):
        for at, name in gateway.texts("public_ips"):
            address = checker.declared(name, "network", "public_ips")
            if address is not None and address.get("version") == "ipv6":
                reason = "A NAT gateway sends from IPv4 addresses only."
                hint = "create another one with `version: ipv4`"
                checker.error("PV2418", f"the public IP {name} has an IPv6 address", *at, reason=reason, hint=hint)

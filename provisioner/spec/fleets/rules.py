"""Codes about fleets, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1201",
        "count and for_each",
        why="A fleet gets its members from a number or from a list. Both together have no meaning.",
        example="""
 identities:
-  app: {count: 2, for_each: [blue, green]}
+  app: {for_each: [blue, green]}
""",
    ),
    Rule(
        "PV1202",
        "invalid fleet members",
        why="The members must be known before provisioner creates anything, and each has a unique key.",
        example="""
 identities:
-  app: {for_each: [blue, blue]}
+  app: {for_each: [blue, green]}
""",
    ),
    Rule(
        "PV1203",
        "too many members",
        why=(
            "A few lines with fleets can define more than a computer's memory holds, and more than a "
            "subscription allows."
        ),
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
        example="""
 identities:
   app: {count: 9000}
-  web: {count: 9000}
+  web: {count: 900}
""",
    ),
    Rule(
        "PV1204",
        "zone and zones",
        why="`zones` distributes the members over the zones; `zone` puts all into one.",
        source="https://learn.microsoft.com/azure/reliability/availability-zones-overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     count: 3
-    zone: 1
     zones: [1, 2, 3]
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

"""An availability set takes 200 machines."""

from __future__ import annotations

from collections import Counter

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2526",
        "too many VMs in an availability set",
        why="An availability set can have 200 VMs.",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
        example="""
 availability_sets: {web: {}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    count: 201
+    count: 200
     availability_set: web
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_AT_MOST = 200
"""The page of the rule, "Virtual Machines limits"."""


def check(checker: Checker) -> None:
    members: Counter[str] = Counter()
    for machine in checker.entries("vms"):
        if "availability_set" not in machine:
            continue
        key = machine.text("availability_set").removeprefix("availability_sets/")
        members[key.lower()] += 1
        # Reported once, at the first VM that is too many.
        if members[key.lower()] == _AT_MOST + 1:
            summary = f"the availability set {key} has more than {_AT_MOST} VMs"
            at, hint = machine.at("availability_set"), "move the rest into a second one"
            checker.error("PV2526", summary, *at, reason=f"An availability set can have {_AT_MOST}.", hint=hint)

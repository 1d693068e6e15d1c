"""A VM is in one zone. ``zones`` is for fleets, whose members have ``zone`` instead."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2510",
        "`zones` of one VM",
        why="A VM is in one zone. Only the members of a fleet are distributed over `zones`.",
        source="https://learn.microsoft.com/azure/reliability/availability-zones-overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    zones: [1, 2]
+    zone: 1
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        if "zones" in machine:
            first = next((zone for _, zone in machine.texts("zones")), "")
            summary = f"{machine.address} is not a fleet, so it cannot have `zones`"
            checker.error("PV2510", summary, *machine.at("zones"), hint=f"set `zone: {first}`")

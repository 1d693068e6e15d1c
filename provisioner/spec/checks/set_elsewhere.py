"""A machine lies in the region of its availability set."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ..locations import is_same

RULES = (
    Rule(
        "PV2512",
        "availability set in another region",
        why="An availability set is hardware of one region, and its VMs run on this hardware.",
        source="https://learn.microsoft.com/azure/virtual-machines/availability-set-overview",
        example="""
 availability_sets:
-  web: {location: eastus}
+  web: {}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     availability_set: web
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        found = checker.declared(machine.text("availability_set"), "availability_sets")
        if found is None:
            continue
        here, there = checker.region(machine), checker.region(found)
        if not is_same(here, there):
            summary = f"{machine.address} is in {here}, its availability set in {there}"
            reason = "A VM is in the region of its availability set."
            checker.error(
                "PV2512", summary, *machine.at("availability_set"), reason=reason, hint=f"set `location: {there}`"
            )

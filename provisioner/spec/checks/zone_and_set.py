"""A machine is in a zone or in an availability set."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2506",
        "zone and availability set",
        why=(
            "A set spreads VMs over the racks of a datacenter, and a zone is one or more separate "
            "datacenters. Azure allows one of the two."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/availability-set-overview",
        example="""
 availability_sets: {web: {}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    zone: 1
     availability_set: web
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        if "availability_set" in machine and "zone" in machine:
            summary = f"{machine.address} has both a zone and an availability set"
            checker.error("PV2506", summary, *machine.at("zone"), hint="delete one of the two")

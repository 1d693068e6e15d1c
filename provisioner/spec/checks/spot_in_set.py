"""A spot machine is in no availability set.

Azure's answer otherwise is OperationNotAllowed, "Azure Spot Virtual Machine is not supported in Availability Set".
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2511",
        "spot VM in an availability set",
        why=(
            "An availability set keeps VMs running, but Azure can evict a spot VM at any time. Azure "
            "refuses the combination."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/spot-vms",
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
-    availability_set: web
     spot: {}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        if "availability_set" in machine and "spot" in machine:
            hint = "delete `spot:` or `availability_set:`"
            summary = f"{machine.address} is a spot VM in an availability set"
            checker.error("PV2511", summary, *machine.at("spot"), hint=hint, key=True)

"""Sizes of which Azure has no spot machines."""

from __future__ import annotations

from ...base.rule import Rule
from .. import machine_size
from ..checker import Checker

RULES = (
    Rule(
        "PV2525",
        "size that is not available for spot VMs",
        why="Azure offers no spot VMs of the B series or of promotional sizes.",
        source="https://learn.microsoft.com/azure/virtual-machines/spot-vms",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
-    size: Standard_B2s
+    size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     spot: {}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        size = machine_size.parse(machine.text("size")) if "spot" in machine else None
        if size is not None and size.takes_no_spot:
            summary = f"the size {machine.text('size')} is not available for spot VMs"
            reason = "Azure offers no spot VMs of B sizes or of promotional sizes."
            hint = "choose a size such as Standard_D2s_v5"
            checker.warning("PV2525", summary, *machine.at("size"), reason=reason, hint=hint)

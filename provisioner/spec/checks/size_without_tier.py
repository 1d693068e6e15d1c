"""The name of a size begins with its tier."""

from __future__ import annotations

from ...base.rule import Rule
from .. import machine_size
from ..checker import Checker

RULES = (
    Rule(
        "PV2517",
        "size name without its tier",
        why=(
            "The full name of a size is `Standard_B1s`. Price lists and articles omit the tier, but Azure requires it."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
-    size: B1s
+    size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        name = machine.text("size")
        full = f"Standard_{name}"
        if machine_size.parse(name) is None and machine_size.parse(full) is not None:
            summary, reason = (
                f'"{name}" is not a complete name of a VM size',
                "The name of a size begins with its tier.",
            )
            checker.warning("PV2517", summary, *machine.at("size"), reason=reason, hint=f"set `size: {full}`")

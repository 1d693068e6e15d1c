"""Accelerated networking on a size with a single vCPU."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import of_machine
from ._sizes import sized_machines

RULES = (
    Rule(
        "PV2516",
        "accelerated networking on a single vCPU",
        why=(
            "Azure offers accelerated networking from two vCPUs on, and from four vCPUs on for sizes "
            "with hyperthreading."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/accelerated-networking-overview",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
-    size: Standard_B1s
+    size: Standard_D4s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     interfaces: {nic: {subnet: net/front, accelerated_networking: true}}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine, name, size in sized_machines(checker):
        if size.vcpus != 1:
            continue
        for interface in of_machine(checker, machine):
            if interface.get("accelerated_networking") is True:
                reason = "Accelerated networking needs two vCPUs or more, and four for many sizes."
                at, hint = (
                    interface.at("accelerated_networking"),
                    ("set `accelerated_networking: false`, or choose a larger size"),
                )
                checker.warning(
                    "PV2516",
                    (f"{machine.address} has accelerated networking, but {name} has one vCPU"),
                    *at,
                    reason=reason,
                    hint=hint,
                )

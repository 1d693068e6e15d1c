"""An interface is attached to one machine at a time."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2509",
        "interface of two VMs",
        why="An interface is attached to one VM at a time.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   interfaces: {nic: {subnet: net/front}}
 vms:
   one:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     interfaces: [nic]
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
   two:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
-    interfaces: [nic]
+    subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    taken: dict[str, str] = {}
    for machine in checker.entries("vms"):
        for at, name in machine.texts("interfaces"):
            # ARM IDs are compared whole; keys and addresses are two names of one entry.
            key = name.lower() if name.startswith("/") else name.removeprefix("network/interfaces/").lower()
            if key in taken:
                hint = "create a separate interface with `subnet: network/subnet`"
                checker.error("PV2509", f"the interface {name} is already attached to {taken[key]}", *at, hint=hint)
            # The first VM keeps the interface, so that the second and the third of three are reported.
            taken.setdefault(key, f"vms/{machine.key}")

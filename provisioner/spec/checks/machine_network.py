"""A machine has interfaces, or a subnet from which one is made."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ..fleets.shorthand import OF_INTERFACE

RULES = (
    Rule(
        "PV2501",
        "VM without a network, or with two ways to one",
        why="A VM has at least one interface, listed in `interfaces:` or created from `subnet:`.",
        source="https://learn.microsoft.com/azure/virtual-machines/network-overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
+    subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        if "interfaces" in machine and "subnet" in machine:
            summary = f"{machine.address} has both `interfaces` and `subnet`"
            checker.error("PV2501", summary, *machine.at("subnet"), hint="delete one of the two")
        elif "interfaces" not in machine and "subnet" not in machine:
            hint = "add `subnet: network/subnet`"
            checker.error("PV2501", f"{machine.address} has no network", *machine.path, hint=hint, key=True)
        for word in OF_INTERFACE:
            # For a VM with `subnet:` the short form was written out: its interface has these keys now.
            if word in machine:
                summary = f"`{word}` can be combined with `subnet`, not with interfaces"
                hint = f"set `{word}:` on the interface"
                checker.error("PV2501", summary, *machine.at(word), hint=hint, key=True)

"""The highest price of a spot machine is a price, or -1."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2524",
        "not a price",
        why="A spot VM costs more than nothing. With -1, its price can be as high as that of a regular VM.",
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    spot: {max_price: 0}
+    spot: {max_price: 0.05}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_NO_LIMIT = -1


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        spot = machine.part("spot")
        price = spot.number("max_price") if spot is not None else None
        if spot is not None and price is not None and price <= 0 and price != _NO_LIMIT:
            reason = "A price is more than 0; -1 means no limit."
            hint = "set `max_price: -1`, or remove it"
            checker.error(
                "PV2524", f"`spot.max_price` cannot be {price}", *spot.at("max_price"), reason=reason, hint=hint
            )

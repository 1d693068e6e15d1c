"""Sizes of series that Azure has retired, or has set the end of."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._sizes import sized_machines

RULES = (
    Rule(
        "PV2515",
        "size of a retired series",
        why="Azure creates no new VMs of a series after its end, and stops existing ones.",
        source="https://learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
-    size: Standard_NC6s_v3
+    size: Standard_NC4as_T4_v3
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine, name, size in sized_machines(checker):
        if size.retired:
            reason = (
                f"Azure has set {size.retired} as the end of its series. No VM of it can be created after that day."
            )
            hint = "choose a current series: Standard_B2s_v2, Standard_D2s_v5, Standard_NC4as_T4_v3"
            summary = f"the size {name} is of a retired series"
            checker.warning("PV2515", summary, *machine.at("size"), reason=reason, hint=hint)

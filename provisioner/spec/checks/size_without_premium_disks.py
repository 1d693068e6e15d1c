"""Premium disks on a machine whose size takes none, as far as the name of the size tells.

More sources: https://learn.microsoft.com/azure/virtual-machines/disks-types.
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._sizes import sized_machines

RULES = (
    Rule(
        "PV2513",
        "premium disk on a size that does not support it",
        why=(
            "Only sizes with an s among the letters after their vCPUs support premium disks. Azure "
            "refuses other combinations."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
-    size: Standard_D2_v3
+    size: Standard_D2s_v3
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     os_disk: {sku: Premium_LRS}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_PREMIUM = frozenset({"premium_lrs", "premium_zrs", "premiumv2_lrs", "ultrassd_lrs"})


def check(checker: Checker) -> None:
    for machine, name, size in sized_machines(checker):
        if size.takes_premium_disks:
            continue
        system_disk = machine.part("os_disk")
        for disk in [*([system_disk] if system_disk is not None else []), *machine.parts("data_disks")]:
            if disk.text("sku").lower() in _PREMIUM:
                summary = f"the size {name} does not support a {disk.text('sku')} disk"
                reason = "A size that does has an s among the letters after its vCPUs."
                hint = "choose such a size, or set `sku: StandardSSD_LRS`"
                checker.warning("PV2513", summary, *disk.at("sku"), reason=reason, hint=hint)

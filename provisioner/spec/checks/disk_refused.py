"""What the kind of a data disk allows: its size, its cache, and where its machine is.

Source: https://learn.microsoft.com/azure/virtual-machines/disks-types (sizes), /disks-deploy-premium-v2 and
/disks-enable-ultra-ssd, section "limitations" (no cache, no availability set).
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2523",
        "disk that Azure refuses",
        why=(
            "Each type of disk has its own largest size. The fastest types have no cache, and Ultra "
            "disks no availability set."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/disks-types",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     data_disks:
-      db: {lun: 0, size_gb: 512, sku: PremiumV2_LRS, caching: read_only}
+      db: {lun: 0, size_gb: 512, sku: PremiumV2_LRS}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_LARGEST_GB = 32_767
"""32 TiB less one GiB: "Azure managed disk types", largest Standard and Premium SSD."""
_WITHOUT_CACHE = ("PremiumV2_LRS", "UltraSSD_LRS")
"""They have no cache, and can be larger than the others."""


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        for disk in machine.parts("data_disks"):
            _disk(checker, disk, "availability_set" in machine)


def _disk(checker: Checker, disk: Part, is_in_set: bool) -> None:
    kind = disk.text("sku", "StandardSSD_LRS")
    size_gb = disk.number("size_gb")
    if kind in _WITHOUT_CACHE and disk.get("caching") not in (None, "none"):
        checker.error("PV2523", f"{kind} disks have no cache", *disk.at("caching"), hint="set `caching: none`")
    if kind not in _WITHOUT_CACHE and size_gb is not None and size_gb > _LARGEST_GB:
        hint = f"set `size_gb: {_LARGEST_GB}`, or use one of {' and '.join(_WITHOUT_CACHE)}"
        checker.error("PV2523", f"{kind} disks have at most {_LARGEST_GB:,} GiB", *disk.at("size_gb"), hint=hint)
    if kind == "UltraSSD_LRS" and is_in_set:
        summary = "a VM in an availability set cannot have an UltraSSD_LRS disk"
        hint = "put the VM into a `zone:`, or use Premium_LRS"
        checker.error("PV2523", summary, *disk.at("sku"), hint=hint)

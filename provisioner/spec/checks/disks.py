"""Disks of a machine: places of their own, and what their kind allows.

Sources: https://learn.microsoft.com/azure/virtual-machines/disks-types (sizes), /disks-deploy-premium-v2 and
/disks-enable-ultra-ssd, section "limitations" (no cache, no availability set).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

_MOST_LUNS = 64
_LARGEST_GB = 32_767
_WITHOUT_CACHE = ("PremiumV2_LRS", "UltraSSD_LRS")
"""They have no cache, and can be larger than the others."""


def check(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """The data disks of one machine."""
    taken: dict[Any, str] = {}
    for key, disk in data.get("data_disks", {}).items():
        at = (*path, "data_disks", key)
        lun = disk["lun"]
        if lun in taken:
            checker.error("PV2505", (*at, "lun"), f"the LUN {lun} is taken by the disk {taken[lun]}",
                          hint=_free_lun(data))  # fmt: skip
        taken.setdefault(lun, key)
        _kind(checker, at, disk, "availability_set" in data)


def _kind(checker: Checker, at: Path, disk: Mapping[str, Any], is_in_set: bool) -> None:
    kind = disk.get("sku", "StandardSSD_LRS")
    if kind in _WITHOUT_CACHE and disk.get("caching", "none") != "none":
        checker.error("PV2523", (*at, "caching"), f"{kind} has no cache", hint="caching: none")
    if kind not in _WITHOUT_CACHE and isinstance(disk["size_gb"], int) and disk["size_gb"] > _LARGEST_GB:
        checker.error("PV2523", (*at, "size_gb"), f"{kind} has at most {_LARGEST_GB} GiB",
                      hint=f"size_gb: {_LARGEST_GB}, or one of {' and '.join(_WITHOUT_CACHE)}")  # fmt: skip
    if kind == "UltraSSD_LRS" and is_in_set:
        checker.error("PV2523", (*at, "sku"), "a machine in an availability set takes no UltraSSD_LRS disk",
                      hint="put the machine into a `zone:`, or take Premium_LRS")  # fmt: skip


def _free_lun(data: Mapping[str, Any]) -> str:
    used = {disk["lun"] for disk in itertools.islice(data["data_disks"].values(), _MOST_LUNS)}
    return next(
        (f"lun: {lun}" for lun in range(_MOST_LUNS) if lun not in used), "take a disk away: there are 64 places"
    )

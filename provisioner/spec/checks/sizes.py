"""Sizes of machines that do not go with their disks, image or interfaces, as far as the name of a size tells.

What a region or a subscription offers only Azure knows: ``plan --check-sizes`` asks. All of it are warnings, since a
new size may break the convention. Sources: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions,
/azure/virtual-machines/disks-types, /azure/virtual-network/accelerated-networking-overview,
/azure/virtual-machines/sizes/retirement/retired-sizes-list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from .. import machine_size
from ..machine_size import MachineSize
from .interfaces import of_machine

if TYPE_CHECKING:
    from .validation import Checker

_PREMIUM = frozenset({"premium_lrs", "premium_zrs", "premiumv2_lrs", "ultrassd_lrs"})
_SAYS_ARM64 = frozenset({"canonical", "debian", "redhat", "suse", "microsoftwindowsserver", "microsoftwindowsdesktop"})
"""Publishers whose Arm64 images have it in the offer or the SKU; those of others cannot be told."""


def check(checker: Checker) -> None:
    for path, data in checker.entries("vms"):
        name = data["size"]
        if not isinstance(name, str):
            continue
        size = machine_size.parse(name)
        if size is None:
            _not_a_size(checker, path, name)
            continue
        _retired(checker, path, name, size)
        _disks(checker, path, name, data, size)
        _architecture(checker, path, name, data, size)
        if size.vcpus == 1:
            _accelerated(checker, path, name, data)


def _not_a_size(checker: Checker, path: Path, name: str) -> None:
    full = f"Standard_{name}"
    if machine_size.parse(full) is not None:
        reason = "The name of a size begins with its tier."
        checker.warn("PV2517", (*path, "size"), f'"{name}" is no name of a size', reason, f"size: {full}")


def _retired(checker: Checker, path: Path, name: str, size: MachineSize) -> None:
    if size.retired:
        reason = f"Azure has set {size.retired} as the end of its series: none can be made after that day."
        hint = "a series of today: Standard_B2s_v2, Standard_D2s_v5, Standard_NC4as_T4_v3"
        checker.warn("PV2515", (*path, "size"), f"{name} is of a retired series", reason, hint)


def _disks(checker: Checker, path: Path, name: str, data: Mapping[str, Any], size: MachineSize) -> None:
    if size.takes_premium_disks:
        return
    for at, disk in _all_disks(path, data):
        if str(disk.get("sku", "")).lower() in _PREMIUM:
            reason = "A size that does has an s among the letters behind its vCPUs."
            hint = "choose such a size, or sku: StandardSSD_LRS"
            checker.warn("PV2513", (*at, "sku"), f"{name} takes no {disk['sku']} disk", reason, hint)


def _all_disks(path: Path, data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    yield (*path, "os_disk"), data.get("os_disk", {})
    for key, disk in data.get("data_disks", {}).items():
        yield (*path, "data_disks", key), disk


def _architecture(checker: Checker, path: Path, name: str, data: Mapping[str, Any], size: MachineSize) -> None:
    parts = str(data.get("image", "")).lower().split(":")
    if len(parts) != 4:
        return
    for_arm = any("arm64" in part for part in parts[1:3])
    if for_arm and not size.is_arm:
        reason = "The image is for Arm64, and a size with such a processor has a p among the letters behind its vCPUs."
        checker.warn("PV2514", (*path, "image"), f"the image does not run on {name}", reason,
                     "an image for x64, or a size such as Standard_D2ps_v5")  # fmt: skip
    elif size.is_arm and not for_arm and parts[0] in _SAYS_ARM64:
        reason = "The p in the size's name is for an Arm64 processor; the image is for x64."
        checker.warn("PV2514", (*path, "image"), f"the image does not run on {name}", reason,
                     "an image with arm64 in its SKU, or a size without p")  # fmt: skip


def _accelerated(checker: Checker, path: Path, name: str, data: Mapping[str, Any]) -> None:
    for at, interface in of_machine(checker, path, data):
        if interface.get("accelerated_networking") is True:
            reason = "Accelerated networking needs two vCPUs or more; of many sizes, four."
            checker.warn("PV2516", (*at, "accelerated_networking"), f"{name} has one vCPU", reason,
                         "accelerated_networking: false, or a larger size")  # fmt: skip

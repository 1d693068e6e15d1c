"""The OS disk of a machine: an object of its own, whose size and kind change there and not through the machine.

Azure's answers to a machine that asks for it: "Managed disk resize via Virtual Machine … is not allowed. Please resize
disk resource at …" (hashicorp/terraform-provider-azurerm#539), "Managed disk storage account type change through
Virtual Machine … is not allowed" (#921). A deallocated machine does not say what they are
(Azure/azure-powershell#13213).
"""

from __future__ import annotations

from typing import Any

from ...base.values import Body
from ..resource import CompanionPatch

DISK = "Microsoft.Compute/disks"
_SIZE, _SKU = "diskSizeGB", "storageAccountType"


def hidden_disk(machine: Body) -> str:
    """The ID of a machine's OS disk, where the machine does not tell its size or kind; else empty."""
    disk = _os_disk(machine)
    managed = disk.get("managedDisk") or {}
    return "" if disk.get(_SIZE) and managed.get(_SKU) else str(managed.get("id") or "")


def with_disk(machine: Body, disk: Body) -> Body:
    """A machine with what its OS disk says of itself."""
    present = _os_disk(machine)
    managed = {**present["managedDisk"], _SKU: (disk.get("sku") or {}).get("name")}
    shown = {**present, _SIZE: disk["properties"].get(_SIZE), "managedDisk": managed}
    storage = {**machine["properties"]["storageProfile"], "osDisk": shown}
    return {**machine, "properties": {**machine["properties"], "storageProfile": storage}}


def companion_patch(patch: Body, actual: Body) -> tuple[Body, CompanionPatch | None]:
    """An update of a machine without its OS disk's size and kind, and what is written on the disk itself."""
    wanted = _os_disk(patch)
    if not wanted:
        return patch, None
    managed = wanted.get("managedDisk") or {}
    present = _os_disk(actual)
    body: dict[str, Any] = {}
    if wanted.get(_SIZE) not in (None, present.get(_SIZE)):
        body["properties"] = {_SIZE: wanted[_SIZE]}
    if str(managed.get(_SKU) or "").lower() not in ("", str((present.get("managedDisk") or {}).get(_SKU)).lower()):
        body["sku"] = {"name": managed[_SKU]}
    disk = {key: value for key, value in wanted.items() if key not in (_SIZE, "managedDisk")}
    if left := {key: value for key, value in managed.items() if key != _SKU}:
        disk["managedDisk"] = left
    storage = {**patch["properties"]["storageProfile"], "osDisk": disk}
    rest = {**patch, "properties": {**patch["properties"], "storageProfile": storage}}
    identity = (present.get("managedDisk") or {}).get("id")
    return rest, CompanionPatch(DISK, str(identity), body) if body and identity else None


def _os_disk(machine: Body) -> dict[str, Any]:
    found: dict[str, Any] = ((machine.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {}
    return found

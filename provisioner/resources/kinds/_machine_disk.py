"""The OS disk of a machine: an object of its own, whose size and kind change there and not through the machine.

Azure's answers to a machine that asks for it: "Managed disk resize via Virtual Machine … is not allowed. Please resize
disk resource at …" (hashicorp/terraform-provider-azurerm#539), "Managed disk storage account type change through
Virtual Machine … is not allowed" (#921). A deallocated machine does not say what they are
(Azure/azure-powershell#13213).
"""

from __future__ import annotations

from ...base.values import Body

DISK = "Microsoft.Compute/disks"
ON_THE_DISK = (
    "properties.storageProfile.osDisk.diskSizeGB",
    "properties.storageProfile.osDisk.managedDisk.storageAccountType",
    "properties.storageProfile.dataDisks[].diskSizeGB",
    "properties.storageProfile.dataDisks[].managedDisk.storageAccountType",
)
"""What a PATCH of a machine has to leave out: an attached disk may have grown since the machine was read."""
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


def os_disk_update(desired: Body, actual: Body) -> tuple[str, Body]:
    """The ID of a machine's OS disk, and what an update of the machine has to write on it; empty where that is nothing.

    Args:
        desired: the machine as the spec wants it, actual: as it is; both say what its disk is.
    """
    wanted, present = _os_disk(desired), _os_disk(actual)
    managed, has = wanted.get("managedDisk") or {}, present.get("managedDisk") or {}
    body: Body = {}
    if wanted.get(_SIZE) not in (None, present.get(_SIZE)):
        body["properties"] = {_SIZE: wanted[_SIZE]}
    if str(managed.get(_SKU) or "").lower() not in ("", str(has.get(_SKU)).lower()):
        body["sku"] = {"name": managed[_SKU]}
    disk_id = str(has.get("id") or "")
    return (disk_id, body) if disk_id and body else ("", {})


def to_detach_first(desired: Body, actual: Body) -> list[str]:
    """The IDs of data disks that move to another LUN, or leave one that another disk takes.

    Azure changes no LUN of an attached disk, and takes no disk on one that is in use: they are detached by a request of
    their own (Azure/azure-sdk-for-go#816).
    """
    wanted = {_disk_id(item): item.get("lun") for item in _data_disks(desired)}
    present = {_disk_id(item): item.get("lun") for item in _data_disks(actual)}
    taken = {lun for disk, lun in wanted.items() if present.get(disk) != lun}
    return [disk for disk, lun in present.items() if lun in taken or wanted.get(disk, lun) != lun]


def _data_disks(machine: Body) -> list[Body]:
    found: list[Body] = ((machine.get("properties") or {}).get("storageProfile") or {}).get("dataDisks") or []
    return found


def _disk_id(item: Body) -> str:
    return str((item.get("managedDisk") or {}).get("id", "")).lower()


def _os_disk(machine: Body) -> Body:
    found: Body = ((machine.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {}
    return found

"""The disks of a virtual machine: which it may have, and what it shows of them.

A data disk that a PUT leaves out is detached and stays; those that are made with the machine are in
`_machine_new_disks`. REST reference "Virtual Machines - Create Or Update", StorageProfile. Messages:
azuredisk-csi-driver#1378 (attached elsewhere), terraform azurerm #15513 (already exists), azuredisk-csi-driver#254
(Empty with an ID), terraform#7389 and azuredisk-csi-driver#2890 (how many),
MicrosoftDocs/azure-docs#59977 (Ultra disks).
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...json_values import Json
from ...protocol.json_paths import entries_at, object_at, read
from ...state.resources import Resource
from . import _disk_access
from ._machine_image import Source
from ._shared import DISK, group_name, invalid, invalid_value, missing, not_allowed, sibling_id, users
from ._size_table import Size

PROFILE = "properties.storageProfile"
DATA_DISKS = f"{PROFILE}.dataDisks"
OS_DISK = f"{PROFILE}.osDisk"
ULTRA = "UltraSSD_LRS"
CAPABILITY = "properties.additionalCapabilities.ultraSSDEnabled"


def check(change: ResourceWrite, size: Size) -> None:
    """Refuse disks that the machine cannot have."""
    disks = entries_at(change.body, DATA_DISKS)
    if len(disks) > size.data_disks:
        raise not_allowed(
            f"The maximum number of data disks allowed to be attached to a VM of this size is {size.data_disks}.",
            "dataDisks",
        )
    inherit(change)
    _check_distinct(disks)
    for disk in disks:
        _check_data_disk(change, disk)
    os_disk = object_at(change.body, OS_DISK)
    if _is_new(change, os_disk) and os_disk.get("name"):
        _check_name_is_free(change, str(os_disk["name"]))
    target = read(os_disk, "managedDisk.id")
    if target is not None:
        _check_free(change, str(target))


def inherit(change: ResourceWrite) -> None:
    """A PUT that says nothing of a disk's name and ID means the disk that is there."""
    if change.before is None:
        return
    pairs = [(read(change.body, OS_DISK), read(change.before.body, OS_DISK))]
    had = {entry.get("lun"): entry for entry in entries_at(change.before.body, DATA_DISKS)}
    pairs.extend((entry, had.get(entry.get("lun"))) for entry in entries_at(change.body, DATA_DISKS))
    for disk, before in pairs:
        if not isinstance(disk, dict) or not isinstance(before, dict):
            continue
        if str(disk.get("createOption")).lower() == "attach":
            continue
        if disk.get("name", before.get("name")) == before.get("name") and read(disk, "managedDisk.id") is None:
            for name in ("name", "diskSizeGB"):
                if before.get(name) is not None:
                    disk.setdefault(name, before[name])
            managed = disk.setdefault("managedDisk", {})
            for name, value in (before.get("managedDisk") or {}).items():
                managed.setdefault(name, value)


def _check_distinct(disks: Sequence[Json]) -> None:
    numbers: set[int] = set()
    targets: set[str] = set()
    for disk in disks:
        number = disk.get("lun")
        if number is None:
            raise missing("dataDisk.lun")
        if not 0 <= int(number) <= 63:
            raise invalid_value("dataDisk.lun")
        target = str(read(disk, "managedDisk.id") or "").lower()
        if number in numbers or (target and target in targets):
            raise invalid(
                f"Data disks share the logical unit number {number}, or a disk is attached twice.", "dataDisk"
            )
        numbers.add(number)
        targets.add(target)


def _check_data_disk(change: ResourceWrite, disk: Json) -> None:
    option = str(disk.get("createOption") or "").lower()
    target = read(disk, "managedDisk.id")
    if not option:
        raise missing("dataDisk.createOption")
    if option == "attach" and target is None:
        raise missing("dataDisk.managedDisk.id")
    if target is not None:
        if option != "attach" and not _had(change, str(target)):
            raise ArmError(
                400,
                "InvalidParameterConflictingProperties",
                f"The property 'dataDisk.createOption' cannot have the value '{disk['createOption']}' when property "
                "'dataDisk.managedDisk.id' is set.",
            )
        _check_free(change, str(target))
        return
    if option == "empty" and disk.get("diskSizeGB") is None:
        raise missing("dataDisk.diskSizeGB")
    if disk.get("diskSizeGB") is not None and not 1 <= int(disk["diskSizeGB"]) <= 65_536:
        raise invalid_value("dataDisk.diskSizeGB")
    if disk.get("name"):
        _check_name_is_free(change, str(disk["name"]))


def _had(change: ResourceWrite, target: str) -> bool:
    """Whether the machine has this disk already."""
    if change.before is None:
        return False
    entries = [*entries_at(change.before.body, DATA_DISKS), object_at(change.before.body, OS_DISK)]
    return any(str(read(entry, "managedDisk.id")).lower() == target.lower() for entry in entries)


def _is_new(change: ResourceWrite, disk: Json) -> bool:
    return read(disk, "managedDisk.id") is None and str(disk.get("createOption") or "").lower() != "attach"


def _check_name_is_free(change: ResourceWrite, name: str) -> None:
    target = sibling_id(change.id, DISK, name)
    if change.cloud.get(target) is not None:
        raise ArmError(
            409,
            "ConflictingUserInput",
            f"Disk {name} already exists in resource group {group_name(change.id).upper()}. Only CreateOption.Attach "
            "is supported.",
            target=target,
        )


def _check_free(change: ResourceWrite, target: str) -> None:
    disk = change.cloud.get(target)
    if disk is None:
        return
    others = [other for other in users(change.cloud, target) if other.key != change.key]
    shares = int(disk.properties.get("maxShares") or 1)
    if len(others) >= shares:
        raise ArmError(
            409,
            "ConflictingUserInput",
            f"Cannot attach the disk {disk.name} to VM {change.id} because it is already attached to VM "
            f"{others[0].id}. A disk can be attached to only one VM at a time.",
            target=disk.id,
        )
    if disk.body.get("location") != change.location:
        raise ArmError(
            400,
            "BadRequest",
            f"Disk {disk.id} is in location '{disk.body.get('location')}' and cannot be attached to a VM in location "
            f"'{change.location}'.",
        )
    if read(disk.body, "sku.name") == ULTRA and not read(change.body, CAPABILITY):
        raise invalid(
            f"StorageAccountType {ULTRA} can be used only when additionalCapabilities.ultraSSDEnabled is set.",
            "managedDisk.storageAccountType",
        )
    if not _had(change, target):
        _disk_access.check_delete(disk, change.cloud)
    _check_zone(change, disk)


def _check_zone(change: ResourceWrite, disk: Resource) -> None:
    ours, theirs = change.body.get("zones") or [], disk.body.get("zones") or []
    if ours != theirs and "_ZRS" not in str(read(disk.body, "sku.name")):
        raise ArmError(
            400,
            "BadRequest",
            f"Disk {disk.id} cannot be attached to the VM because it is not in the same zone as the VM. VM zone: "
            f"'{','.join(ours)}'. Disk zone: '{','.join(theirs)}'.",
        )


def fill(change: ResourceWrite, source: Source, size: Size) -> None:
    """What the first answer shows (excerpt of 2022 in the recordings); names and IDs come at the end."""
    kind = "Premium_LRS" if size.premium else "Standard_LRS"
    profile: Json = change.properties.setdefault("storageProfile", {})
    image: Json = profile.get("imageReference") or {}
    if image and source.exact_version is not None:
        image.setdefault("exactVersion", source.exact_version)
    disk: Json = profile.setdefault("osDisk", {})
    disk.setdefault("osType", source.system)
    disk.setdefault("createOption", "FromImage")
    disk.setdefault("caching", "ReadWrite")
    disk.setdefault("deleteOption", "Detach")
    _complete(change, disk, kind, source.size_gb)
    profile.setdefault("diskControllerType", "SCSI")
    for entry in profile.setdefault("dataDisks", []):
        entry.setdefault("caching", "None")
        entry.setdefault("toBeDetached", False)
        entry.setdefault("deleteOption", "Detach")
        _complete(change, entry, kind, None)


def _complete(change: ResourceWrite, entry: Json, kind: str, size_gb: int | None) -> None:
    managed: Json = entry.setdefault("managedDisk", {})
    disk = change.cloud.get(str(managed.get("id")))
    if disk is None:
        managed.setdefault("storageAccountType", kind)
        if size_gb:
            entry.setdefault("diskSizeGB", size_gb)
        return
    managed["id"] = disk.id
    entry["name"] = disk.name
    show_disk(entry, disk)


def show_disk(entry: Json, disk: Resource) -> None:
    """A machine shows the size and kind that its disk has."""
    entry["diskSizeGB"] = disk.properties.get("diskSizeGB")
    entry["managedDisk"] = {**entry["managedDisk"], "storageAccountType": read(disk.body, "sku.name")}


def hide_disk(entry: Json) -> None:
    entry.pop("diskSizeGB", None)
    entry["managedDisk"] = {key: value for key, value in entry["managedDisk"].items() if key != "storageAccountType"}

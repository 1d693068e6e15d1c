"""Managed data disk. REST: https://learn.microsoft.com/rest/api/compute/disks (2024-03-02 and later).

A disk is attached by its machine's body; here it is only made, grown and deleted. Updates are PATCHes: what goes with
the size of before (performance tier, IOPS) is not sent back."""

from __future__ import annotations

from collections.abc import Callable

from ...base import arm_id
from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Operations, Replacement, Rules, Schema, Timing, shrinks
from ..kind import Kind, name_of
from . import virtual_machine
from ._bodies import EVERYWHERE_READ_ONLY, SPOKEN_CACHING, compact, place, unless


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    machine = entry.parent
    assert machine is not None
    zone = machine.data.get("zone")
    return {
        **place(machine, context),
        "sku": {"name": data.get("sku", "StandardSSD_LRS")},
        **({"zones": [zone]} if zone else {}),
        "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": data["size_gb"]},
    }


def _default_name(entry: Entry) -> str:
    assert entry.parent is not None
    return f"{name_of(virtual_machine.KIND, entry.parent)}-{entry.key_for_names}"


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """How a disk came to be (from a snapshot, a copy, an image) is its past: it is not made anew for that."""
    present = actual["properties"].get("creationData")
    return {**desired, "properties": {**desired["properties"], "creationData": present}} if present else desired


def entry(body: Body, find: Find) -> Body | str:
    machine = find(body.get("managedBy") or "")
    if machine is None:
        return "no VM of the group uses it"
    storage = machine["properties"]["storageProfile"]
    if arm_id.same(((storage.get("osDisk") or {}).get("managedDisk") or {}).get("id", ""), body["id"]):
        return ""
    if (body.get("zones") or []) != (machine.get("zones") or []):
        return "it is not in the zone of its VM"
    for attached in storage.get("dataDisks") or []:
        if arm_id.same((attached.get("managedDisk") or {}).get("id", ""), body["id"]):
            return compact(
                {
                    "lun": attached["lun"],
                    "size_gb": body["properties"]["diskSizeGB"],
                    "sku": unless(body["sku"]["name"], "StandardSSD_LRS"),
                    "caching": unless(SPOKEN_CACHING.get(str(attached.get("caching")).lower()), "none"),
                    "delete_with_vm": unless(str(attached.get("deleteOption")).lower() == "delete"),
                }
            )
    return "it is not attached to a VM of the group"


KIND = Kind(
    name="managed_disk",
    type="Microsoft.Compute/disks",
    schema=Schema(
        sections=("vms/*/data_disks/*",),
        body=body,
        name_rule=(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}", "1 to 80 letters, digits, underscores, dots and hyphens"),
        default_name=_default_name,
    ),
    operations=Operations("compute", "disks", patch="begin_update", list="list_by_resource_group"),
    rules=Rules(
        immutable_if={"properties.diskSizeGB": shrinks},
        immutable=("location", "zones", "properties.creationData.createOption"),
        read_only=(
            *EVERYWHERE_READ_ONLY, "managedBy", "managedByExtended", "sku.tier", "properties.timeCreated",
            "properties.diskState", "properties.uniqueId", "properties.diskSizeBytes",
            "properties.lastOwnershipUpdateTime",
        ),
        case_insensitive=("sku.name", "properties.creationData.createOption"),
        normalize_desired=normalize_desired,
        # https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks and /disks-convert-types
        impacts={
            "properties.diskSizeGB": ("live", "a data disk grows while its VM runs"),
            "sku": ("deallocate", "the type of a disk changes only while its VM is stopped"),
        },
        optional={"zones": GOES},
    ),
    replacement=Replacement(
        when_deleted=("data-loss", "the disk's content will be lost"),
        when_replaced=("data-loss", "the disk's content will be lost"),
        used_by=("managedBy",),  # refused with OperationNotAllowed
    ),
    importing=Import(
        entry=entry,
        defaults={
            "properties.creationData": (),
            "properties.encryption.type": ("EncryptionAtRestWithPlatformKey",),
            "properties.networkAccessPolicy": ("AllowAll",),
            "properties.publicNetworkAccess": ("Enabled",),
            "properties.dataAccessAuthMode": ("None",),
            "properties.tier": (),
            "properties.diskIOPSReadWrite": (),
            "properties.diskMBpsReadWrite": (),
            "properties.maxShares": (1,),
            "properties.LastOwnershipUpdateTime": (),
            "properties.supportsHibernation": (),
            "properties.supportedCapabilities": (),
            "properties.availabilityPolicy.actionOnDiskDelay": ("None",),
        },
    ),
    timing=Timing(typical_s=3),
)  # fmt: skip

"""Managed data disk. REST: https://learn.microsoft.com/rest/api/compute/disks (2024-03-02 and later).

A disk is attached by its machine's body; here it is only made, grown and deleted."""

from __future__ import annotations

from ..resource import Body, Context, Entry, Kind, Operations, Rules, name_of
from . import virtual_machine
from ._bodies import EVERYWHERE_READ_ONLY, place


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
    return f"{name_of(virtual_machine.KIND, entry.parent)}-{entry.key}"


KIND = Kind(
    name="managed_disk",
    type="Microsoft.Compute/disks",
    operations=Operations("compute", "disks", list="list_by_resource_group"),
    sections=("vms/*/data_disks/*",),
    body=body,
    default_name=_default_name,
    name_rule=(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}", "1 to 80 letters, digits, underscores, dots and hyphens"),
    rules=Rules(
        immutable=("location", "zones", "properties.creationData.createOption"),
        read_only=(
            *EVERYWHERE_READ_ONLY, "managedBy", "managedByExtended", "sku.tier", "properties.timeCreated",
            "properties.diskState", "properties.uniqueId", "properties.diskSizeBytes",
            "properties.lastOwnershipUpdateTime",
        ),
        any_case=("sku.name", "properties.creationData.createOption"),
    ),
    # https://learn.microsoft.com/azure/virtual-machines/linux/expand-disks and /disks-convert-types
    impacts={
        "properties.diskSizeGB": ("live", "a data disk grows while its machine runs"),
        "sku": ("deallocate", "a disk changes its kind on a stopped machine"),
    },
    holds_data="the disk's content",
    typical_s=3,
)  # fmt: skip

"""The disks that are made with a virtual machine: they appear as resources when the operation ends.

In: a machine whose operation ends. Out: its disks in the state, and their IDs and names in its body. Names are
`<machine>_OsDisk_1_<guid>` and `<machine>_disk<n>_<guid>` (recorded); tags are those that the machine has by then, and
none of its later ones (terraform-provider-azurerm#8162 and #18981, azure-sdk-for-js#17787).
"""

from __future__ import annotations

from ...arm.resource_write import ResourceWrite
from ...json_values import Json
from . import _disk_values
from ._shared import DISK, sibling_id


def finish(change: ResourceWrite, generation: str) -> None:
    """The disks that are made with the machine appear; those to be detached go."""
    profile: Json = change.properties["storageProfile"]
    kept: list[Json] = [entry for entry in profile.get("dataDisks", []) if not entry.get("toBeDetached")]
    profile["dataDisks"] = kept
    disk: Json = profile["osDisk"]
    if "id" not in disk["managedDisk"]:
        disk.setdefault("name", f"{change.name}_OsDisk_1_{change.cloud.new_guid().replace('-', '')}")
        creation: Json = {"createOption": "FromImage"}
        if profile.get("imageReference"):
            creation["imageReference"] = {"id": _image_id(change, profile["imageReference"])}
        _make(change, disk, creation, {"osType": disk["osType"], "hyperVGeneration": generation})
    for position, entry in enumerate(kept):
        if "id" not in entry["managedDisk"]:
            # The OS disk is number 1 (`_OsDisk_1_`), so data disks begin with `_disk2_`.
            number = f"disk{position + 2}_{change.cloud.new_guid().replace('-', '')}"
            entry.setdefault("name", f"{change.name}_{number}")
            _make(change, entry, {"createOption": "Empty"}, {})


def _image_id(change: ResourceWrite, reference: Json) -> str:
    """Where a marketplace image stands (example "Get information about a managed disk")."""
    if reference.get("id"):
        return str(reference["id"])
    base = f"/Subscriptions/{change.cloud.subscription_id}/Providers/Microsoft.Compute/Locations/{change.location}"
    offer = f"Publishers/{reference.get('publisher')}/ArtifactTypes/VMImage/Offers/{reference.get('offer')}"
    return f"{base}/{offer}/Skus/{reference.get('sku')}/Versions/{reference.get('exactVersion')}"


def _make(change: ResourceWrite, entry: Json, creation: Json, more: Json) -> None:
    target = sibling_id(change.id, DISK, str(entry["name"]))
    properties: Json = {**more, "creationData": creation, "diskSizeGB": int(entry.get("diskSizeGB") or 4)}
    body: Json = {
        "location": change.location,
        **({"zones": change.body["zones"]} if change.body.get("zones") else {}),
        "sku": {"name": entry["managedDisk"]["storageAccountType"]},
        **({"tags": dict(change.body["tags"])} if change.body.get("tags") else {}),
        "properties": {**properties, "provisioningState": "Succeeded"},
    }
    _disk_values.fill(change.cloud, body)
    known = change.cloud.get(target)
    made = known if known is not None else change.cloud.create(target, body)
    entry["managedDisk"]["id"] = made.id

"""Microsoft.Compute/snapshots: REST reference "Snapshots", 2024-03-02.

Answered and polled as disks are (202, both headers, Retry-After 2: five recorded).
"""

from __future__ import annotations

from dataclasses import replace

from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable
from ...description.hooks import WriteHooks
from ...description.resource_type import ResourceType
from ...errors import provider_not_found
from ...json_values import JsonObject
from ...timing import iso
from . import disk
from ._shared import ANSWERS, invalid, missing


def validate(change: ResourceWrite) -> None:
    creation: JsonObject = change.properties.get("creationData") or {}
    option = str(creation.get("createOption") or "")
    if not option:
        raise missing("snapshot.creationData")
    if option not in ("Copy", "CopyStart") or change.before is not None:
        return
    target = creation.get("sourceResourceId")
    if not target:
        raise missing("snapshot.creationData.sourceResourceId")
    source = change.cloud.get(str(target))
    if source is None:
        raise provider_not_found(str(target))
    if source.body.get("location") != change.location and option == "Copy":
        raise invalid("A snapshot is made in the region of its disk.", "snapshot.creationData.sourceResourceId")
    creation.setdefault("sourceUniqueId", source.properties.get("uniqueId"))
    for name in ("diskSizeGB", "osType", "hyperVGeneration"):
        if source.properties.get(name) is not None:
            change.properties.setdefault(name, source.properties[name])


def fill(change: ResourceWrite) -> None:
    properties, cloud = change.properties, change.cloud
    sku: JsonObject = change.body.setdefault("sku", {})
    sku["tier"] = "Premium" if str(sku.setdefault("name", "Standard_LRS")).startswith("Premium") else "Standard"
    properties["diskSizeBytes"] = int(properties.setdefault("diskSizeGB", 4)) * 1024**3
    properties.setdefault("timeCreated", iso(cloud.timing.now(), suffix="+00:00"))
    properties.setdefault("uniqueId", cloud.new_guid())
    properties.setdefault("encryption", {"type": "EncryptionAtRestWithPlatformKey"})
    properties.setdefault("networkAccessPolicy", "AllowAll")
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.setdefault("incremental", False)
    properties.setdefault("diskState", "Unattached")


TYPES = (
    ResourceType(
        type="Microsoft.Compute/snapshots",
        name=disk.DISK_NAME,
        body=Body(
            model="azure.mgmt.compute.models:Snapshot",
            immutable=(Immutable(path="properties.creationData"), Immutable(path="properties.incremental")),
        ),
        answers=replace(ANSWERS, long_running=disk.LONG_RUNNING),
        on_write=WriteHooks(validate=validate, fill=fill),
    ),
)

"""Microsoft.Compute/images: REST reference "Images", 2024-07-01.

201 Creating with Azure-AsyncOperation. An image of a machine takes over its disks, and the machine has to be
generalized ("Create a managed image of a generalized VM"; the wording of the refusal is ours).
"""

from __future__ import annotations

from dataclasses import replace

from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable
from ...description.hooks import WriteHooks
from ...description.names import NameRule
from ...description.resource_type import ResourceType
from ...errors import provider_not_found
from ...json_values import Json
from ...protocol.json_paths import read
from ...state.resources import Resource
from ._shared import ANSWERS, COMPUTE, missing, not_allowed


def validate(change: ResourceWrite) -> None:
    source = read(change.body, "properties.sourceVirtualMachine.id")
    storage: Json = change.properties.get("storageProfile") or {}
    if source is not None:
        machine = change.cloud.get(str(source))
        if machine is None:
            raise provider_not_found(str(source))
        if not machine.hidden.get("generalized"):
            raise not_allowed(
                f"An image can be created of a generalized virtual machine only; '{machine.name}' is not generalized.",
                machine.name,
            )
        change.properties["storageProfile"] = {**_storage_of(machine), **storage}
        change.properties.setdefault("hyperVGeneration", machine.hidden.get("generation", "V1"))
        return
    disk: Json = storage.get("osDisk") or {}
    if not disk:
        raise missing("storageProfile.osDisk" if storage else "storageProfile")
    for name in ("osType", "osState"):
        if not disk.get(name):
            raise missing(f"osDisk.{name}")


def _storage_of(machine: Resource) -> Json:
    storage: Json = machine.properties.get("storageProfile") or {}
    disk: Json = storage.get("osDisk") or {}
    return {
        "osDisk": {
            "osType": disk.get("osType"),
            "osState": "Generalized",
            "managedDisk": {"id": read(disk, "managedDisk.id")},
            "diskSizeGB": disk.get("diskSizeGB"),
            "caching": disk.get("caching"),
            "storageAccountType": read(disk, "managedDisk.storageAccountType"),
        },
        "dataDisks": [
            {"lun": entry.get("lun"), "managedDisk": {"id": read(entry, "managedDisk.id")}}
            for entry in storage.get("dataDisks") or []
        ],
        "zoneResilient": False,
    }


def fill(change: ResourceWrite) -> None:
    storage: Json = change.properties.setdefault("storageProfile", {})
    storage.setdefault("dataDisks", [])
    storage.setdefault("zoneResilient", False)
    change.properties.setdefault("hyperVGeneration", "V1")


TYPES = (
    ResourceType(
        type="Microsoft.Compute/images",
        name=NameRule(pattern=r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?", longest=80),
        body=Body(
            model="azure.mgmt.compute.models:Image",
            immutable=(
                Immutable(path="properties.sourceVirtualMachine"),
                Immutable(path="properties.hyperVGeneration"),
            ),
        ),
        answers=replace(ANSWERS, long_running=COMPUTE),
        on_write=WriteHooks(validate=validate, fill=fill),
    ),
)

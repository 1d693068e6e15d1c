"""Microsoft.Compute/disks: REST reference "Disks", 2024-03-02.

PUT is answered 202 with both headers and Retry-After 2, and polled at DiskOperations, which returns the disk
(103 recorded). Shrinking is accepted and fails later (recorded).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..change import Change
from ..errors import ArmError
from ..resource_type import COMPUTE, Immutable, NameRule, ResourceType
from ..resources import Link, Resource
from ..timing import iso
from ..wire import Call
from ..world import World

Json = dict[str, Any]
TYPE = "Microsoft.Compute/disks"
DISK_NAME = NameRule(pattern=r"[A-Za-z0-9_][A-Za-z0-9_.-]*", longest=80, code="InvalidParameter")
GIB = 1024**3

LONG_RUNNING = replace(
    COMPUTE,
    create_status=202,
    creating="Updating",
    location_on_put=True,
    create_retry_after_s=2,
    update_retry_after_s=2,
    poll_retry_after_s=2,
    operations="DiskOperations",
)


def fill(change: Change) -> None:
    properties = change.properties
    sku = change.body.setdefault("sku", {})
    sku.setdefault("name", "Standard_LRS")
    sku["tier"] = str(sku["name"]).partition("_")[0].removesuffix("V2")
    before = change.before.properties.get("diskSizeGB") if change.before is not None else None
    size = int(properties.get("diskSizeGB") or before or 4)
    change.hidden.pop("shrunk", None)
    if before is not None and size < before:
        change.hidden["shrunk"] = True
        size = before
    properties["diskSizeGB"] = size
    properties["diskSizeBytes"] = size * GIB
    properties.setdefault("timeCreated", iso(change.world.timing.now(), suffix="+00:00"))
    properties.setdefault("uniqueId", change.world.new_guid())
    properties.setdefault("encryption", {"type": "EncryptionAtRestWithPlatformKey"})
    properties.setdefault("networkAccessPolicy", "AllowAll")
    properties.setdefault("publicNetworkAccess", "Enabled")
    properties.setdefault("diskIOPSReadWrite", 500)
    properties.setdefault("diskMBpsReadWrite", 60)


def finish(change: Change) -> None:
    if change.hidden.pop("shrunk", False):
        raise ArmError(400, "InvalidParameter", "Disks or snapshot cannot be resized down.", target="disk.diskSizeGB")


def _machine(resource: Resource, world: World) -> Resource | None:
    for link in world.resources.links_to(resource.key):
        machine = world.get(link.source)
        if machine is not None and machine.type == "Microsoft.Compute/virtualMachines":
            return machine
    return None


def manager(resource: Resource, world: World) -> str | None:
    machine = _machine(resource, world)
    return machine.id if machine is not None else None


def render(resource: Resource, body: Json, call: Call, world: World) -> None:
    machine = _machine(resource, world)
    body.setdefault("properties", {})["diskState"] = "Unattached" if machine is None else "Attached"
    if machine is not None:
        body["managedBy"] = machine.id


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    """Wording from a public issue; see the checklist of the recordings."""
    return ArmError(409, "OperationNotAllowed", f"Disk {resource.name} is attached to VM {links[0].holder_id}.")


TYPES = (
    ResourceType(
        type=TYPE,
        name=DISK_NAME,
        model="azure.mgmt.compute.models:Disk",
        style="compute",
        long_running=LONG_RUNNING,
        patch="merge",
        immutable=(
            Immutable(path="properties.creationData.createOption", status=409),
            Immutable(path="zones", status=409),
        ),
        fill=fill,
        finish=finish,
        render=render,
        manager=manager,
        in_use=in_use,
    ),
)

"""Microsoft.Compute/disks: REST reference "Disks", 2024-03-02.

PUT is answered 202 with both headers and Retry-After 2, DELETE without, and both are polled at DiskOperations, which
returns the disk (111 recorded). Shrinking is accepted and fails later (recorded). An attached disk cannot be deleted
(ansible#54644: the wording), and under a running machine an OS disk does not grow ("Expand virtual hard disks") and no
disk changes its kind ("Change the disk type of an Azure managed disk"; terraform-provider-azurerm#7193 quotes the
portal's rule).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...arm.cloud import Cloud
from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable
from ...description.hooks import DeleteHooks, ReadHooks, WriteHooks
from ...description.names import NameRule
from ...description.resource_type import ResourceType
from ...errors import ArmError, provider_not_found
from ...json_values import Json
from ...protocol.json_paths import read
from ...protocol.wire import Request
from ...state.resources import Resource
from . import _disk_access, _disk_values
from ._shared import ANSWERS, COMPUTE, DISK, invalid_value, missing, not_allowed, power, users

DISK_NAME = NameRule(pattern=r"[A-Za-z0-9_][A-Za-z0-9_.-]*", longest=80, code="InvalidParameter")
# 64 TiB, of Ultra and Premium SSD v2 disks; the other kinds end at half of that.
LARGEST_GB = 65_536
SHRUNK = "shrunk"

LONG_RUNNING = replace(
    COMPUTE,
    create_status=202,
    creating="Updating",
    location_on_put=True,
    create_retry_after_s=2,
    update_retry_after_s=2,
    delete_retry_after_s=None,
    poll_retry_after_s=2,
    operations="DiskOperations",
)


def validate(change: ResourceWrite) -> None:
    creation: Json = change.properties.get("creationData") or {}
    option = str(creation.get("createOption") or "")
    if not option:
        raise missing("disk.creationData" if not creation else "disk.creationData.createOption")
    if option == "Copy":
        _copy_size(change, creation)
    size = change.properties.get("diskSizeGB")
    if change.before is None and option == "Empty" and size is None:
        raise missing("disk.diskSizeGB")
    if size is not None and not 1 <= int(size) <= LARGEST_GB:
        raise invalid_value("disk.diskSizeGB")
    _check_growth(change)
    _check_kind(change)


def _copy_size(change: ResourceWrite, creation: Json) -> None:
    """A copy is as large as what it is made of, if nothing else is asked for."""
    target = creation.get("sourceResourceId")
    if not target:
        raise missing("disk.creationData.sourceResourceId")
    source = change.cloud.get(str(target))
    if source is None:
        raise provider_not_found(str(target))
    if change.before is None:
        change.properties.setdefault("diskSizeGB", source.properties.get("diskSizeGB"))
        for name in ("osType", "hyperVGeneration"):
            if source.properties.get(name) is not None:
                change.properties.setdefault(name, source.properties[name])
        creation.setdefault("sourceUniqueId", source.properties.get("uniqueId"))


def _check_growth(change: ResourceWrite) -> None:
    before = change.before
    asked = change.properties.get("diskSizeGB")
    if before is None or asked in (None, before.properties.get("diskSizeGB")):
        return
    for machine in users(change.cloud, before.id):
        own = str(read(machine.body, "properties.storageProfile.osDisk.managedDisk.id")).lower() == before.key
        if own and power(machine) != "deallocated":
            raise not_allowed(
                f"Cannot resize disk {before.name} while it is attached to running VM {machine.id}. Resizing a disk "
                "of an Azure Virtual Machine requires the virtual machine to be deallocated. Please stop your VM "
                "and retry the operation."
            )


def _check_kind(change: ResourceWrite) -> None:
    """The sentence is our own."""
    before, asked = change.before, read(change.body, "sku.name")
    if before is None or asked in (None, read(before.body, "sku.name")):
        return
    for machine in users(change.cloud, before.id):
        if power(machine) != "deallocated":
            raise not_allowed(
                f"Cannot change the account type of disk {before.name} while it is attached to running VM "
                f"{machine.id}. This requires the virtual machine to be deallocated."
            )


def fill(change: ResourceWrite) -> None:
    properties = change.properties
    before = change.before.properties.get("diskSizeGB") if change.before is not None else None
    size = int(properties.get("diskSizeGB") or before or 4)
    change.hidden.pop(SHRUNK, None)
    if before is not None and size < int(before):
        change.hidden[SHRUNK] = True
        size = int(before)
    properties["diskSizeGB"] = size
    _disk_values.fill(change.cloud, change.body)


def finish(change: ResourceWrite) -> None:
    if change.hidden.pop(SHRUNK, False):
        raise ArmError(400, "InvalidParameter", "Disks or snapshot cannot be resized down.", target="disk.diskSizeGB")
    change.properties["diskState"] = _state(next(users(change.cloud, change.id), None))


def manager(resource: Resource, cloud: Cloud) -> str | None:
    machine = next(users(cloud, resource.id), None)
    return machine.id if machine is not None else None


def _state(machine: Resource | None) -> str:
    """Reserved is attached to a machine that is deallocated (REST reference, DiskState)."""
    if machine is None:
        return "Unattached"
    return "Reserved" if power(machine) == "deallocated" else "Attached"


def render(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    machines = list(users(cloud, resource.id))
    if request.method == "GET":
        granted = not machines and _disk_access.is_granted(resource, cloud)
        body["properties"]["diskState"] = "ActiveSAS" if granted else _state(machines[0] if machines else None)
    if machines:
        body["managedBy"] = machines[0].id
    if len(machines) > 1:
        body["managedByExtended"] = [machine.id for machine in machines]


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    holder = links[0].holder_id
    if "/virtualmachines/" not in holder.lower():
        return None
    return not_allowed(f"Disk {resource.name} is attached to VM {holder}.")


TYPES = (
    ResourceType(
        type=DISK,
        name=DISK_NAME,
        body=Body(
            model="azure.mgmt.compute.models:Disk",
            immutable=(
                Immutable(path="properties.creationData.createOption"),
                Immutable(path="properties.osType"),
                Immutable(path="properties.hyperVGeneration"),
                Immutable(path="zones"),
            ),
        ),
        answers=replace(ANSWERS, long_running=LONG_RUNNING),
        actions=_disk_access.ACTIONS,
        on_write=WriteHooks(validate=validate, fill=fill, finish=finish),
        on_read=ReadHooks(render=render, manager=manager),
        on_delete=DeleteHooks(check=_disk_access.check_delete, in_use=in_use),
    ),
)

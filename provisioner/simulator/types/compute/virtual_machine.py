"""Microsoft.Compute/virtualMachines: REST reference "Virtual Machines", 2024-07-01 and later.

201 Creating / 200 Updating with Azure-AsyncOperation, never Location; Retry-After 10 on a create (497 recorded); PATCH
merges; DELETE is 202 with both headers. The OS disk appears as a resource of its own when the create ends, with the
machine's tags of then (terraform-provider-azurerm#8162), and stays behind a delete unless it says otherwise, as do
interfaces and data disks (`deleteOption`). Its size and kind change at the disk only (#539, #921), and a deallocated
machine does not say them (azure-powershell#13213).

The parts: `_machine_image`, `_machine_placement`, `_machine_login`, `_machine_disks`, `_machine_new_disks`,
`_machine_interfaces`, `_machine_identity`, `_machine_changes` (what an update may not), `_machine_power`,
`_machine_view`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...arm.body_checks import normal_location
from ...arm.cloud import Cloud
from ...arm.paging import page
from ...arm.rendering import render as render_resource
from ...arm.resource_write import ResourceWrite
from ...arm.stored import require
from ...description.body import Body, Reference
from ...description.hooks import DeleteHooks, ReadHooks, Route, WriteHooks
from ...description.names import NameRule
from ...description.resource_type import ResourceType
from ...json_values import Json
from ...protocol.arm_path import ResourceId
from ...protocol.json_paths import entries_at, read
from ...protocol.wire import Request, Response
from ...state.resources import Resource
from ...timing import iso
from . import (
    _machine_changes,
    _machine_disks,
    _machine_identity,
    _machine_image,
    _machine_interfaces,
    _machine_login,
    _machine_new_disks,
    _machine_placement,
)
from ._machine_power import ACTIONS
from ._machine_view import instance_view
from ._shared import ANSWERS, COMPUTE, DISK, EXTENSION, MACHINE, SET, invalid, missing, power

USER_DATA = "properties.userData"


def validate(change: ResourceWrite) -> None:
    if change.before is not None:
        _machine_changes.check(change, change.before)
    size = _machine_placement.check(change)
    source = _machine_image.source_of(change)
    profile: Json = change.properties.get("osProfile") or {}
    if change.before is None:
        _machine_image.check_fit(change, source, size)
        if profile and source.specialized:
            raise invalid("Parameter 'osProfile' is not allowed.", "osProfile")
        if not profile and not source.specialized:
            raise missing("osProfile")
        if profile:
            _machine_login.check(change, profile, source.system)
    _machine_disks.check(change, size)
    _machine_interfaces.check(change, size)
    _machine_disks.fill(change, source, size)
    if profile:
        _machine_login.fill(profile, source.system)
    change.hidden.setdefault("generation", source.generation)


def fill(change: ResourceWrite) -> None:
    _machine_identity.settle(change)
    properties = change.properties
    properties.setdefault("vmId", change.cloud.new_guid())
    properties.setdefault("timeCreated", iso(change.cloud.timing.now(), suffix="+00:00"))
    if str(properties.get("priority", "")).lower() == "spot":
        properties.setdefault("evictionPolicy", "Deallocate")
    if target := read(change.body, "properties.availabilitySet.id"):
        start, _, name = str(target).rpartition("/")
        properties["availabilitySet"] = {"id": f"{start}/{name.upper()}"}  # recorded: 19 of 19


def finish(change: ResourceWrite) -> None:
    _machine_new_disks.finish(change, str(change.hidden.get("generation", "V1")))
    _machine_identity.remember(change)
    if change.verb == "create":
        change.hidden["power"] = "running"


def deleted(resource: Resource, cloud: Cloud) -> None:
    """What says `deleteOption: Delete` goes with the machine."""
    _machine_identity.remove(resource, cloud)
    storage: Json = resource.properties.get("storageProfile") or {}
    entries = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or [])]
    targets = [(entry.get("deleteOption"), read(entry, "managedDisk.id")) for entry in entries]
    for entry in entries_at(resource.body, _machine_interfaces.INTERFACES):
        targets.append((read(entry, "properties.deleteOption"), entry.get("id")))
    for option, target in targets:
        found = cloud.get(str(target)) if str(option).lower() == "delete" else None
        if found is not None:
            cloud.remove(found)


def render(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    """Identities, disks as they are, extensions, and what `$expand` asks for.

    A deallocated machine says nothing of what its disks are like (Azure/azure-powershell#13213: by design, since that
    can be changed meanwhile; terraform-provider-azurerm#539).
    """
    _machine_identity.show(resource, body, cloud, is_read=request.method == "GET")
    storage: Json = body["properties"].get("storageProfile") or {}
    for entry in (storage.get("osDisk") or {}, *(storage.get("dataDisks") or [])):
        disk = cloud.get(str(read(entry, "managedDisk.id")))
        if disk is not None and power(resource) == "deallocated":
            _machine_disks.hide_disk(entry)
        elif disk is not None:
            _machine_disks.show_disk(entry, disk)
    extensions = cloud.resources.in_container(resource.id, EXTENSION)
    if extensions:
        body["resources"] = [render_resource(cloud, extension) for extension in extensions]
    if request.method != "GET":
        return
    expand = request.query.get("$expand", "").lower()
    if "instanceview" in expand or request.query.get("statusonly", "").lower() == "true":
        body["properties"]["instanceView"] = instance_view(resource, cloud)
    if "userdata" in expand and resource.hidden.get(USER_DATA) is not None:
        body["properties"]["userData"] = resource.hidden[USER_DATA]


def _instance_view(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    type_ = cloud.registry.get(MACHINE)
    assert type_ is not None
    scope = f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}"
    asked = ResourceId(scope, "Microsoft.Compute", ("virtualMachines",), (names["name"],))
    return Response(200, instance_view(require(cloud, type_, asked), cloud))


def _by_location(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    location = normal_location(names["location"])
    found = [machine for machine in cloud.resources.of_type(MACHINE) if machine.body.get("location") == location]
    return page(
        request,
        found,
        lambda machine: render_resource(cloud, machine, request),
        cloud.settings.page_size,
        lambda machine: machine.sequence,
    )


PROVIDER = "/subscriptions/{subscription}/providers/Microsoft.Compute"
IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute"
ROUTES = (
    Route(method="GET", pattern=f"{IN_GROUP}/virtualMachines/{{name}}/instanceView", answer=_instance_view),
    Route(method="GET", pattern=f"{PROVIDER}/locations/{{location}}/virtualMachines", answer=_by_location),
)

TYPES = (
    ResourceType(
        type=MACHINE,
        name=NameRule(pattern=r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?", longest=64),
        body=Body(
            model="azure.mgmt.compute.models:VirtualMachine",
            references=(
                Reference(
                    path=f"{_machine_interfaces.INTERFACES}[]",
                    type="Microsoft.Network/networkInterfaces",
                    back="properties.virtualMachine",
                    keep_siblings=True,
                ),
                Reference(path=f"{_machine_disks.OS_DISK}.managedDisk", type=DISK, keep_siblings=True),
                Reference(path=f"{_machine_disks.DATA_DISKS}[].managedDisk", type=DISK, keep_siblings=True),
                Reference(
                    path="properties.availabilitySet", type=SET, back="properties.virtualMachines", back_many=True
                ),
            ),
            write_only=(USER_DATA,),
            secret=("properties.osProfile.adminPassword", "properties.osProfile.customData"),
        ),
        answers=replace(ANSWERS, long_running=COMPUTE, etag="integer"),
        actions=ACTIONS,
        on_write=WriteHooks(validate=validate, fill=fill, finish=finish),
        on_read=ReadHooks(render=render),
        on_delete=DeleteHooks(deleted=deleted),
    ),
)

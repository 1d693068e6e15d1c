"""Microsoft.Compute/virtualMachines: REST reference "Virtual Machines", 2024-07-01.

201 Creating / 200 Updating with Azure-AsyncOperation, never Location; Retry-After 10 on a create (497 recorded). The
OS disk appears as a resource of its own when the create ends, and stays behind a delete unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..change import Change
from ..errors import ArmError
from ..references import read
from ..resource_type import COMPUTE, Action, Immutable, NameRule, Reference, ResourceType
from ..resources import Resource
from ..timing import iso
from ..wire import Answer, Call
from ..world import World
from . import _machine_identity

Json = dict[str, Any]
TYPE = "Microsoft.Compute/virtualMachines"
EXTENSIONS = f"{TYPE}/extensions"
DISK = "Microsoft.Compute/disks"
DATA_DISKS = "properties.storageProfile.dataDisks"
INTERFACES = "properties.networkProfile.networkInterfaces"
LINUX_GB, WINDOWS_GB = 30, 127


def _invalid(message: str, target: str) -> ArmError:
    return ArmError(400, "InvalidParameter", message, target=target)


def validate(change: Change) -> None:
    interfaces: list[Json] = read(change.body, INTERFACES) or []
    if not interfaces:
        raise _invalid("Virtual machine must have at least one network interface.", "networkProfile")
    for entry in interfaces:
        _check_interface(change, str(entry.get("id")))
    for entry in read(change.body, DATA_DISKS) or []:
        _check_disk(change, entry)
    _check_login(change)


def _others(change: Change, target: str) -> Iterator[Resource]:
    for link in change.world.resources.links_to(target):
        other = change.world.get(link.source)
        if other is not None and other.type == TYPE and other.key != change.key:
            yield other


def _check_interface(change: Change, target: str) -> None:
    if change.world.location_of(target) != change.location:
        raise ArmError(
            400,
            "InvalidResourceReference",
            f"Resource {target} referenced by resource {change.id} was not found. Please make sure that the referenced "
            "resource exists, and that both resources are in the same region.",
        )
    for other in _others(change, target):
        raise ArmError(
            400,
            "NicInUse",
            f"Network Interface {target} is used by existing resource {other.id}. In order to delete the network "
            "interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
        )


def _check_disk(change: Change, entry: Json) -> None:
    target = read(entry, "managedDisk.id")
    if str(entry.get("createOption", "")).lower() == "attach" and target is None:
        name = "dataDisk.managedDisk.id"
        raise _invalid(f"Required parameter '{name}' is missing (null).", name)
    for other in _others(change, str(target)) if target else ():
        raise ArmError(
            409,
            "ConflictingUserInput",
            f"Disk '{target}' cannot be attached as the disk is already owned by VM '{other.id}'.",
        )


def _check_login(change: Change) -> None:
    profile: Json = change.properties.get("osProfile") or {}
    if change.before is not None or not profile:
        return
    secret = str(change.secrets.get("properties.osProfile.adminPassword") or "")
    if not secret and not read(profile, "linuxConfiguration.ssh.publicKeys"):
        raise _invalid(
            "Authentication using either SSH or by user name and password must be enabled in Linux profile.",
            "linuxConfiguration",
        )
    kinds = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    if secret and (sum(any(map(kind, secret)) for kind in kinds) < 3 or not 6 <= len(secret) <= 123):
        raise _invalid(
            "The supplied password must be between 6-72 characters long and must satisfy at least 3 of password "
            "complexity requirements from the following: 1) Contains an uppercase character 2) Contains a lowercase "
            "character 3) Contains a numeric digit 4) Contains a special character 5) Control characters are not "
            "allowed",
            "adminPassword",
        )


def fill(change: Change) -> None:
    _machine_identity.settle(change)
    properties = change.properties
    properties.setdefault("vmId", change.world.new_guid())
    properties.setdefault("timeCreated", iso(change.world.timing.now(), suffix="+00:00"))
    is_windows = "windowsConfiguration" in (properties.get("osProfile") or {})
    _fill_profile(properties.get("osProfile"), is_windows)
    storage = properties.setdefault("storageProfile", {})
    image = storage.get("imageReference") or {}
    if image.get("version") == "latest":
        image.setdefault("exactVersion", "1.0.0")
    disk = storage.setdefault("osDisk", {"createOption": "FromImage"})
    disk.setdefault("osType", "Windows" if is_windows else "Linux")
    disk.setdefault("caching", "ReadWrite")
    disk.setdefault("deleteOption", "Detach")
    disk.setdefault("diskSizeGB", WINDOWS_GB if is_windows else LINUX_GB)
    disk.setdefault("managedDisk", {}).setdefault("storageAccountType", "Premium_LRS")
    storage.setdefault("diskControllerType", "SCSI")
    for entry in storage.setdefault("dataDisks", []):
        _fill_data_disk(change, entry)


def _fill_profile(profile: Json | None, is_windows: bool) -> None:
    if not profile:
        return
    profile.setdefault("secrets", [])
    profile.setdefault("allowExtensionOperations", True)
    profile.setdefault("requireGuestProvisionSignal", True)
    name = "windowsConfiguration" if is_windows else "linuxConfiguration"
    mode = "AutomaticByOS" if is_windows else "ImageDefault"
    configuration = profile.setdefault(name, {})
    configuration.setdefault("provisionVMAgent", True)
    configuration.setdefault("patchSettings", {"patchMode": mode, "assessmentMode": "ImageDefault"})
    if is_windows:
        configuration.setdefault("enableAutomaticUpdates", True)
    else:
        configuration.setdefault("disablePasswordAuthentication", False)


def _fill_data_disk(change: Change, entry: Json) -> None:
    entry.setdefault("caching", "None")
    entry.setdefault("deleteOption", "Detach")
    entry.setdefault("toBeDetached", False)
    disk = change.world.get(str(read(entry, "managedDisk.id")))
    if disk is not None:
        entry["name"] = disk.name
        entry["managedDisk"] = {"storageAccountType": disk.body.get("sku", {}).get("name"), "id": disk.id}
        entry["diskSizeGB"] = disk.properties.get("diskSizeGB")


def finish(change: Change) -> None:
    """The OS disk, and data disks that are made with the machine, appear."""
    storage = change.properties["storageProfile"]
    disk = storage["osDisk"]
    if "id" not in disk.get("managedDisk", {}):
        disk.setdefault("name", f"{change.name}_OsDisk_1_{change.world.new_guid().replace('-', '')}")
        disk["managedDisk"]["id"] = _make_disk(
            change, disk, disk["name"], {"createOption": "FromImage"}, disk["osType"]
        )
    for entry in storage.get("dataDisks", []):
        if "id" not in (entry.get("managedDisk") or {}):
            entry.setdefault("name", f"{change.name}_disk{entry['lun']}_{change.world.new_guid().replace('-', '')}")
            entry.setdefault("managedDisk", {}).setdefault("storageAccountType", "Premium_LRS")
            entry["managedDisk"]["id"] = _make_disk(change, entry, entry["name"], {"createOption": "Empty"}, None)
    change.hidden.setdefault("power", "running")


def _make_disk(change: Change, entry: Json, name: str, creation: Json, system: str | None) -> str:
    identity = f"{change.id.rpartition('/providers/')[0]}/providers/Microsoft.Compute/disks/{name}"
    size = entry.get("diskSizeGB", 4)
    body: Json = {
        "location": change.location,
        "sku": {"name": entry["managedDisk"]["storageAccountType"], "tier": "Premium"},
        "properties": {
            "creationData": creation,
            "diskSizeGB": size,
            "diskSizeBytes": size * 1024**3,
            "timeCreated": iso(change.world.timing.now(), suffix="+00:00"),
            "uniqueId": change.world.new_guid(),
            "provisioningState": "Succeeded",
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            **({"osType": system} if system else {}),
        },
    }
    if change.body.get("zones"):
        body["zones"] = change.body["zones"]
    change.world.create(identity, body)
    return identity


def deleted(resource: Resource, world: World) -> None:
    """What says `deleteOption: Delete` goes with the machine."""
    _machine_identity.remove(resource, world)
    storage = resource.properties.get("storageProfile", {})
    entries = [storage.get("osDisk", {}), *storage.get("dataDisks", [])]
    targets = [(entry.get("deleteOption"), read(entry, "managedDisk.id")) for entry in entries]
    for entry in read(resource.body, INTERFACES) or []:
        targets.append((read(entry, "properties.deleteOption"), entry.get("id")))
    for option, target in targets:
        found = world.get(str(target)) if str(option).lower() == "delete" else None
        if found is not None:
            world.remove(found)


def render(resource: Resource, body: Json, call: Call, world: World) -> None:
    if call.method == "GET":
        _machine_identity.show(body, world)
        extensions = world.resources.in_container(resource.id, EXTENSIONS)
        if extensions:
            body["resources"] = [{"id": extension.id} for extension in extensions]


def _power(state: str) -> Action:
    def run(change: Change) -> Answer | None:
        change.hidden["power"] = state
        return None

    return Action(run=run, long_running=COMPUTE)


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(pattern=r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?", longest=64),
        model="azure.mgmt.compute.models:VirtualMachine",
        style="compute",
        long_running=COMPUTE,
        etag="integer",
        patch="merge",
        immutable=tuple(
            Immutable(path=path)
            for path in (
                "zones", "properties.osProfile.computerName", "properties.osProfile.adminUsername",
                "properties.osProfile.linuxConfiguration.ssh", "properties.storageProfile.imageReference.publisher",
                "properties.storageProfile.imageReference.offer", "properties.storageProfile.imageReference.sku",
                "properties.availabilitySet", "properties.priority",
            )
        ),
        references=(
            Reference(
                path=f"{INTERFACES}[]",
                type="Microsoft.Network/networkInterfaces",
                back="properties.virtualMachine",
                keep_siblings=True,
            ),
            Reference(path="properties.storageProfile.osDisk.managedDisk", type=DISK, keep_siblings=True),
            Reference(path=f"{DATA_DISKS}[].managedDisk", type=DISK, keep_siblings=True),
        ),
        write_only=("properties.userData",),
        secret=("properties.osProfile.adminPassword", "properties.osProfile.customData"),
        actions={
            "start": _power("running"),
            "restart": _power("running"),
            "poweroff": _power("stopped"),
            "deallocate": _power("deallocated"),
        },
        validate=validate,
        fill=fill,
        finish=finish,
        deleted=deleted,
        render=render,
    ),
)  # fmt: skip

"""What an update of a virtual machine may not change.

409 `PropertyChangeNotAllowed` with the property as target (recorded for `priority`; azure-docs#50922 for
`imageReference`, pulumi-azure-native#1117 for `imageReference.id`, azure-powershell#7621 for `osDisk.createOption`,
terraform azurerm #592 for `dataDisk.name`). Which ones beyond those: terraform_forcenew of the recordings. A profile
that a PUT leaves out is dropped (recorded, two of two); the rest keeps its value. The size may change.
"""

from __future__ import annotations

import copy

from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...protocol.json_paths import entries_at, object_at, read, write
from ...state.resources import Resource
from ._shared import cannot_change, not_allowed, power

IMAGE = "properties.storageProfile.imageReference"
OS_DISK = "properties.storageProfile.osDisk"
PROFILE = "properties.osProfile"

FIXED = (
    (f"{IMAGE}.publisher", "imageReference"),
    (f"{IMAGE}.offer", "imageReference"),
    (f"{IMAGE}.sku", "imageReference"),
    (f"{IMAGE}.version", "imageReference"),
    (f"{IMAGE}.id", "imageReference.id"),
    (f"{OS_DISK}.createOption", "osDisk.createOption"),
    (f"{OS_DISK}.osType", "osDisk.osType"),
    ("zones", "zones"),
    ("plan", "plan"),
    ("properties.availabilitySet.id", "availabilitySet"),
    ("properties.evictionPolicy", "evictionPolicy"),
    (f"{PROFILE}.computerName", "computerName"),
    (f"{PROFILE}.adminUsername", "adminUsername"),
    (f"{PROFILE}.linuxConfiguration.disablePasswordAuthentication", "linuxConfiguration.disablePasswordAuthentication"),
    (f"{PROFILE}.linuxConfiguration.provisionVMAgent", "linuxConfiguration.provisionVMAgent"),
    (f"{PROFILE}.linuxConfiguration.ssh", "linuxConfiguration.ssh.publicKeys"),
    (f"{PROFILE}.windowsConfiguration.provisionVMAgent", "windowsConfiguration.provisionVMAgent"),
    (f"{PROFILE}.windowsConfiguration.timeZone", "windowsConfiguration.timeZone"),
)
KEPT_WHOLE = (
    "zones",
    "plan",
    IMAGE,
    OS_DISK,
    "properties.availabilitySet",
    "properties.priority",
    "properties.userData",
)
"""What stays when a PUT leaves it out altogether."""
OFF_ONLY = ("properties.additionalCapabilities.ultraSSDEnabled", "properties.securityProfile.encryptionAtHost")
"""What is switched on and off on a deallocated machine: "Using Azure Ultra Disks", "Enable end-to-end encryption using
encryption at host"."""
CUSTOM_DATA = "properties.osProfile.customData"


def check(change: ResourceWrite, before: Resource) -> None:
    """Keep what was left out, refuse what was changed."""
    for path in KEPT_WHOLE:
        _keep(change, before, path)
    for path, shown in FIXED:
        if path.startswith(PROFILE) and not read(change.body, PROFILE):
            continue
        if read(before.body, path) is not None:
            _keep(change, before, path)
        if _differs(read(before.body, path), read(change.body, path)):
            raise cannot_change(shown)
    _check_priority(change, before)
    _check_custom_data(change, before)
    _check_security(change, before)
    _check_capabilities(change, before)
    _check_os_disk(change, before)
    _check_data_disks(change, before)


def _keep(change: ResourceWrite, before: Resource, path: str) -> None:
    old = read(before.body, path)
    if old is not None and read(change.body, path) is None:
        write(change.body, path, copy.deepcopy(old))


def _differs(old: object, new: object) -> bool:
    """Case does not count. What was never set may not be set later either, except an empty value."""
    return bool(_plain(old) != _plain(new)) and not (old is None and new in (None, [], {}, ""))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.strip().lower()
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    return value


def _check_priority(change: ResourceWrite, before: Resource) -> None:
    old = str(before.properties.get("priority") or "Regular").lower()
    new = str(change.properties.get("priority") or "Regular").lower()
    if old != new:
        raise cannot_change("priority")


def _check_custom_data(change: ResourceWrite, before: Resource) -> None:
    """Its value is not kept, so that another value passes; giving some where there was none does not."""
    if CUSTOM_DATA in change.secrets and CUSTOM_DATA not in before.hidden:
        raise cannot_change("customData")


def _check_security(change: ResourceWrite, before: Resource) -> None:
    """A machine without a security type may get Trusted Launch while it is deallocated ("Enable Trusted launch")."""
    old = read(before.body, "properties.securityProfile.securityType")
    new = read(change.body, "properties.securityProfile.securityType")
    if new is None and old is not None:
        _keep(change, before, "properties.securityProfile")
        return
    is_upgrade = old in (None, "Standard") and new == "TrustedLaunch" and power(before) == "deallocated"
    if old != new and not is_upgrade and not (old is None and new == "Standard"):
        raise cannot_change("securityProfile.securityType")


def _check_capabilities(change: ResourceWrite, before: Resource) -> None:
    """The sentence is our own."""
    for path in OFF_ONLY:
        if bool(read(before.body, path)) != bool(read(change.body, path)) and power(before) != "deallocated":
            name = path.rpartition(".")[2]
            raise not_allowed(f"{name} of VM '{change.name}' can change on a deallocated VM only.", name)


def _check_os_disk(change: ResourceWrite, before: Resource) -> None:
    """The OS disk may be swapped on a deallocated machine; its size and kind change at the disk itself only.

    Wordings: terraform-provider-azurerm#539 and #921, and what its machines say of both.
    """
    old = object_at(before.body, OS_DISK)
    new = object_at(change.body, OS_DISK)
    is_off = power(before) == "deallocated"
    target = read(new, "managedDisk.id")
    if target is not None and str(target).lower() != str(read(old, "managedDisk.id")).lower():
        if not is_off:
            raise not_allowed(f"The OS disk of VM '{change.name}' can be swapped on a deallocated VM only.", "osDisk")
        return
    if new.get("name") is not None and old.get("name") is not None and new["name"] != old["name"]:
        raise cannot_change("osDisk.name")
    known = change.cloud.get(str(read(old, "managedDisk.id")))
    where = f"through Virtual Machine '{change.name}' is not allowed. Please update disk resource at"
    # What was stored of the disk with the machine may be older than the disk.
    kinds = (None, read(old, "managedDisk.storageAccountType"), read(known.body, "sku.name") if known else None)
    if read(new, "managedDisk.storageAccountType") not in kinds:
        if not is_off or known is None:
            raise cannot_change("osDisk.managedDisk.storageAccountType")
        raise not_allowed(f"Managed disk storage account type change {where} {known.id}.", "osDisk.managedDisk")
    if new.get("diskSizeGB") in (None, old.get("diskSizeGB"), known.properties.get("diskSizeGB") if known else None):
        return
    if not is_off or known is None:
        message = "Disk resizing is allowed only when creating a VM or when the VM is deallocated."
        raise ArmError(409, "Conflict", message, target="disk.diskSizeGB")
    raise ArmError(
        400,
        "ResizeDiskError",
        f"Managed disk resize via Virtual Machine '{change.name}' is not allowed. Please resize disk resource at "
        f"{known.id}.",
        target="disk.diskSizeGB",
    )


def _check_data_disks(change: ResourceWrite, before: Resource) -> None:
    """A disk keeps its name and its LUN as long as it is attached, and a LUN its disk: Azure/azure-sdk-for-go#816."""
    had = {
        str(read(entry, "managedDisk.id")).lower(): entry
        for entry in entries_at(before.body, "properties.storageProfile.dataDisks")
    }
    places = {entry.get("lun") for entry in had.values()}
    for entry in entries_at(change.body, "properties.storageProfile.dataDisks"):
        known = had.get(str(read(entry, "managedDisk.id")).lower())
        if known is not None and entry.get("name") not in (None, known.get("name")):
            raise cannot_change("dataDisk.name")
        if known is not None and entry.get("lun") != known.get("lun"):
            raise ArmError(
                409,
                "ConflictingUserInput",
                f"Disk '{read(entry, 'managedDisk.id')}' cannot be attached as the disk is already owned by VM "
                f"'{before.id}'.",
            )
        if known is None and read(entry, "managedDisk.id") is not None and entry.get("lun") in places:
            raise cannot_change("dataDisk.managedDisk.id")

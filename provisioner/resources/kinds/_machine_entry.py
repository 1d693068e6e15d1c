"""A virtual machine's ARM body to what a spec says of it. Pure. What a spec cannot say is for the caller to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...base.values import Body, Link, Secret
from ..entry import Find
from ._bodies import SPOKEN_CACHING, compact, linked, numbers, unless

_SECURITY = {"trustedlaunch": "trusted_launch", "confidentialvm": "confidential", "standard": "standard"}
_GENERATED = r"_(OsDisk_1|disk1)_[0-9a-f]{32}"
"""What Azure puts behind the machine's name when it names a disk by itself."""
ADMIN_SECRET = "admin"


def entry(body: Body, find: Find) -> Body | str:
    properties = body["properties"]
    system, storage = properties.get("osProfile"), properties["storageProfile"]
    image = _image(storage.get("imageReference") or {})
    interfaces = _interfaces(properties)
    if not system or not image:
        return "it was created from a disk, not from an image"
    if (storage.get("osDisk") or {}).get("vhd"):
        return "its disks are not managed disks"
    if not interfaces:
        return "it has no network interface"
    is_windows = "windowsConfiguration" in system or _is(storage["osDisk"].get("osType"), "windows")
    return compact(
        {
            "os": "windows" if is_windows else None,
            "size": properties["hardwareProfile"]["vmSize"],
            "image": image,
            "plan": _plan(body.get("plan")),
            "interfaces": [Link("network/interfaces", identity) for identity in interfaces],
            "admin": _admin(system, is_windows),
            "computer_name": None if system.get("computerName") == body["name"] else system.get("computerName"),
            "zone": next(iter(numbers(body.get("zones") or [])), None),
            "availability_set": linked("availability_sets", properties.get("availabilitySet")),
            "security": _security(properties.get("securityProfile") or {}),
            "boot_diagnostics": _diagnostics(properties.get("diagnosticsProfile") or {}),
            "spot": _spot(properties),
            "license_type": unless(properties.get("licenseType"), "None"),
            "identity": _identity(body.get("identity") or {}),
            "os_disk": _os_disk(body["name"], storage["osDisk"]) or None,
        }
    )


def _is(value: Any, word: str) -> bool:
    return str(value).lower() == word


def _image(reference: Mapping[str, Any]) -> str:
    if reference.get("id"):
        # An ID and no `existing:` entry: the version that a machine was made from may be gone, the machine is not.
        return str(reference["id"])
    parts = [str(reference.get(part) or "") for part in ("publisher", "offer", "sku", "version")]
    return ":".join(parts) if all(parts) else ""


def _interfaces(properties: Body) -> list[str]:
    """The IDs, the primary one first."""
    found = (properties.get("networkProfile") or {}).get("networkInterfaces") or []
    ranked = sorted(found, key=lambda item: not (item.get("properties") or {}).get("primary"))
    return [item["id"] for item in ranked]


def _plan(plan: Mapping[str, Any] | None) -> Body | None:
    return {key: plan[key] for key in ("name", "product", "publisher") if key in plan} if plan else None


def _admin(system: Body, is_windows: bool) -> Body:
    linux = system.get("linuxConfiguration") or {}
    keys = [item["keyData"].strip() for item in (linux.get("ssh") or {}).get("publicKeys") or []]
    has_password = is_windows or not linux.get("disablePasswordAuthentication")
    return compact(
        {
            "username": system["adminUsername"],
            "password": Secret(ADMIN_SECRET) if has_password else None,
            "ssh_keys": keys or None,
        }
    )


def _security(profile: Body) -> Any:
    kind = _SECURITY.get(str(profile.get("securityType")).lower())
    if kind is None:
        return None
    firmware = profile.get("uefiSettings") or {}
    said: Body = {"type": kind}
    if kind != "standard":
        if not firmware.get("secureBootEnabled"):
            said["secure_boot"] = False
        if not firmware.get("vTpmEnabled"):
            said["vtpm"] = False
    if profile.get("encryptionAtHost"):
        said["encryption_at_host"] = True
    return kind if len(said) == 1 and kind != "confidential" else said


def _diagnostics(profile: Body) -> Any:
    found = profile.get("bootDiagnostics") or {}
    if not found.get("enabled"):
        return None
    return {"storage_uri": found["storageUri"]} if found.get("storageUri") else True


def _spot(properties: Body) -> Body | None:
    if not _is(properties.get("priority"), "spot"):
        return None
    return compact(
        {
            "eviction_policy": unless(str(properties.get("evictionPolicy", "Deallocate")).lower(), "deallocate"),
            "max_price": unless((properties.get("billingProfile") or {}).get("maxPrice"), -1),
        }
    )


def _identity(identity: Body) -> Body | None:
    users = [Link("identities", user) for user in sorted(identity.get("userAssignedIdentities") or {}, key=str.lower)]
    system = "systemassigned" in str(identity.get("type")).lower()
    return compact({"system_assigned": system or None, "user_assigned": users or None}) or None


def _os_disk(machine: str, disk: Body) -> Body:
    name = disk.get("name", "")
    generated = re.fullmatch(re.escape(machine) + _GENERATED, name, re.IGNORECASE)
    return compact(
        {
            "name": None if generated else unless(name),
            "sku": (disk.get("managedDisk") or {}).get("storageAccountType"),
            "size_gb": disk.get("diskSizeGB"),
            "caching": unless(SPOKEN_CACHING.get(str(disk.get("caching", "ReadWrite")).lower()), "read_write"),
            "delete_with_vm": None if _is(disk.get("deleteOption"), "delete") else False,
        }
    )


_DISKS = "properties.storageProfile"
DEFAULTS: dict[str, tuple[Any, ...]] = {
    "identity.type": ("None",),
    "properties.licenseType": ("None",),
    "properties.priority": ("Regular",),
    "properties.extensionsTimeBudget": ("PT1H30M",),
    "properties.securityProfile.securityType": ("Standard",),
    "properties.additionalCapabilities.ultraSSDEnabled": (False,),
    "properties.additionalCapabilities.hibernationEnabled": (False,),
    f"{_DISKS}.diskControllerType": ("SCSI",),
    f"{_DISKS}.osDisk.name": (),
    f"{_DISKS}.osDisk.osType": (),
    f"{_DISKS}.osDisk.diskSizeGB": (),
    f"{_DISKS}.osDisk.managedDisk.id": (),
    **{
        f"{_DISKS}.dataDisks[].{name}": ()
        for name in ("name", "diskSizeGB", "diskIOPSReadWrite", "diskMBpsReadWrite", "managedDisk.storageAccountType")
    },
    "properties.networkProfile.networkInterfaces[].properties.primary": (True,),
    "properties.networkProfile.networkInterfaces[].properties.deleteOption": ("Detach",),
    "properties.osProfile.allowExtensionOperations": (True,),
    "properties.osProfile.requireGuestProvisionSignal": (True,),
    **{
        f"properties.osProfile.{system}.{name}": values
        for system in ("linuxConfiguration", "windowsConfiguration")
        for name, values in {
            "provisionVMAgent": (True,),
            "enableAutomaticUpdates": (True,),
            "enableVMAgentPlatformUpdates": (),
            "patchSettings.patchMode": ("ImageDefault", "AutomaticByOS"),
            "patchSettings.assessmentMode": ("ImageDefault",),
        }.items()
    },
}
"""Source: https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update (2024-11-01), "default"."""

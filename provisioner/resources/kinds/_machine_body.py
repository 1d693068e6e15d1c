"""The body of a machine as a spec wants it.

In: an entry of ``vms``. Out: an ARM body, with leaves. Pure. REST:
https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update (2024-11-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Required, TypedDict

from ...base.values import Body, Ref, Text
from ..entry import Context, Entry
from . import _public_keys
from ._bodies import CACHING, compact, place
from ._machine_identity import identity_block

_MOST_BYTES = {"custom_data": 65_535, "user_data": 65_536}
"""REST reference "Virtual Machines - Create Or Update" (customData); "User data on Azure Virtual Machines" (64 KB)."""
_SECURITY = {"trusted_launch": "TrustedLaunch", "confidential": "ConfidentialVM", "standard": "Standard"}


class SecurityEntry(TypedDict, total=False):
    """``security:`` in its long form."""

    type: Required[str]
    secure_boot: bool
    vtpm: bool
    encryption_at_host: bool


class DiagnosticsEntry(TypedDict, total=False):
    """``boot_diagnostics:`` in its long form."""

    storage_uri: str


class SpotEntry(TypedDict, total=False):
    """``spot:``."""

    eviction_policy: str
    max_price: float


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    zone = data.get("zone")
    return {
        **place(entry, context),
        **({"zones": [zone]} if zone else {}),
        **({"plan": dict(data["plan"])} if "plan" in data else {}),
        **({"identity": identity_block(data["identity"], context)} if "identity" in data else {}),
        "properties": compact(
            {
                "hardwareProfile": {"vmSize": data["size"]},
                "additionalCapabilities": _capabilities(entry),
                "storageProfile": _storage(entry, context),
                "osProfile": _operating_system(entry, context),
                "networkProfile": {"networkInterfaces": _interfaces(entry, context)},
                "securityProfile": _security(data.get("security")),
                "diagnosticsProfile": _diagnostics(data.get("boot_diagnostics")),
                "availabilitySet": _availability_set(entry, context),
                "licenseType": data.get("license_type"),
                "userData": _encoded(data.get("user_data"), context, "user_data"),
                **_spot(data.get("spot")),
            }
        ),
    }


def _capabilities(entry: Entry) -> Body | None:
    """Ultra disks are for machines that ask for them ("Using Azure Ultra Disks"): Azure refuses them otherwise."""
    kinds = {disk.get("sku") for disk in entry.data.get("data_disks", {}).values()}
    return {"ultraSSDEnabled": True} if "UltraSSD_LRS" in kinds else None


def _storage(entry: Entry, context: Context) -> Body:
    data = entry.data
    disk = data.get("os_disk", {})
    os_disk = compact(
        {
            "name": disk.get("name"),
            "createOption": "FromImage",
            "caching": CACHING[disk.get("caching", "read_write")],
            "deleteOption": "Delete" if disk.get("delete_with_vm", True) else "Detach",
            "diskSizeGB": disk.get("size_gb"),
            "managedDisk": _managed_disk(entry) or None,
        }
    )
    data_disks = [
        {
            "lun": item["lun"],
            "createOption": "Attach",
            "caching": CACHING[item.get("caching", "none")],
            "deleteOption": "Delete" if item.get("delete_with_vm") else "Detach",
            "managedDisk": {"id": Ref(f"{entry.address}/data_disks/{key}")},
        }
        for key, item in data.get("data_disks", {}).items()
    ]
    return {"imageReference": _image(data["image"], context), "osDisk": os_disk, "dataDisks": data_disks}


def _managed_disk(entry: Entry) -> Body:
    """The disk of the operating system; that of a confidential machine must say how it is encrypted ("About Azure
    confidential VMs": the guest's state at least, with keys that the platform manages)."""
    data = entry.data
    disk: Body = {"storageAccountType": data["os_disk"]["sku"]} if "sku" in data.get("os_disk", {}) else {}
    security = data.get("security")
    if isinstance(security, Mapping) and security["type"] == "confidential":
        disk["securityProfile"] = {"securityEncryptionType": "VMGuestStateOnly"}
    return disk


def _image(image: str, context: Context) -> Body:
    if image.startswith(("/", "existing/")):
        return {"id": context.ref("existing", image, "image")}
    publisher, offer, sku, version = image.split(":")
    return {"publisher": publisher, "offer": offer, "sku": sku, "version": version}


def _operating_system(entry: Entry, context: Context) -> Body:
    data = entry.data
    admin = data["admin"]
    profile = compact(
        {
            "computerName": data.get("computer_name") or data.get("name") or entry.key_for_names,
            "adminUsername": admin["username"],
            "adminPassword": context.interpolate(admin.get("password"), "admin", "password"),
            "customData": _encoded(data.get("custom_data"), context, "custom_data"),
        }
    )
    if data.get("os", "linux") == "windows":
        profile["windowsConfiguration"] = {"provisionVMAgent": True}
        return profile
    linux: Body = {"disablePasswordAuthentication": "password" not in admin, "provisionVMAgent": True}
    if "ssh_keys" in admin:
        path = f"/home/{admin['username']}/.ssh/authorized_keys"
        # The line's end of a key file is cut off below: Azure keeps it, and the key would differ for ever.
        keys = [_public_key(key, context, index) for index, key in enumerate(admin["ssh_keys"])]
        linux["ssh"] = {"publicKeys": [{"path": path, "keyData": key.strip()} for key in keys]}
    return {**profile, "linuxConfiguration": linux}


def _public_key(key: object, context: Context, index: int) -> str:
    """The text of a key. A file's must be a public one: what is written here, everyone who may read can see."""
    at = ("admin", "ssh_keys", index)
    text = context.read_text(key, *at)
    is_one = _public_keys.is_one(text)
    if is_one and (refused := _public_keys.refusal(text)):
        place = (*at, "file") if isinstance(key, Mapping) else at
        context.error("PV2203", f"Azure does not accept {refused}", *place,
                      reason="Azure accepts ED25519 keys, and RSA keys of 2,048 bits or more.",
                      hint="run `ssh-keygen -t ed25519` to create a key that Azure accepts")  # fmt: skip
    if isinstance(key, Mapping) and text and not is_one:
        is_private = "PRIVATE KEY" in text
        what = "contains a private key" if is_private else "contains no public key"
        context.error("PV2202", f"the file {key['file']} {what}", *at, "file",
                      hint=f"use {key['file']}.pub" if is_private else (
                          "write the key as ssh-ed25519 AAAA…, all on one line"
                      ))  # fmt: skip
        return ""
    return text


def _encoded(value: object, context: Context, key: str) -> Text | None:
    """Text for the machine, in base64 as the API wants it; secrets in it are filled in when the request is written."""
    if value is None:
        return None
    text = context.interpolate(context.read_text(value, key), key)
    parts = text.parts if isinstance(text, Text) else (text,)
    size = sum(len(part.encode("utf-8", "replace")) for part in parts if isinstance(part, str))
    if size > _MOST_BYTES[key]:
        reason = f"Azure allows {_MOST_BYTES[key]:,}."
        hint = "have the VM download the rest from elsewhere"
        context.error("PV2204", f"`{key}` has {size:,} bytes", key, reason=reason, hint=hint)
    return Text(parts, base64=True)


def _interfaces(entry: Entry, context: Context) -> list[Body]:
    interfaces = entry.data.get("interfaces", [])
    if isinstance(interfaces, Mapping):
        references: list[Ref | str] = [Ref(f"{entry.address}/interfaces/{key}") for key in interfaces]
    else:
        references = [
            context.ref("network/interfaces", value, "interfaces", index) for index, value in enumerate(interfaces)
        ]
    # Of several interfaces exactly one must be primary; a spec says it by the order.
    return [{"id": reference, "properties": {"primary": index == 0}} for index, reference in enumerate(references)]


def _security(security: SecurityEntry | str | None) -> Body | None:
    if security is None:
        return None
    if isinstance(security, str):
        security = {"type": security}
    profile: Body = {"securityType": _SECURITY[security["type"]]}
    if security["type"] != "standard":
        profile["uefiSettings"] = {
            "secureBootEnabled": security.get("secure_boot", True),
            "vTpmEnabled": security.get("vtpm", True),
        }
    if "encryption_at_host" in security:
        profile["encryptionAtHost"] = security["encryption_at_host"]
    return profile


def _diagnostics(value: DiagnosticsEntry | bool | None) -> Body | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return {"bootDiagnostics": {"enabled": value}}
    return {"bootDiagnostics": compact({"enabled": True, "storageUri": value.get("storage_uri")})}


def _availability_set(entry: Entry, context: Context) -> Body | None:
    data = entry.data
    if "availability_set" not in data:
        return None
    return {"id": context.ref("availability_sets", data["availability_set"], "availability_set")}


def _spot(spot: SpotEntry | None) -> Body:
    if spot is None:
        return {}
    return {
        "priority": "Spot",
        "evictionPolicy": spot.get("eviction_policy", "deallocate").capitalize(),
        # -1 is the price of a regular machine: it is never evicted for its price (REST, BillingProfile).
        "billingProfile": {"maxPrice": spot.get("max_price", -1)},
    }

"""What a virtual machine is made of: a marketplace image, an image of one's own, or a disk.

In: a machine's body. Out: `Source`, or the refusal. Messages: `PlatformImageNotFound` with its 404 as in
clear-code/firefox-support-common#31; the demand for a plan, and the refusals of size and image that do not fit, as
documented ("Troubleshoot deploying Linux virtual machines in Azure", "Trusted Launch FAQ"); `ImageNotFound` is the
documented code with a sentence of our own.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...json_values import JsonObject
from ...protocol.arm_path import parse_id
from ...protocol.json_paths import object_at, read
from ...state.resources import Resource
from ._image_table import Image, find_image
from ._shared import invalid, missing
from ._size_table import Size

REFERENCE = "properties.storageProfile.imageReference"
DISK_SIZE_GB = {"Linux": 30, "Windows": 127}
"""Recorded sizes of OS disks that a request did not size."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the OS disk comes from; `specialized` is set up already and takes no profile."""

    system: str
    size_gb: int
    generation: str = "V1"
    architecture: str = "x64"
    exact_version: str | None = None
    specialized: bool = False


def source_of(change: ResourceWrite) -> Source:
    """The source of a machine's OS disk; raises ArmError when there is none such."""
    reference = object_at(change.body, REFERENCE)
    disk = object_at(change.body, "properties.storageProfile.osDisk")
    if str(disk.get("createOption", "")).lower() == "attach":
        return _attached(change, disk)
    if reference.get("id"):
        return _own_image(change, str(reference["id"]), disk)
    for name in ("sharedGalleryImageId", "communityGalleryImageId"):
        if reference.get(name):
            return _by_system(change, disk)
    if not reference:
        raise missing("imageReference")
    return _marketplace(change, reference)


def _attached(change: ResourceWrite, disk: JsonObject) -> Source:
    target = read(disk, "managedDisk.id")
    if target is None:
        raise missing("osDisk.managedDisk.id")
    found = change.cloud.get(str(target))
    properties = found.properties if found is not None else {}
    system = disk.get("osType") or properties.get("osType")
    if system is None:
        raise missing("osDisk.osType")
    return Source(
        system=str(system),
        size_gb=int(properties.get("diskSizeGB") or 0),
        generation=str(properties.get("hyperVGeneration") or "V1"),
        specialized=True,
    )


def _marketplace(change: ResourceWrite, reference: JsonObject) -> Source:
    names = [str(reference.get(name) or "") for name in ("publisher", "offer", "sku", "version")]
    for name, value in zip(("publisher", "offer", "sku", "version"), names, strict=True):
        if not value:
            raise missing(f"imageReference.{name}")
    publisher, offer, sku, version = names
    image = find_image(publisher, offer, sku)
    exact = image.exact(version) if image is not None else None
    if image is None or exact is None:
        raise ArmError(
            404,
            "PlatformImageNotFound",
            f"The platform image '{':'.join(names)}' is not available. Verify that all fields in the storage profile "
            "are correct. For more details about storage profile information, please refer to "
            "https://aka.ms/storageprofile",
            target="imageReference",
        )
    _check_plan(change, image)
    return Source(
        system=image.os,
        size_gb=image.size_gb,
        generation=image.generation,
        architecture=image.architecture,
        exact_version=exact,
    )


def _check_plan(change: ResourceWrite, image: Image) -> None:
    if image.plan and not change.body.get("plan"):
        raise ArmError(
            400,
            "VMMarketplaceInvalidInput",
            "Creating a virtual machine from Marketplace image or a custom image sourced from a Marketplace image "
            f"requires Plan information in the request. VM: '{change.id}'.",
        )


def _own_image(change: ResourceWrite, target: str, disk: JsonObject) -> Source:
    """A managed image, a gallery image (its newest version), or a version of one."""
    parsed = parse_id(target)
    found = change.cloud.get(target)
    is_ours = parsed is not None and (parsed.subscription or "").lower() == change.cloud.subscription_id
    if parsed is None or (is_ours and found is None):
        raise ArmError(
            404,
            "ImageNotFound",
            f"The image '{target}' cannot be found in '{change.location}' region.",
            target="imageReference",
        )
    if found is None:
        return _by_system(change, disk)
    definition = _definition(change, found)
    system = (
        read(found.body, "properties.storageProfile.osDisk.osType")
        or definition.properties.get("osType")
        or disk.get("osType")
    )
    guessed = _by_system(change, disk)
    size = read(found.body, "properties.storageProfile.osDisk.diskSizeGB")
    usual = DISK_SIZE_GB.get(str(system or guessed.system), 30)
    return Source(
        system=str(system or guessed.system),
        size_gb=int(size) if isinstance(size, int | float | str) and size else usual,
        generation=str(definition.properties.get("hyperVGeneration") or "V1"),
        architecture=str(definition.properties.get("architecture") or "x64"),
        specialized=str(definition.properties.get("osState", "")).lower() == "specialized",
    )


def _definition(change: ResourceWrite, image: Resource) -> Resource:
    """Of a gallery's image version, the image; any other is its own."""
    if not image.type.lower().endswith("/versions") or image.parsed.parent is None:
        return image
    return change.cloud.get(str(image.parsed.parent)) or image


def _by_system(change: ResourceWrite, disk: JsonObject) -> Source:
    """An image that lies elsewhere: its system is what the request says it is."""
    profile: JsonObject = change.properties.get("osProfile") or {}
    guess = "Windows" if "windowsConfiguration" in profile else "Linux"
    system = str(disk.get("osType") or guess)
    return Source(system=system, size_gb=DISK_SIZE_GB.get(system, 30))


def check_fit(change: ResourceWrite, source: Source, size: Size) -> None:
    """Size, image and security settings have to go together."""
    if not source.specialized and size.architecture != source.architecture:
        raise ArmError(
            400,
            "BadRequest",
            f"Cannot create a VM of size '{size.name}' because this VM size only supports a CPU Architecture of "
            f"'{size.architecture}', but an image or disk with CPU Architecture '{source.architecture}' was given. "
            "Please make sure your Architecture values are compatible.",
        )
    if source.generation not in size.generations.split(","):
        raise ArmError(
            400,
            "BadRequest",
            f"The selected VM size '{size.name}' cannot boot Hypervisor Generation '{source.generation[1:]}'. If "
            "this was a Create operation please check that the Hypervisor Generation of the Image matches the "
            "Hypervisor Generation of the selected VM Size.",
        )
    security = str(read(change.body, "properties.securityProfile.securityType") or "")
    if security == "TrustedLaunch" and source.generation == "V1":
        raise ArmError(
            400,
            "BadRequest",
            "Use of TrustedLaunch setting is not supported for the provided image. Please select Trusted Launch "
            "Supported Gen2 OS Image. For more information, see https://aka.ms/TrustedLaunch-FAQ.",
        )
    encryption = "properties.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType"
    if security == "ConfidentialVM" and not read(change.body, encryption):
        raise ArmError(
            400,
            "BadRequest",
            "Required parameter for Confidential VMs 'managedDisk.securityProfile.securityEncryptionType' is missing "
            "(null).",
        )
    asked = read(change.body, "properties.storageProfile.osDisk.diskSizeGB")
    if isinstance(asked, int) and asked < source.size_gb:
        raise invalid(
            f"The specified disk size {asked} GB is smaller than the size of the corresponding disk in the VM image: "
            f"{source.size_gb} GB. This is not allowed. Please choose equal or greater size or do not specify an "
            "explicit size.",
            "osDisk.diskSizeGB",
        )

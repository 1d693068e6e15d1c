"""Where a virtual machine runs: its size, zone, availability set, and the quota of cores.

Messages: sizes as in sassoftware/viya4-iac-azure#116 and MicrosoftDocs/azure-docs-cli#599, zones as in
kubernetes-sigs/cluster-api-provider-azure#294, the quota as recorded (error_bodies of the recordings; deallocated
machines count: "Azure VM quotas"), sets as documented in "Troubleshoot deploying virtual machines".
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...protocol.json_paths import read, write
from ._shared import MACHINE, invalid, missing, not_allowed
from ._size_table import Size, cores_of, find_size, sizes, zones_of

SIZE = "properties.hardwareProfile.vmSize"


def check(change: ResourceWrite) -> Size:
    """Refuse a place that there is not; the machine's size otherwise."""
    before = read(change.before.body, SIZE) if change.before is not None else None
    if read(change.body, SIZE) is None and before is not None:
        write(change.body, SIZE, before)
    name = read(change.body, SIZE)
    if not name:
        raise missing("vmSize")
    size = find_size(str(name))
    if size is None:
        listed = ",".join(each.name for each in sizes().values())
        raise invalid(
            f"The value {name} provided for the VM size is not valid. The valid sizes in the current region are: "
            f"{listed}.\r\nFind out more on the available VM sizes in each region at https://aka.ms/azure-regions.",
            "vmSize",
        )
    if before is None or str(before).lower() != size.name.lower():
        _check_restricted(change, size)
        _check_quota(change, size)
    _check_zones(change)
    _check_set(change)
    return size


def is_restricted(cloud: Cloud, size: str, location: str) -> bool:
    """Whether the settings say that a size is not to be had in a region."""
    restricted = {entry.lower() for entry in cloud.settings.restricted_sizes}
    return size.lower() in restricted or f"{location}/{size}".lower() in restricted


def restricted_zones(cloud: Cloud, size: str, location: str) -> list[str]:
    """The zones of a region in which the settings say that a size is not to be had."""
    restricted = {entry.lower() for entry in cloud.settings.restricted_sizes}
    return [zone for zone in zones_of(location) if f"{location}/{size}/{zone}".lower() in restricted]


def _check_restricted(change: ResourceWrite, size: Size) -> None:
    closed = set(change.body.get("zones") or ()) & set(restricted_zones(change.cloud, size.name, change.location))
    if closed or is_restricted(change.cloud, size.name, change.location):
        zones = ",".join(change.body.get("zones") or ())
        raise ArmError(
            409,
            "SkuNotAvailable",
            f"The requested size for resource '{change.id}' is currently not available in location "
            f"'{change.location}' zones '{zones}' for subscription '{change.cloud.subscription_id}'. Please try "
            "another size or deploy to a different location or zones. See https://aka.ms/azureskunotavailable for "
            "details.",
        )


def cores_in_use(cloud: Cloud, location: str, *, without: str = "") -> int:
    """The cores of all machines in a region, deallocated ones too."""
    machines = cloud.resources.of_type(MACHINE)
    return sum(
        cores_of(read(machine.body, SIZE))
        for machine in machines
        if machine.body.get("location") == location and machine.key != without
    )


def _check_quota(change: ResourceWrite, size: Size) -> None:
    limit = change.cloud.settings.core_quota
    if limit is None:
        return
    used = cores_in_use(change.cloud, change.location)
    own = cores_of(read(change.before.body, SIZE)) if change.before is not None else 0
    if size.cores > own and used - own + size.cores > limit:
        raise not_allowed(
            f"Operation results in exceeding quota limits of Core. Maximum allowed: {limit}, Current in use: {used}, "
            f"Additional requested: {size.cores - own}."
        )


def _check_zones(change: ResourceWrite) -> None:
    zones: list[object] = change.body.get("zones") or []
    if not zones:
        return
    supported = zones_of(change.location)
    if not supported:
        raise ArmError(
            400,
            "ResourceTypeNotSupportAvailabilityZones",
            "The resource type 'virtualMachines' does not support availability zones at location "
            f"'{change.location}' and api-version '{change.api_version}'.",
        )
    asked = [str(zone) for zone in zones]
    if len(asked) > 1:
        raise ArmError(400, "BadRequest", f"The virtual machine '{change.name}' can be in one availability zone only.")
    if asked[0] not in supported:
        raise ArmError(
            400,
            "InvalidAvailabilityZone",
            f"The zone(s) '{','.join(asked)}' for resource '{MACHINE}/{change.name}' is not supported. The supported "
            f"zones for location '{change.location}' are '{','.join(supported)}'",
        )


def _check_set(change: ResourceWrite) -> None:
    target = read(change.body, "properties.availabilitySet.id")
    found = change.cloud.get(str(target)) if target is not None else None
    if found is None:
        return
    if change.body.get("zones"):
        raise ArmError(400, "BadRequest", "A virtual machine in an availability set cannot be in an availability zone.")
    if found.body.get("location") != change.location:
        raise ArmError(
            400,
            "BadRequest",
            f"The availability set '{found.id}' is in location '{found.body.get('location')}', the virtual machine "
            f"in '{change.location}'.",
        )
    if str(read(found.body, "sku.name")).lower() != "aligned":
        raise not_allowed(
            "Addition of a VM with managed disks to non-managed Availability Set or addition of a VM with blob "
            "based disks to managed Availability Set is not supported. Please create an Availability Set with "
            "'managed' property set in order to add a VM with managed disks to it."
        )

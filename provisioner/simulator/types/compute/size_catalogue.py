"""Sizes of machines, resource SKUs, and what of the quota is used.

REST reference "Virtual Machine Sizes - List", "Resource Skus - List", "Usage - List", 2024-07-01. The SKUs of all
regions come in pages; `$filter=location eq 'x'` is what Azure takes and what clients send. A size that the settings
restrict has its restriction here too (`NotAvailableForSubscription`), for the region or some of its zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ...arm.body_checks import normal_location, regions
from ...arm.cloud import Cloud
from ...arm.paging import page
from ...arm.stored import require
from ...description.hooks import Route
from ...errors import ArmError
from ...json_values import Json
from ...protocol.arm_path import ResourceId
from ...protocol.json_paths import read
from ...protocol.wire import Request, Response
from ._machine_placement import SIZE, cores_in_use, is_restricted, restricted_zones
from ._shared import MACHINE, SET
from ._size_table import Size, find_size, sizes, zones_of

OS_DISK_MB = 1_047_552
PROVIDER = "/subscriptions/{subscription}/providers/Microsoft.Compute"
IN_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute"
DISK_SKUS = ("Standard_LRS", "StandardSSD_LRS", "StandardSSD_ZRS", "Premium_LRS", "Premium_ZRS", "PremiumV2_LRS")
NO_QUOTA = 100_000
"""What is said to be the limit when the settings know none."""
FILTER = re.compile(r"\s*location\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


def _row(size: Size) -> Json:
    return {
        "name": size.name,
        "numberOfCores": size.cores,
        "osDiskSizeInMB": OS_DISK_MB,
        "resourceDiskSizeInMB": int(size.temporary_gb * 1024),
        "memoryInMB": int(size.memory_gb * 1024),
        "maxDataDiskCount": size.data_disks,
    }


def _sizes(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    location = normal_location(names["location"])
    if location not in regions():
        raise ArmError(
            400, "NoRegisteredProviderFound", f"No registered resource provider found for location '{location}'."
        )
    return Response(200, {"value": [_row(size) for size in sizes().values()]})


def _sizes_of_machine(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    """To which sizes a machine, or the machines of a set, can be resized: all of them here."""
    word = "virtualMachines" if "virtualmachines" in request.path.lower() else "availabilitySets"
    type_ = cloud.registry.get(MACHINE if word == "virtualMachines" else SET)
    assert type_ is not None
    scope = f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}"
    require(cloud, type_, ResourceId(scope, "Microsoft.Compute", (word,), (names["name"],)))
    return Response(200, {"value": [_row(size) for size in sizes().values()]})


def _skus(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    found = FILTER.fullmatch(request.query.get("$filter", ""))
    if request.query.get("$filter") and found is None:
        raise ArmError(400, "InvalidFilter", "The filter of resource SKUs is of the form location eq 'westus2'.")
    locations = [normal_location(found.group(1))] if found is not None else sorted(regions())
    entries = list(enumerate(_all_skus(cloud, locations)))
    return page(request, entries, lambda entry: entry[1], cloud.settings.page_size, lambda entry: entry[0])


def _all_skus(cloud: Cloud, locations: Iterable[str]) -> Iterator[Json]:
    for location in locations:
        if location not in regions():
            continue
        for name in ("Classic", "Aligned"):
            most = [{"name": "MaximumPlatformFaultDomainCount", "value": "3"}]
            yield _sku("availabilitySets", name, location, {}, most)
        for name in DISK_SKUS:
            yield _sku("disks", name, location, {"tier": name.partition("_")[0]}, [])
        for size in sizes().values():
            yield _size_sku(cloud, size, location)


def _sku(kind: str, name: str, location: str, more: Json, capabilities: list[Json]) -> Json:
    return {
        "resourceType": kind,
        "name": name,
        **more,
        "locations": [location],
        "locationInfo": [{"location": location, "zones": list(zones_of(location)), "zoneDetails": []}],
        "capabilities": capabilities,
        "restrictions": [],
    }


def _size_sku(cloud: Cloud, size: Size, location: str) -> Json:
    tier, _, short = size.name.partition("_")
    capabilities = {
        "MaxResourceVolumeMB": int(size.temporary_gb * 1024),
        "OSVhdSizeMB": OS_DISK_MB,
        "vCPUs": size.cores,
        "MemoryPreservingMaintenanceSupported": True,
        "HyperVGenerations": size.generations,
        "MemoryGB": f"{size.memory_gb:g}",
        "MaxDataDiskCount": size.data_disks,
        "CpuArchitectureType": size.architecture,
        "LowPriorityCapable": size.cores > 1,
        "PremiumIO": size.premium,
        "VMDeploymentTypes": "IaaS",
        "vCPUsAvailable": size.cores,
        "AcceleratedNetworkingEnabled": size.cores > 1,
        "EncryptionAtHostSupported": size.premium,
        "MaxNetworkInterfaces": size.interfaces,
    }
    listed = [{"name": name, "value": str(value)} for name, value in capabilities.items()]
    sku = _sku("virtualMachines", size.name, location, {"tier": tier, "size": short, "family": size.family}, listed)
    closed = restricted_zones(cloud, size.name, location)
    if is_restricted(cloud, size.name, location):
        sku["restrictions"].append(_restriction("Location", location, {"locations": [location]}))
        closed = list(zones_of(location))
    if closed:
        sku["restrictions"].append(_restriction("Zone", location, {"locations": [location], "zones": closed}))
    return sku


def _restriction(kind: str, location: str, info: Json) -> Json:
    return {
        "type": kind,
        "values": [location],
        "restrictionInfo": info,
        "reasonCode": "NotAvailableForSubscription",
    }


def _usages(request: Request, cloud: Cloud, names: Mapping[str, str]) -> Response:
    cloud.require_subscription(names["subscription"])
    location = normal_location(names["location"])
    machines = [each for each in cloud.resources.of_type(MACHINE) if each.body.get("location") == location]
    sets = [each for each in cloud.resources.of_type(SET) if each.body.get("location") == location]
    families: dict[str, int] = dict.fromkeys(sorted({size.family for size in sizes().values()}), 0)
    for machine in machines:
        size = find_size(str(read(machine.body, SIZE)))
        if size is not None:
            families[size.family] += size.cores
    limit = cloud.settings.core_quota if cloud.settings.core_quota is not None else NO_QUOTA
    rows = [
        _usage("availabilitySets", "Availability Sets", len(sets), 2_500),
        _usage("cores", "Total Regional vCPUs", cores_in_use(cloud, location), limit),
        _usage("virtualMachines", "Virtual Machines", len(machines), 25_000),
        *(_usage(family, f"{family} vCPUs", used, limit) for family, used in families.items()),
    ]
    return Response(200, {"value": rows})


def _usage(value: str, shown: str, used: int, limit: int) -> Json:
    return {
        "limit": limit,
        "unit": "Count",
        "currentValue": used,
        "name": {"value": value, "localizedValue": shown},
    }


ROUTES = (
    Route(method="GET", pattern=f"{PROVIDER}/locations/{{location}}/vmSizes", answer=_sizes),
    Route(method="GET", pattern=f"{IN_GROUP}/virtualMachines/{{name}}/vmSizes", answer=_sizes_of_machine),
    Route(method="GET", pattern=f"{IN_GROUP}/availabilitySets/{{name}}/vmSizes", answer=_sizes_of_machine),
    Route(method="GET", pattern=f"{PROVIDER}/skus", answer=_skus),
    Route(method="GET", pattern=f"{PROVIDER}/locations/{{location}}/usages", answer=_usages),
)

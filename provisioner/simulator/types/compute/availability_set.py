"""Microsoft.Compute/availabilitySets: REST reference "Availability Sets", 2024-07-01.

Every write is synchronous and answered 200 (56 of 56 recorded); a GET shows the machines, an empty list included. A set
of the SKU `Aligned` takes machines with managed disks. Defaults and limits: REST reference and "Manage availability";
what may not change: terraform_forcenew of the recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...arm.cloud import Cloud
from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...protocol.wire import Request
from ...resource_type import Immutable, NameRule, ResourceType
from ...state.resources import Resource
from ._shared import SET, invalid, not_allowed

Json = dict[str, Any]
FAULT_DOMAINS, UPDATE_DOMAINS = 3, 20


def validate(change: ResourceWrite) -> None:
    for name, most, word in (
        ("platformFaultDomainCount", FAULT_DOMAINS, "fault"),
        ("platformUpdateDomainCount", UPDATE_DOMAINS, "update"),
    ):
        count = change.properties.get(name)
        if count is not None and not 1 <= int(count) <= most:
            raise invalid(f"The specified {word} domain count {count} must fall in the range 1 to {most}.", name)


def render(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    if request.method == "GET":
        body["properties"].setdefault("virtualMachines", [])


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    return not_allowed(
        f"Availability Set '{resource.name}' cannot be deleted. Before deleting an Availability Set please ensure "
        "that it does not contain any VM."
    )


TYPES = (
    ResourceType(
        type=SET,
        name=NameRule(pattern=r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?", longest=80),
        model="azure.mgmt.compute.models:AvailabilitySet",
        style="compute",
        create_status=200,
        patch="merge",
        defaults={
            "sku.name": "Classic",
            "properties.platformUpdateDomainCount": 5,
            "properties.platformFaultDomainCount": 3,
        },
        immutable=(
            Immutable(path="properties.platformUpdateDomainCount"),
            Immutable(path="properties.platformFaultDomainCount"),
            Immutable(path="sku.name"),
        ),
        validate=validate,
        render=render,
        in_use=in_use,
    ),
)

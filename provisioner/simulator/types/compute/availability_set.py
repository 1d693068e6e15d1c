"""Microsoft.Compute/availabilitySets: REST reference "Availability Sets", 2024-07-01.

Every write is synchronous and answered 200 (56 of 56 recorded); a GET shows the machines, an empty list included. A set
of the SKU `Aligned` takes machines with managed disks. Defaults and limits: REST reference and "Manage availability";
what may not change: terraform_forcenew of the recordings.
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
from ...errors import ArmError
from ...json_values import Json
from ...protocol.wire import Request
from ...state.resources import Resource
from ._shared import ANSWERS, SET, invalid, not_allowed

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
        body=Body(
            model="azure.mgmt.compute.models:AvailabilitySet",
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
        ),
        answers=replace(ANSWERS, create_status=200),
        on_write=WriteHooks(validate=validate),
        on_read=ReadHooks(render=render),
        on_delete=DeleteHooks(in_use=in_use),
    ),
)

"""Microsoft.Network/routeTables and their routes: REST reference "Route Tables", 2024-05-01 and later.

Filled: disableBgpRoutePropagation false, hasBgpOverride false; a PUT that leaves `routes` out drops them; a PATCH
replaces the tags at once (recorded). A delete is refused while subnets use it ("Route table X is in use and cannot be
deleted", Azure/azure-xplat-cli#2867).
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.placement import Containment
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...state.resources import Resource
from ._shared import ANSWERS, NETWORK_NAME, PART, add_resource_guid, network_error, parse_prefix

TYPE = "Microsoft.Network/routeTables"
SERVICE_TAG_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
WITH_ADDRESS = ("VirtualAppliance",)


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    return network_error(
        "InUseRouteTableCannotBeDeleted", f"Route table {resource.name} is in use and cannot be deleted."
    )


def validate_route(change: ResourceWrite) -> None:
    properties = change.properties
    for name in ("addressPrefix", "nextHopType"):
        if not properties.get(name):
            raise ArmError(
                400,
                "InvalidRequestFormat",
                "Cannot parse the request.",
                details=[{"code": "MissingJsonProperty", "message": f"Required property '{name}' not found in JSON."}],
            )
    prefix = str(properties["addressPrefix"])
    if not _is_service_tag(prefix):
        parse_prefix(prefix, change.id)
    with_address = properties["nextHopType"] in WITH_ADDRESS
    if with_address != bool(properties.get("nextHopIpAddress")):
        wanted = "must" if with_address else "cannot"
        raise network_error(
            "InvalidNextHopIpAddress",
            f"Route {change.name} with next hop type {properties['nextHopType']} {wanted} specify a next hop address.",
        )
    for other in change.siblings.values():
        if str((other.get("properties") or {}).get("addressPrefix")).lower() == prefix.lower():
            raise network_error(
                "RouteConflict", f"Routes {change.name} and {other.get('name')} have the same address prefix {prefix}."
            )


def _is_service_tag(prefix: str) -> bool:
    """A route's prefix may be a service tag ("Virtual network traffic routing")."""
    return prefix[:1].isalpha() and "/" not in prefix and ":" not in prefix and set(prefix) <= SERVICE_TAG_CHARACTERS


def fill_route(change: ResourceWrite) -> None:
    change.properties.setdefault("hasBgpOverride", False)


TYPES = (
    ResourceType(
        type=TYPE,
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:RouteTable",
            defaults={"properties.disableBgpRoutePropagation": False},
        ),
        answers=ANSWERS,
        on_write=WriteHooks(fill=add_resource_guid),
        on_delete=DeleteHooks(in_use=in_use),
    ),
    PART(
        type=f"{TYPE}/routes",
        body=Body(
            model="azure.mgmt.network.models:Route",
        ),
        containment=Containment(
            embedded_in="properties.routes",
        ),
        on_write=WriteHooks(validate=validate_route, fill=fill_route),
    ),
)

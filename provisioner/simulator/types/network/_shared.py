"""What the types of Microsoft.Network have in common.

In: a change. Out: the values that the network provider adds to any of its resources, and its refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network

from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.answers import Answers, LongRunning
from ...description.body import Immutable, Reference
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...protocol.arm_path import ResourceId, group_id, parse_id, parse_path
from ...protocol.json_paths import entries_at, find
from ._refusals import NetworkRefusals

Network = IPv4Network | IPv6Network
NAME_PATTERN = r"[A-Za-z0-9]([\w.-]*\w)?"
NETWORK_NAME = NameRule(pattern=NAME_PATTERN, longest=80)
"""1-80, alphanumerics, underscores, periods, hyphens; "Naming rules and restrictions for Azure resources"."""
NETWORK = LongRunning(body="network", update_retry_after_s=3)
"""The network provider: 201/200 Updating with Azure-AsyncOperation, DELETE 202 with Location too (lro matrix)."""
ANSWERS = Answers(refusals=NetworkRefusals(), etag="weak", long_running=NETWORK)
PART = partial(
    ResourceType, name=NETWORK_NAME, placement=Placement(tracked=False), answers=replace(ANSWERS, patch=None)
)
"""A type that lives in its parent's body and has an address of its own (subnets, rules, pools)."""
RegionalReference = partial(Reference, same_region=True)
"""What network resources name is in their own region."""
ZONES_STAY = Immutable(
    path="zones",
    status=400,
    code="ResourceAvailabilityZonesCannotBeModified",
    message="Resource {id} has an existing availability zone constraint and the request has another one, which do not "
    "match. Zones cannot be added/updated/removed once the resource is created. The resource cannot be updated from "
    "regional to zonal or vice-versa.",
    keep_if_omitted=False,
)


def network_error(code: str, message: str, status: int = 400) -> ArmError:
    """An error in the network provider's shape: always with an (empty) list of details."""
    return ArmError(status, code, message, details=[])


def check_part_names(change: ResourceWrite) -> None:
    """Every part of a resource has a name, and a list no name twice."""
    for path in change.type.body.parts:
        seen: set[str] = set()
        for entry in entries_at(change.body, path):
            name = str(entry.get("name") or "")
            if not name:
                details = [{"code": "MissingJsonProperty", "message": "Required property 'name' not found in JSON."}]
                raise ArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details=details)
            if name.lower() in seen:
                raise network_error(
                    "DuplicateResourceName",
                    f"Resource {change.id} has two child resources with the same name ({name}).",
                )
            seen.add(name.lower())


def upper_case_not_found(change: ResourceWrite, target: str) -> ArmError:
    """A missing reference as NAT gateways report it: 404, names in upper case (recorded)."""
    parsed = parse_id(target)
    path = parse_path(target)
    if parsed is None or path.group is None:
        return network_error("NotFound", f"Resource {target} not found.", 404)
    scope = group_id(path.subscription or "", path.group.upper())
    names = ResourceId(scope, parsed.namespace, parsed.types, tuple(name.upper() for name in parsed.names))
    return network_error("NotFound", f"Resource {names} not found.", 404)


def check_settled(change: ResourceWrite, paths: Sequence[str]) -> None:
    """Refuse references to resources that are still being written or deleted.

    429 RetryableError with ReferencedResourceNotProvisioned inside: hashicorp/terraform#7986 and
    hashicorp/terraform-provider-azurerm#30197.
    """
    for path in paths:
        for found in find(change.body, path):
            target = change.cloud.get(str(found.target))
            state = target.properties.get("provisioningState") if target is not None else None
            if target is None or state not in ("Updating", "Deleting"):
                continue
            operation = f"{'Delete' if state == 'Deleting' else 'Put'}{_singular(target.type)}Operation"
            message = (
                f"Cannot proceed with operation because resource {target.id} used by resource {change.id} is not in "
                f"Succeeded state. Resource is in {state} state and the last operation that updated/is updating the "
                f"resource is {operation}."
            )
            details = [{"code": "ReferencedResourceNotProvisioned", "message": message}]
            raise ArmError(429, "RetryableError", "A retryable error occurred.", details=details)


def _singular(type_: str) -> str:
    word = type_.rpartition("/")[2]
    word = word[:-2] if word.endswith("sses") else word.removesuffix("s")
    return word[0].upper() + word[1:]


def check_free(change: ResourceWrite, path: str) -> None:
    """A public IP address serves one thing: microsoft/azure-tools-for-java#91."""
    seen: set[str] = set()
    for found in find(change.body, path):
        target = str(found.target)
        holder = found.holder_id or change.id
        others = [
            link.holder_id
            for link in change.cloud.links.to(target)
            if link.source != change.key and link.reference.blocks_delete
        ]
        if target.lower() in seen:
            others.append(change.id)
        seen.add(target.lower())
        if others:
            kind = "IP configuration" if found.holder_id else "Resource"
            raise network_error(
                "PublicIPAddressInUse",
                f"{kind} {holder} is referencing public IP address {target} that is already allocated to resource "
                f"{others[0]}.",
            )


def add_resource_guid(change: ResourceWrite) -> None:
    """`resourceGuid`, once and for all (server-filled in every recorded network resource)."""
    change.properties.setdefault("resourceGuid", change.cloud.new_guid())


def parse_prefix(text: object, where: str) -> Network:
    """A CIDR without host bits, or the provider's refusal."""
    try:
        return ip_network(str(text), strict=True)
    except ValueError:
        raise network_error(
            "InvalidAddressPrefixFormat", f"Address prefix {text} of resource {where} is not formatted correctly. "
            "It should follow CIDR notation, for example 10.0.0.0/24."
        ) from None  # fmt: skip


def overlap(one: Network, other: Network) -> bool:
    """Whether two networks share addresses; different IP versions never do."""
    return one.version == other.version and one.overlaps(other)


def inside(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def listed(links: Sequence[Link]) -> str:
    """The IDs of those who still use a resource, as the provider lists them."""
    return ", ".join(dict.fromkeys(link.holder_id for link in links))

"""Microsoft.Network/virtualNetworks and their subnets: REST reference, 2024-05-01 and later.

Subnets live in the network's body and are addressable on their own. A PUT of the network that leaves `subnets`
out drops them before API 2023-09-01 and keeps them from then on (announced by Microsoft). Address checks:
NetcfgSubnetRangesOverlap and NetcfgSubnetRangeOutsideVnet (MicrosoftDocs/azure-docs#123869). Delete of a subnet
in use, or of its network: InUseSubnetCannotBeDeleted (recorded).
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.names import NameRule
from ...description.placement import Containment
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...json_values import Json
from ...protocol.json_paths import read
from ...state.resources import Resource
from ._shared import (
    ANSWERS,
    NETWORK_NAME,
    PART,
    Network,
    RegionalReference,
    add_resource_guid,
    check_settled,
    inside,
    network_error,
    overlap,
    parse_prefix,
)

TYPE = "Microsoft.Network/virtualNetworks"
SUBNETS_KEPT_FROM = "2023-09-01"
NO_OUTBOUND_FROM = "2025-07-01"
# "How small and how large can virtual networks and subnets be?" (Azure Virtual Network FAQ).
SMALLEST_IPV4_SUBNET, ONLY_IPV6_SUBNET = 29, 64


def validate_network(change: ResourceWrite) -> None:
    prefixes = address_space(change.body)
    if not prefixes and not read(change.body, "properties.addressSpace.ipamPoolPrefixAllocations"):
        raise network_error(
            "InvalidRequestFormat", f"Virtual network {change.id} must have at least one address prefix."
        )
    networks = [parse_prefix(prefix, change.id) for prefix in prefixes]
    for position, one in enumerate(networks):
        for other in networks[position + 1 :]:
            if overlap(one, other):
                raise network_error(
                    "NetcfgInvalidVirtualNetworkAddressSpaceOverlap",
                    f"Address prefixes {one} and {other} of virtual network {change.name} overlap.",
                )


def fill_network(change: ResourceWrite) -> None:
    add_resource_guid(change)
    change.properties.setdefault("virtualNetworkPeerings", [])
    change.properties.setdefault("enableDdosProtection", False)


def address_space(body: Json) -> list[str]:
    prefixes = read(body, "properties.addressSpace.addressPrefixes")
    return [str(prefix) for prefix in prefixes] if isinstance(prefixes, list) else []


def subnet_prefixes(body: Json) -> list[str]:
    """A subnet's prefixes, however they were given."""
    properties = body.get("properties") or {}
    single = properties.get("addressPrefix")
    return [single] if single else list(properties.get("addressPrefixes") or ())


def validate_subnet(change: ResourceWrite) -> None:
    prefixes = subnet_prefixes(change.body)
    if not prefixes:
        if change.properties.get("ipamPoolPrefixAllocations"):
            return
        raise network_error("SubnetMissingRequiredAddressPrefix", f"Subnet {change.name} must have an address prefix.")
    check_settled(change, ("properties.networkSecurityGroup", "properties.natGateway", "properties.routeTable"))
    network_name = change.parsed.names[0]
    ranges = [parse_prefix(prefix, change.id) for prefix in prefixes]
    outer = [parse_prefix(prefix, change.id) for prefix in address_space(change.parent or {})]
    for own in ranges:
        _check_size(own, change.name, network_name)
        if not any(inside(own, space) for space in outer):
            raise network_error(
                "NetcfgSubnetRangeOutsideVnet",
                f"Subnet '{change.name}' is not valid because its IP address range is outside the IP address range of "
                f"virtual network '{network_name}'.",
            )
        for sibling in change.siblings.values():
            if any(overlap(own, parse_prefix(theirs, change.id)) for theirs in subnet_prefixes(sibling)):
                raise network_error(
                    "NetcfgSubnetRangesOverlap",
                    f"Subnet '{change.name}' is not valid because its IP address range overlaps with that of an "
                    f"existing subnet in virtual network '{network_name}'.",
                )
    _check_range_in_use(change)
    _check_gateway(change)


def _check_gateway(change: ResourceWrite) -> None:
    """A NAT gateway serves one network (microsoft/azure_arc#3288; the sentence is our own)."""
    gateway = str((change.properties.get("natGateway") or {}).get("id", "")).lower()
    network = change.key.rpartition("/subnets/")[0]
    for link in change.cloud.links.to(gateway) if gateway else ():
        if "/subnets/" in link.source and link.source.rpartition("/subnets/")[0] != network:
            raise network_error(
                "NatGatewayCannotBeUsedBySubnetsBelongingToDifferentVirtualNetworks",
                f"NAT gateway {gateway} cannot be used by subnet {change.id}: it serves {link.source} already.",
            )


def _check_size(own: Network, name: str, network_name: str) -> None:
    too_small = own.prefixlen > SMALLEST_IPV4_SUBNET if own.version == 4 else own.prefixlen != ONLY_IPV6_SUBNET
    if too_small:
        raise network_error("NetcfgInvalidSubnet", f"Subnet '{name}' is not valid in virtual network '{network_name}'.")


def _check_range_in_use(change: ResourceWrite) -> None:
    """The range of a subnet with something in it cannot be changed."""
    if change.before is None or subnet_prefixes(change.before.body) == subnet_prefixes(change.body):
        return
    links = [link for link in change.cloud.links.to(change.key) if link.reference.blocks_delete]
    if links:
        raise network_error(
            "InUsePrefixCannotBeDeleted",
            f"IpPrefix {subnet_prefixes(change.before.body)[0]} on Subnet {change.name} has active allocations and "
            "cannot be deleted.",
        )


def fill_subnet(change: ResourceWrite) -> None:
    properties = change.properties
    properties.setdefault("delegations", [])
    for delegation in properties["delegations"]:
        delegation["id"] = f"{change.id}/delegations/{delegation.get('name')}"
        delegation["type"] = f"{TYPE}/subnets/delegations"
        delegation.setdefault("properties", {}).setdefault("actions", [])
    properties.setdefault("privateEndpointNetworkPolicies", "Disabled")
    properties.setdefault("privateLinkServiceNetworkPolicies", "Enabled")
    if change.before is None and change.api_version >= NO_OUTBOUND_FROM:
        properties.setdefault("defaultOutboundAccess", False)


def subnet_in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    return network_error(
        "InUseSubnetCannotBeDeleted",
        f"Subnet {resource.name} is in use by {links[0].holder_id} and cannot be deleted. In order to delete the "
        "subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
    )


def keeps_subnets(api_version: str) -> bool:
    return api_version >= SUBNETS_KEPT_FROM


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(pattern=NETWORK_NAME.pattern, shortest=2, longest=64),
        body=Body(
            model="azure.mgmt.network.models:VirtualNetwork",
        ),
        answers=ANSWERS,
        on_write=WriteHooks(validate=validate_network, fill=fill_network),
    ),
    PART(
        type=f"{TYPE}/subnets",
        body=Body(
            model="azure.mgmt.network.models:Subnet",
            references=(
                RegionalReference(
                    path="properties.networkSecurityGroup",
                    type="Microsoft.Network/networkSecurityGroups",
                    back="properties.subnets",
                    back_many=True,
                ),
                RegionalReference(
                    path="properties.routeTable",
                    type="Microsoft.Network/routeTables",
                    back="properties.subnets",
                    back_many=True,
                ),
                RegionalReference(
                    path="properties.natGateway",
                    type="Microsoft.Network/natGateways",
                    back="properties.subnets",
                    back_many=True,
                ),
            ),
        ),
        containment=Containment(
            embedded_in="properties.subnets",
            keep_if_parent_omits=keeps_subnets,
        ),
        on_write=WriteHooks(validate=validate_subnet, fill=fill_subnet),
        on_delete=DeleteHooks(in_use=subnet_in_use),
    ),
)

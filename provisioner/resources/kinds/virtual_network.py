"""Virtual network with its subnets. REST: https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks
(2025-07-01). A PUT replaces the list of subnets, so every write carries all of them, foreign ones included."""

from __future__ import annotations

from collections.abc import Callable
from typing import Required, TypedDict

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Operations, Ownership, Replacement, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import EVERYWHERE_READ_ONLY, compact, link, linked, part_name, place


class SubnetEntry(TypedDict, total=False):
    """A subnet of a spec; the schema requires its range."""

    name: str
    address_prefix: Required[str]
    security_group: str
    nat_gateway: str
    route_table: str
    default_outbound_access: bool
    service_endpoints: list[str]


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    properties: Body = {
        "addressSpace": {"addressPrefixes": list(data["address_space"])},
        # Always there: from 2023-09-01 a PUT that leaves the list out is announced to keep every subnet.
        "subnets": [_subnet(entry, key, subnet, context) for key, subnet in data.get("subnets", {}).items()],
    }
    if "dns_servers" in data:
        properties["dhcpOptions"] = {"dnsServers": list(data["dns_servers"])}
    return {**place(entry, context), "properties": properties}


def _subnet(entry: Entry, key: str, subnet: SubnetEntry, context: Context) -> Body:
    at = ("subnets", key)
    properties = compact(
        {
            "addressPrefix": subnet["address_prefix"],
            "networkSecurityGroup": link(entry, context, "network/security_groups", "security_group", *at),
            "natGateway": link(entry, context, "network/nat_gateways", "nat_gateway", *at),
            "routeTable": link(entry, context, "existing", "route_table", *at),
            "defaultOutboundAccess": subnet.get("default_outbound_access"),
        }
    )
    if "service_endpoints" in subnet:
        properties["serviceEndpoints"] = [{"service": name} for name in subnet["service_endpoints"]]
    return {"name": subnet.get("name") or part_name(key), "properties": properties}


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """A subnet's range stays in the plural property where somebody put it there (the portal does)."""
    present = {str(item["name"]).lower(): item for item in actual["properties"].get("subnets") or []}
    subnets = [_as_written(item, present.get(item["name"].lower())) for item in desired["properties"]["subnets"]]
    return {**desired, "properties": {**desired["properties"], "subnets": subnets}}


def _as_written(subnet: Body, actual: Body | None) -> Body:
    theirs = actual["properties"] if actual else {}
    if theirs.get("addressPrefix") or len(theirs.get("addressPrefixes") or []) != 1:
        return subnet
    properties = dict(subnet["properties"])
    properties["addressPrefixes"] = [properties.pop("addressPrefix")]
    return {**subnet, "properties": properties}


def entry(body: Body, find: Find) -> Body:
    properties = body["properties"]
    found = {item["name"]: _subnet_entry(item["properties"]) for item in properties.get("subnets") or []}
    subnets = {name: subnet for name, subnet in found.items() if subnet}
    return compact(
        {
            "address_space": list(properties["addressSpace"].get("addressPrefixes") or []),
            "subnets": subnets or None,
            "dns_servers": (properties.get("dhcpOptions") or {}).get("dnsServers") or None,
        }
    )


def _subnet_entry(properties: Body) -> Body | None:
    """Nothing for a subnet with several ranges, which a spec cannot give it."""
    ranges = [properties["addressPrefix"]] if properties.get("addressPrefix") else properties.get("addressPrefixes", [])
    if len(ranges) != 1:
        return None
    return compact(
        {
            "address_prefix": ranges[0],
            "security_group": linked("network/security_groups", properties.get("networkSecurityGroup")),
            "nat_gateway": linked("network/nat_gateways", properties.get("natGateway")),
            "route_table": linked("existing", properties.get("routeTable")),
            "service_endpoints": [item["service"] for item in properties.get("serviceEndpoints") or []] or None,
            "default_outbound_access": properties.get("defaultOutboundAccess") or None,
        }
    )


KIND = Kind(
    name="virtual_network",
    type="Microsoft.Network/virtualNetworks",
    schema=Schema(
        sections=("network/virtual_networks/*",),
        body=body,
        name_rule=(
            r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_]",
            "2 to 64 letters, digits, underscores, dots, hyphens",
        ),
        children={"subnets": "subnets"},
        referred_part="subnets",
    ),
    operations=Operations("network", "virtual_networks", etags=True),
    rules=Rules(
        immutable=("location",),
        read_only=(
            *EVERYWHERE_READ_ONLY, "properties.subnets[].etag", "properties.subnets[].id", "properties.subnets[].type",
            "properties.subnets[].properties.provisioningState", "properties.subnets[].properties.ipConfigurations",
            "properties.subnets[].properties.ipConfigurationProfiles", "properties.subnets[].properties.purpose",
            "properties.subnets[].properties.privateEndpoints",
            "properties.subnets[].properties.resourceNavigationLinks",
            "properties.subnets[].properties.serviceAssociationLinks", "properties.defaultPublicNatGateway",
            "properties.subnets[].properties.serviceEndpoints[].provisioningState",
            "properties.subnets[].properties.serviceEndpoints[].locations",
        ),
        list_keys={
            "properties.subnets": "name",
            "properties.subnets[].properties.serviceEndpoints": "service",
            "properties.subnets[].properties.delegations": "name",
        },
        unordered=("properties.addressSpace.addressPrefixes",),
        normalize_desired=normalize_desired,
        optional={
            "properties.dhcpOptions.dnsServers": GOES,
            "properties.subnets[].properties.networkSecurityGroup": GOES,
            "properties.subnets[].properties.natGateway": GOES,
            "properties.subnets[].properties.routeTable": GOES,
            "properties.subnets[].properties.serviceEndpoints": GOES,
            "properties.subnets[].properties.defaultOutboundAccess": GOES,
        },
    ),
    ownership=Ownership(
        parts=("properties.subnets",),
        part_names=lambda desired: [str(item["name"]) for item in desired["properties"].get("subnets", ())],
    ),
    replacement=Replacement(
        used_by=(
            "properties.subnets[].properties.ipConfigurations",  # refused with InUseSubnetCannotBeDeleted
            "properties.subnets[].properties.privateEndpoints",
        ),
    ),
    importing=Import(
        entry=entry,
        defaults={
            "properties.subnets[].properties.privateEndpointNetworkPolicies": ("Disabled", "Enabled"),
            "properties.subnets[].properties.privateLinkServiceNetworkPolicies": ("Enabled",),
            "properties.privateEndpointVNetPolicies": ("Disabled",),
            "properties.encryption.enforcement": ("AllowUnencrypted",),
        },
    ),
    timing=Timing(typical_s=4),
)  # fmt: skip

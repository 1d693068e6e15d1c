"""Microsoft.Network/natGateways: REST reference "Nat Gateways", 2024-05-01 and later.

201 Updating with Retry-After 10; sku Standard with tier Regional, idle timeout 4; a public IP that is not there: 404
NotFound with its names in upper case (all recorded). Public IPs are of the Standard SKU ("What is Azure NAT Gateway").
SKU and zones are fixed at creation. Delete with subnets: CannotDeleteNatGatewayAssociatedToSubnet
(Azure-Samples/Copilot-Studio-with-Azure-AI-Search#62).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...protocol.json_paths import find, read
from ...state.resources import Resource
from ._shared import (
    ANSWERS,
    NETWORK,
    NETWORK_NAME,
    ZONES_STAY,
    RegionalReference,
    add_resource_guid,
    check_free,
    check_settled,
    network_error,
    upper_case_not_found,
)

TYPE = "Microsoft.Network/natGateways"
ADDRESSES = "properties.publicIpAddresses[]"
SHORTEST_TIMEOUT_MIN, LONGEST_TIMEOUT_MIN = 4, 120
# "What is Azure NAT Gateway": up to 16 public IP addresses.
ADDRESSES_AT_MOST = 16


def validate(change: ResourceWrite) -> None:
    timeout = change.properties["idleTimeoutInMinutes"]
    if not SHORTEST_TIMEOUT_MIN <= timeout <= LONGEST_TIMEOUT_MIN:
        raise network_error(
            "InvalidIdleTimeout",
            f"Idle timeout {timeout} of NAT gateway {change.id} must be between {SHORTEST_TIMEOUT_MIN} and "
            f"{LONGEST_TIMEOUT_MIN} minutes.",
        )
    sku = str(read(change.body, "sku.name"))
    addresses = [str(found.target) for found in find(change.body, ADDRESSES)]
    if len(addresses) > ADDRESSES_AT_MOST:
        raise network_error(
            "NatGatewayPublicIpLimitReached",
            f"NAT gateway {change.id} cannot have more than {ADDRESSES_AT_MOST} public IP addresses.",
        )
    for address in addresses:
        _check_sku(change, address, sku)
    _check_zones(change)
    check_settled(change, (ADDRESSES,))
    check_free(change, ADDRESSES)


def _check_sku(change: ResourceWrite, address: str, sku: str) -> None:
    public_ip = change.cloud.get(address)
    theirs = read(public_ip.body, "sku.name") if public_ip is not None else None
    if theirs != sku:
        raise network_error(
            "NatGatewayAndPublicIpSkuMismatch",
            f"Public IP address {address} of SKU {theirs} cannot be used by NAT gateway {change.id} of SKU {sku}.",
        )


def _check_zones(change: ResourceWrite) -> None:
    """A gateway stands in one zone or in none ("NAT gateway and availability zones")."""
    if len(change.body.get("zones") or ()) > 1 and read(change.body, "sku.name") == "Standard":
        raise network_error(
            "ResourceCannotHaveMultipleZones",
            f"NAT gateway {change.id} has more than one zone; a resource of this SKU can be in one zone only.",
        )


def fill(change: ResourceWrite) -> None:
    add_resource_guid(change)
    change.body["sku"]["tier"] = "Regional"


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    count = len({link.holder_id for link in links})
    return network_error(
        "CannotDeleteNatGatewayAssociatedToSubnet",
        f"NAT Gateway {resource.id} is still configured on {count} subnets. Remove NAT Gateway "
        "from all referenced subnets and then delete NAT Gateway.",
    )


TYPES = (
    ResourceType(
        type=TYPE,
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:NatGateway",
            defaults={"sku.name": "Standard", "properties.idleTimeoutInMinutes": 4},
            immutable=(
                Immutable(
                    path="sku.name",
                    status=400,
                    code="NatGatewaySkuCannotBeChanged",
                    message="Sku of NAT gateway {id} cannot be changed.",
                ),
                ZONES_STAY,
            ),
            references=(
                RegionalReference(
                    path=ADDRESSES,
                    type="Microsoft.Network/publicIPAddresses",
                    back="properties.natGateway",
                    missing=upper_case_not_found,
                ),
                RegionalReference(
                    path="properties.publicIpPrefixes[]",
                    type="Microsoft.Network/publicIPPrefixes",
                    back="properties.natGateway",
                    missing=upper_case_not_found,
                ),
            ),
        ),
        answers=replace(ANSWERS, long_running=replace(NETWORK, create_retry_after_s=10, update_retry_after_s=10)),
        on_write=WriteHooks(validate=validate, fill=fill),
        on_delete=DeleteHooks(in_use=in_use),
    ),
)

"""NAT gateway. REST: https://learn.microsoft.com/rest/api/virtualnetwork/nat-gateways (2025-07-01)."""

from __future__ import annotations

from ...base.values import Body, Link
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Leaving, Operations, Replacement, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, numbers, place, unless


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    addresses = [
        {"id": context.ref("network/public_ips", value, "public_ips", index)}
        for index, value in enumerate(data["public_ips"])
    ]
    return {
        **place(entry, context),
        "sku": {"name": "Standard"},
        **({"zones": [data["zone"]]} if "zone" in data else {}),
        "properties": compact(
            {"publicIpAddresses": addresses, "idleTimeoutInMinutes": data.get("idle_timeout_minutes")}
        ),
    }


def entry(body: Body, find: Find) -> Body | str:
    addresses = body["properties"].get("publicIpAddresses") or []
    if not addresses:
        return "it has no dedicated public IP"
    if (body.get("sku") or {}).get("name", "").lower() != "standard":
        return "its SKU is not Standard"
    return compact(
        {
            "public_ips": [Link("network/public_ips", item["id"]) for item in addresses],
            "idle_timeout_minutes": unless(body["properties"].get("idleTimeoutInMinutes"), 4),
            "zone": next(iter(numbers(body.get("zones") or [])), None),
        }
    )


KIND = Kind(
    name="nat_gateway",
    type="Microsoft.Network/natGateways",
    schema=Schema(
        sections=("network/nat_gateways/*",),
        body=body,
        name_rule=NETWORK_NAME,
    ),
    operations=Operations("network", "nat_gateways", etags=True),
    rules=Rules(
        immutable=("location", "sku.name", "zones"),
        read_only=(*EVERYWHERE_READ_ONLY, "properties.subnets", "sku.tier"),
        list_keys={"properties.publicIpAddresses": "id"},
        case_insensitive=("sku.name",),
        optional={
            "zones": GOES,
            "properties.idleTimeoutInMinutes": Leaving(4),
            "properties.publicIpAddresses": GOES,
        },
    ),
    replacement=Replacement(
        used_by=("properties.subnets",),  # refused with InUseNatGatewayCannotBeDeleted
    ),
    importing=Import(entry=entry, defaults={"properties.idleTimeoutInMinutes": (4,)}),
    timing=Timing(typical_s=11),
)

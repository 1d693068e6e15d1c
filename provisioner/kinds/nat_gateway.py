"""NAT gateway. REST: https://learn.microsoft.com/rest/api/virtualnetwork/nat-gateways (2025-07-01)."""

from __future__ import annotations

from ..resource import Body, Context, Entry, Kind, Operations, Rules
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, place


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


KIND = Kind(
    name="nat_gateway",
    type="Microsoft.Network/natGateways",
    operations=Operations("network", "nat_gateways", etags=True),
    sections=("network/nat_gateways/*",),
    body=body,
    name_rule=NETWORK_NAME,
    rules=Rules(
        immutable=("location", "sku.name", "zones"),
        read_only=(*EVERYWHERE_READ_ONLY, "properties.subnets", "sku.tier"),
        keyed={"properties.publicIpAddresses": "id"},
        any_case=("sku.name",),
    ),
    typical_s=11,
)

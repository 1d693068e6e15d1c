"""Public IP address. REST: https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses (2025-07-01)."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import GOES, Import, Leaving, Operations, Output, Replacement, Rules, Schema, Timing
from ..kind import Kind, name_of
from . import network_interface
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, inherited, numbers, place, unless

_VERSIONS = {"ipv4": "IPv4", "ipv6": "IPv6"}


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    zone = inherited(entry, "zone")
    properties = compact(
        {
            "publicIPAllocationMethod": data.get("allocation", "static").capitalize(),
            "publicIPAddressVersion": _VERSIONS[data.get("version", "ipv4")],
            "idleTimeoutInMinutes": data.get("idle_timeout_minutes"),
            "dnsSettings": {"domainNameLabel": data["dns_label"]} if "dns_label" in data else None,
        }
    )
    return {
        **place(entry, context),
        # Always said: the API's own default is Basic, which Azure no longer creates.
        "sku": {"name": data.get("sku", "Standard")},
        **({"zones": list(data.get("zones") or [zone])} if zone or "zones" in data else {}),
        "properties": properties,
    }


def _default_name(entry: Entry) -> str:
    return entry.key_for_names if entry.parent is None else f"{name_of(network_interface.KIND, entry.parent)}-ip"


def entry(body: Body, find: Find) -> Body:
    properties = body["properties"]
    # An address from before SKUs has none, and is Basic.
    sku = (body.get("sku") or {}).get("name", "Basic")
    return compact(
        {
            "sku": unless(sku, "Standard"),
            "allocation": unless(properties.get("publicIPAllocationMethod", "").lower(), "static"),
            "version": unless(properties.get("publicIPAddressVersion", "").lower(), "ipv4"),
            "dns_label": (properties.get("dnsSettings") or {}).get("domainNameLabel"),
            "idle_timeout_minutes": unless(properties.get("idleTimeoutInMinutes"), 4),
            "zones": unless(numbers(body.get("zones") or [])),
        }
    )


KIND = Kind(
    name="public_ip",
    type="Microsoft.Network/publicIPAddresses",
    schema=Schema(
        sections=("network/public_ips/*", "network/interfaces/*/public_ip", "vms/*/interfaces/*/public_ip"),
        body=body,
        name_rule=NETWORK_NAME,
        default_name=_default_name,
        outputs={
            "ip_address": Output(("properties", "ipAddress")),
            "fqdn": Output(
                ("properties", "dnsSettings", "fqdn"), made_of=("properties.dnsSettings",), needs=("dns_label",)
            ),
        },
    ),
    operations=Operations("network", "public_ip_addresses", etags=True),
    rules=Rules(
        immutable=("location", "sku.name", "zones", "properties.publicIPAddressVersion"),
        read_only=(
            *EVERYWHERE_READ_ONLY, "properties.ipConfiguration", "properties.natGateway", "properties.ipAddress",
            "properties.dnsSettings.fqdn", "sku.tier",
        ),
        unordered=("zones",),
        case_insensitive=("sku.name", "properties.publicIPAllocationMethod", "properties.publicIPAddressVersion"),
        optional={
            "zones": GOES,
            "properties.idleTimeoutInMinutes": Leaving(4),
            "properties.dnsSettings.domainNameLabel": GOES,
        },
    ),
    replacement=Replacement(
        when_deleted=("data-loss", "its IP address will be lost"),
        used_by=("properties.ipConfiguration", "properties.natGateway"),  # refused with PublicIPAddressCannotBeDeleted
    ),
    importing=Import(
        entry=entry,
        defaults={
            "properties.idleTimeoutInMinutes": (4,),
            "properties.ddosSettings.protectionMode": ("VirtualNetworkInherited",),
            "properties.dnsSettings.domainNameLabelScope": (),
        },
    ),
    timing=Timing(typical_s=3),
)  # fmt: skip

"""Network interface. REST: https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces (2025-07-01)."""

from __future__ import annotations

from ..resource import Body, Context, Entry, Kind, Operations, Output, Rules, name_of
from . import virtual_machine
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, link, place

_CONFIGURATION = "properties.ipConfigurations[]"
CONFIGURATION_NAME = "ipconfig1"


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    fixed = data.get("private_ip")
    configuration = compact(
        {
            "subnet": {"id": context.ref("network/virtual_networks", data["subnet"], "subnet")},
            "privateIPAllocationMethod": "Static" if fixed else "Dynamic",
            "privateIPAddress": fixed,
            "publicIPAddress": link(entry, context, "network/public_ips", "public_ip"),
        }
    )
    if "load_balancer_pools" in data:
        configuration["loadBalancerBackendAddressPools"] = [{"id": pool} for pool in data["load_balancer_pools"]]
    properties = compact(
        {
            "ipConfigurations": [{"name": CONFIGURATION_NAME, "properties": configuration}],
            "networkSecurityGroup": link(entry, context, "network/security_groups", "security_group"),
            "enableAcceleratedNetworking": data.get("accelerated_networking"),
            "enableIPForwarding": data.get("ip_forwarding"),
            "dnsSettings": {"dnsServers": list(data["dns_servers"])} if "dns_servers" in data else None,
        }
    )
    return {**_place(entry, context), "properties": properties}


def _place(entry: Entry, context: Context) -> Body:
    """An interface defined on a machine stands where the machine stands."""
    if "location" not in entry.data and entry.parent is not None and "location" in entry.parent.data:
        return {"location": entry.parent.data["location"]}
    return place(entry, context)


def _default_name(entry: Entry) -> str:
    return entry.key if entry.parent is None else f"{name_of(virtual_machine.KIND, entry.parent)}-{entry.key}"


KIND = Kind(
    name="network_interface",
    type="Microsoft.Network/networkInterfaces",
    operations=Operations("network", "network_interfaces", etags=True),
    sections=("network/interfaces/*", "vms/*/interfaces/*"),
    body=body,
    default_name=_default_name,
    follows=("virtual_network",),
    name_rule=NETWORK_NAME,
    outputs={"private_ip": Output(("properties", "ipConfigurations", 0, "properties", "privateIPAddress"))},
    rules=Rules(
        immutable=("location",),
        read_only=(
            *EVERYWHERE_READ_ONLY, f"{_CONFIGURATION}.id", f"{_CONFIGURATION}.etag", f"{_CONFIGURATION}.type",
            f"{_CONFIGURATION}.properties.provisioningState", "properties.virtualMachine", "properties.macAddress",
            "properties.primary", "properties.dnsSettings.appliedDnsServers", "properties.hostedWorkloads",
            "properties.dnsSettings.internalDomainNameSuffix", "properties.dnsSettings.internalFqdn",
            "properties.vnetEncryptionSupported", "properties.tapConfigurations", "properties.privateEndpoint",
            "properties.dscpConfiguration", "properties.privateLinkService",
        ),
        keyed={
            "properties.ipConfigurations": "name",
            f"{_CONFIGURATION}.properties.loadBalancerBackendAddressPools": "id",
        },
        any_case=(f"{_CONFIGURATION}.properties.privateIPAllocationMethod",),
    ),
    impacts={
        "properties.enableAcceleratedNetworking": ("deallocate", "it changes on a stopped machine"),
        f"{_CONFIGURATION}.properties.privateIPAddress": ("restart", "the machine's network restarts"),
        f"{_CONFIGURATION}.properties.subnet": ("restart", "the machine's network restarts"),
    },
    typical_s=2,
)  # fmt: skip

"""Network interface. REST: https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces (2025-07-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...base import arm_id
from ...base.values import Body, Link, Ref
from ..entry import Context, Entry, Find
from ..facts import GOES, ForwardedOutput, Import, Leaving, Operations, Output, Replacement, Rules, Schema, Timing
from ..kind import Kind, name_of
from . import virtual_machine
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, link, linked, place, unless

_CONFIGURATION = "properties.ipConfigurations[]"
# The portal and the CLI give this name too, so that their interfaces can be adopted without a change.
CONFIGURATION_NAME = "ipconfig1"


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    fixed = data.get("private_ip")
    configuration = compact(
        {
            "subnet": {"id": context.ref("network/virtual_networks", data["subnet"], "subnet")},
            "privateIPAllocationMethod": "Static" if fixed else "Dynamic",
            "privateIPAddress": fixed,
            "publicIPAddress": _public_ip(entry, context),
        }
    )
    if "application_security_groups" in data:
        configuration["applicationSecurityGroups"] = [
            {"id": context.ref("network/application_security_groups", group, "application_security_groups", index)}
            for index, group in enumerate(data["application_security_groups"])
        ]
    if "load_balancer_pools" in data:
        configuration["loadBalancerBackendAddressPools"] = [
            {"id": context.ref("existing", pool, "load_balancer_pools", index)}
            for index, pool in enumerate(data["load_balancer_pools"])
        ]
    properties = compact(
        {
            "ipConfigurations": [{"name": CONFIGURATION_NAME, "properties": configuration}],
            "networkSecurityGroup": link(entry, context, "network/security_groups", "security_group"),
            "enableAcceleratedNetworking": data.get("accelerated_networking"),
            "enableIPForwarding": data.get("ip_forwarding"),
            "dnsSettings": {"dnsServers": list(data["dns_servers"])} if "dns_servers" in data else None,
        }
    )
    return {**place(entry, context), "properties": properties}


def _public_ip(entry: Entry, context: Context) -> object:
    """One that is written here is an entry of its own."""
    if isinstance(entry.data.get("public_ip"), Mapping):
        return {"id": Ref(f"{entry.address}/public_ip")}
    return link(entry, context, "network/public_ips", "public_ip")


def _default_name(entry: Entry) -> str:
    return (
        entry.key_for_names
        if entry.parent is None
        else f"{name_of(virtual_machine.KIND, entry.parent)}-{entry.key_for_names}"
    )


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """The configuration that the spec sets keeps its name, which differs if another tool created it.

    It leaves the application security groups of this deployment, even if the spec no longer lists any group.
    """
    theirs = _configuration(actual)
    if theirs is None:
        return desired
    properties = desired["properties"]
    configuration = {**properties["ipConfigurations"][0], "name": theirs["name"]}
    if theirs["properties"].get("applicationSecurityGroups"):
        configuration["properties"] = {"applicationSecurityGroups": [], **configuration["properties"]}
    return {**desired, "properties": {**properties, "ipConfigurations": [configuration]}}


def _configuration(actual: Body) -> Body | None:
    """The one that the spec speaks of: under our name, else the primary one, else the first."""
    found: list[Body] = actual["properties"].get("ipConfigurations") or []
    ours = [item for item in found if item["name"].lower() == CONFIGURATION_NAME]
    primary = [item for item in found if item["properties"].get("primary")]
    return next(iter([*ours, *primary, *found]), None)


def entry(body: Body, find: Find) -> Body | str:
    properties = body["properties"]
    if properties.get("privateEndpoint") or properties.get("privateLinkService"):
        return "it belongs to a private endpoint or link service"
    configuration = (_configuration(body) or {}).get("properties", {})
    subnet = linked("network/virtual_networks", configuration.get("subnet"))
    if subnet is None:
        return "it has no subnet"
    is_fixed = str(configuration.get("privateIPAllocationMethod", "")).lower() == "static"
    groups = configuration.get("applicationSecurityGroups") or []
    pools = [item["id"] for item in configuration.get("loadBalancerBackendAddressPools") or []]
    return compact(
        {
            "subnet": subnet,
            "public_ip": linked("network/public_ips", configuration.get("publicIPAddress")),
            "private_ip": configuration.get("privateIPAddress") if is_fixed else None,
            "security_group": linked("network/security_groups", properties.get("networkSecurityGroup")),
            "application_security_groups": [Link("network/application_security_groups", item["id"]) for item in groups]
            or None,
            "accelerated_networking": unless(properties.get("enableAcceleratedNetworking")),
            "ip_forwarding": unless(properties.get("enableIPForwarding")),
            "load_balancer_pools": pools or None,
            "dns_servers": unless((properties.get("dnsSettings") or {}).get("dnsServers")),
        }
    )


def _is_in_another_network(before: object, after: object) -> bool:
    """Whether a subnet is in another virtual network, which an interface cannot change to ("Create, change, or delete a
    network interface").
    """
    networks = [arm_id.key(item).rpartition("/subnets/")[0] for item in (before, after) if isinstance(item, str)]
    return len(set(networks)) > 1


KIND = Kind(
    name="network_interface",
    type="Microsoft.Network/networkInterfaces",
    schema=Schema(
        sections=("network/interfaces/*", "vms/*/interfaces/*"),
        body=body,
        name_rule=NETWORK_NAME,
        default_name=_default_name,
        outputs={
            "private_ip": Output(
                ("properties", "ipConfigurations", 0, "properties", "privateIPAddress"),
                made_of=(f"{_CONFIGURATION}.properties.subnet", f"{_CONFIGURATION}.properties.privateIPAddress"),
            )
        },
        forwarded={
            name: ForwardedOutput("public_ip", "network/public_ips", there, "public IP")
            for name, there in (("public_ip_address", "ip_address"), ("fqdn", "fqdn"))
        },
    ),
    operations=Operations("network", "network_interfaces", etags=True),
    rules=Rules(
        immutable=("location",),
        immutable_if={f"{_CONFIGURATION}.properties.subnet.id": _is_in_another_network},
        read_only=(
            *EVERYWHERE_READ_ONLY, f"{_CONFIGURATION}.id", f"{_CONFIGURATION}.etag", f"{_CONFIGURATION}.type",
            f"{_CONFIGURATION}.properties.provisioningState", "properties.virtualMachine", "properties.macAddress",
            "properties.primary", "properties.dnsSettings.appliedDnsServers", "properties.hostedWorkloads",
            "properties.dnsSettings.internalDomainNameSuffix", "properties.dnsSettings.internalFqdn",
            "properties.vnetEncryptionSupported", "properties.tapConfigurations", "properties.privateEndpoint",
            "properties.dscpConfiguration", "properties.privateLinkService",
        ),
        list_keys={
            "properties.ipConfigurations": "name",
            f"{_CONFIGURATION}.properties.applicationSecurityGroups": "id",
            f"{_CONFIGURATION}.properties.loadBalancerBackendAddressPools": "id",
        },
        case_insensitive=(f"{_CONFIGURATION}.properties.privateIPAllocationMethod",),
        normalize_desired=normalize_desired,
        impacts={
            "properties.enableAcceleratedNetworking": ("deallocate", (
                "this changes only while the VM is stopped"
            )),
            f"{_CONFIGURATION}.properties.privateIPAddress": ("restart", "the VM's network restarts"),
            f"{_CONFIGURATION}.properties.subnet": ("restart", "the VM's network restarts"),
        },
        optional={
            "properties.enableAcceleratedNetworking": Leaving(False),
            "properties.enableIPForwarding": Leaving(False),
            "properties.dnsSettings.dnsServers": GOES,
            "properties.networkSecurityGroup": GOES,
            f"{_CONFIGURATION}.properties.publicIPAddress": GOES,
            f"{_CONFIGURATION}.properties.applicationSecurityGroups": GOES,
            f"{_CONFIGURATION}.properties.loadBalancerBackendAddressPools": GOES,
        },
    ),
    replacement=Replacement(
        triggered_by=("virtual_network",),
        used_by=("properties.virtualMachine", "properties.privateEndpoint"),  # refused with NicInUse
    ),
    importing=Import(
        entry=entry,
        defaults={
            f"{_CONFIGURATION}.properties.primary": (True,),
            f"{_CONFIGURATION}.properties.privateIPAddress": (),
            f"{_CONFIGURATION}.properties.privateIPAddressVersion": ("IPv4",),
            f"{_CONFIGURATION}.properties.publicIPAddress.properties.deleteOption": ("Detach",),
            "kind": ("Regular",),
            "properties.allowPort25Out": (),
            "properties.nicType": ("Standard",),
            "properties.auxiliaryMode": ("None",),
            "properties.auxiliarySku": ("None",),
        },
    ),
    timing=Timing(typical_s=2),
)  # fmt: skip

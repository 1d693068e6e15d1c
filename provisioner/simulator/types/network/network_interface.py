"""Microsoft.Network/networkInterfaces: REST reference "Network Interfaces", 2024-05-01 and later.

A create is answered 201 and already Succeeded, with Azure-AsyncOperation and without Retry-After (532 of 532
recorded); an update is Updating with Retry-After 10 while a VM uses the interface, and Succeeded at once otherwise
(both recorded). Dynamic addresses are the lowest free ones of the subnet (recorded: .4, and .12 in a /29 that begins
at .8). A PUT that leaves the security group or an IP configuration out removes it, and keeps the VM
(put_replace_evidence of the recordings).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...arm.cloud import Cloud
from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import DeleteHooks, ReadHooks, WriteHooks
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...json_values import Json
from ...protocol.json_paths import entries_at, read
from ...protocol.wire import Request
from ...state.resources import Resource
from ._private_addresses import allocate
from ._shared import (
    ANSWERS,
    NETWORK,
    NETWORK_NAME,
    RegionalReference,
    add_resource_guid,
    check_free,
    check_part_names,
    check_settled,
    network_error,
)

TYPE = "Microsoft.Network/networkInterfaces"
VIRTUAL_MACHINES = "microsoft.compute/virtualmachines"
CONFIGURATIONS = "properties.ipConfigurations"
INNER = f"{CONFIGURATIONS}[].properties"
LOAD_BALANCERS = "Microsoft.Network/loadBalancers"


def used_by_machine(change: ResourceWrite) -> bool:
    return any(link.source for link in _machine_links(change.key, change.cloud))


def _machine_links(key: str, cloud: Cloud) -> list[Link]:
    return [link for link in cloud.links.to(key) if "/providers/microsoft.compute/" in link.source]


LONG_RUNNING = replace(
    NETWORK,
    creating="Succeeded",
    create_retry_after_s=None,
    update_retry_after_s=10,
    delete_retry_after_s=4,
    update_at_once=lambda change: not used_by_machine(change),
)


def validate(change: ResourceWrite) -> None:
    check_part_names(change)
    configurations = entries_at(change.body, CONFIGURATIONS)
    if not configurations:
        raise network_error(
            "NetworkInterfaceMustHaveAtLeastOneIpConfiguration",
            f"Network interface {change.id} must have at least one IP configuration.",
        )
    for configuration in configurations:
        properties = configuration.setdefault("properties", {})
        properties.setdefault("privateIPAddressVersion", "IPv4")
        properties.setdefault("privateIPAllocationMethod", "Dynamic")
        if read(properties, "subnet.id") is None:
            raise network_error(
                "SubnetMissing" if "subnet" not in properties else "InvalidRequestFormat",
                f"IP configuration {configuration['id']} of network interface {change.id} must reference a subnet.",
            )
    _check_one_network(change, configurations)
    _choose_primary(change, configurations)
    check_settled(change, (f"{INNER}.subnet", f"{INNER}.publicIPAddress", "properties.networkSecurityGroup"))
    check_free(change, f"{INNER}.publicIPAddress")
    allocate(change, configurations)


def _networks(configurations: list[Json]) -> set[str]:
    subnets = (str(read(configuration, "properties.subnet.id")).lower() for configuration in configurations)
    return {subnet.rpartition("/subnets/")[0] for subnet in subnets}


def _check_one_network(change: ResourceWrite, configurations: list[Json]) -> None:
    """An interface stays in one virtual network: all of its IP configurations, and for ever.

    "Assign multiple IP addresses to VMs"; "Create, change, or delete a network interface", which gives no error code.
    """
    networks = _networks(configurations)
    if change.before is not None:
        networks |= _networks(entries_at(change.before.body, "properties.ipConfigurations"))
    if len(networks) > 1:
        raise network_error(
            "NetworkInterfaceIpConfigurationsMustBeInSameVnet",
            f"All IP configurations of network interface {change.id} must be in the same virtual network.",
        )


def _choose_primary(change: ResourceWrite, configurations: list[Json]) -> None:
    """One of them is primary: a single one by itself, of several the one that says so."""
    chosen = [configuration for configuration in configurations if configuration["properties"].get("primary")]
    if len(chosen) > 1:
        raise network_error(
            "MultiplePrimaryIpConfigurations",
            f"Network interface {change.id} has more than one primary IP configuration.",
        )
    primary = chosen[0] if chosen else configurations[0]
    for configuration in configurations:
        configuration["properties"]["primary"] = configuration is primary


def fill(change: ResourceWrite) -> None:
    add_resource_guid(change)
    properties = change.properties
    dns = properties.setdefault("dnsSettings", {})
    dns.setdefault("dnsServers", [])
    dns.setdefault("appliedDnsServers", [])
    dns.setdefault("internalDomainNameSuffix", _domain_suffix(change))
    for name, value in (
        ("hostedWorkloads", []),
        ("tapConfigurations", []),
        ("vnetEncryptionSupported", False),
    ):
        properties.setdefault(name, value)


def _domain_suffix(change: ResourceWrite) -> str:
    """One name per virtual network: recorded as 26 letters and digits below `internal.cloudapp.net`."""
    subnet = str(read(change.properties["ipConfigurations"][0], "properties.subnet.id"))
    network = change.cloud.get(subnet.rpartition("/subnets/")[0])
    guid = str(network.properties.get("resourceGuid", "") if network is not None else "").replace("-", "")
    return f"{guid[:26]}.bx.internal.cloudapp.net"


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    """Recorded; it comes even while the VM is being deleted."""
    return network_error(
        "NicInUse",
        f"Network Interface {resource.id} is used by existing resource {links[0].holder_id}. In order to delete the "
        "network interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
    )


def show_machine(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    """`macAddress` and `primary` are there as long as a VM uses the interface."""
    for link in _machine_links(resource.key, cloud):
        machine = cloud.get(link.source)
        if machine is None:
            continue
        guid = str(resource.properties.get("resourceGuid", "")).replace("-", "").upper()
        # 00-0D-3A is one of Microsoft's prefixes (IEEE registry).
        body["properties"]["macAddress"] = f"00-0D-3A-{guid[:2]}-{guid[2:4]}-{guid[4:6]}"
        body["properties"]["primary"] = _is_primary(machine, resource.key)


def _is_primary(machine: Resource, key: str) -> bool:
    interfaces = entries_at(machine.body, "properties.networkProfile.networkInterfaces")
    if len(interfaces) == 1:
        return True
    return any(
        bool(read(entry, "properties.primary")) for entry in interfaces if str(entry.get("id", "")).lower() == key
    )


TYPES = (
    ResourceType(
        type=TYPE,
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:NetworkInterface",
            parts={CONFIGURATIONS: "ipConfigurations"},
            defaults={
                "properties.enableAcceleratedNetworking": False,
                "properties.enableIPForwarding": False,
                "properties.disableTcpStateTracking": False,
                "properties.nicType": "Standard",
                "properties.auxiliaryMode": "None",
                "properties.auxiliarySku": "None",
            },
            references=(
                RegionalReference(
                    path=f"{INNER}.subnet",
                    type="Microsoft.Network/virtualNetworks/subnets",
                    back=CONFIGURATIONS,
                    back_many=True,
                ),
                RegionalReference(
                    path=f"{INNER}.publicIPAddress",
                    type="Microsoft.Network/publicIPAddresses",
                    back="properties.ipConfiguration",
                ),
                RegionalReference(
                    path="properties.networkSecurityGroup",
                    type="Microsoft.Network/networkSecurityGroups",
                    back="properties.networkInterfaces",
                    back_many=True,
                ),
                RegionalReference(
                    path=f"{INNER}.applicationSecurityGroups[]", type="Microsoft.Network/applicationSecurityGroups"
                ),
                RegionalReference(
                    path=f"{INNER}.loadBalancerBackendAddressPools[]",
                    type=f"{LOAD_BALANCERS}/backendAddressPools",
                    back="properties.backendIPConfigurations",
                    back_many=True,
                ),
                RegionalReference(
                    path=f"{INNER}.loadBalancerInboundNatRules[]",
                    type=f"{LOAD_BALANCERS}/inboundNatRules",
                    back="properties.backendIPConfiguration",
                ),
            ),
        ),
        answers=replace(ANSWERS, long_running=LONG_RUNNING),
        on_write=WriteHooks(validate=validate, fill=fill),
        on_read=ReadHooks(render=show_machine),
        on_delete=DeleteHooks(in_use=in_use),
    ),
)

"""Microsoft.Network/loadBalancers: REST reference "Load Balancers", 2024-05-01 and later.

A create is answered already Succeeded (82 of 85 recorded); every list of children is replaced by a PUT. Backend pools
and inbound NAT rules are addressable on their own; the other children only through the load balancer. Removing the
last frontend is refused ("Deleting all frontendIPConfigs from load balancer is not supported.", recorded by
Terraform). Frontends, pools and probes show the rules that name them; pools the IP configurations of interfaces
(recorded).
"""

from __future__ import annotations

from dataclasses import replace

from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable, Reference
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.placement import Containment
from ...description.resource_type import ResourceType
from ...json_values import Json
from ...protocol.json_paths import entries_at, read
from ._load_balancer_members import INTERFACES, leave_interfaces, refuse_named_by_rules
from ._private_addresses import allocate
from ._shared import (
    ANSWERS,
    NETWORK,
    NETWORK_NAME,
    PART,
    RegionalReference,
    add_resource_guid,
    check_free,
    check_part_names,
    check_settled,
    network_error,
)

TYPE = "Microsoft.Network/loadBalancers"
FRONTENDS = "properties.frontendIPConfigurations"
RULES = "properties.loadBalancingRules"
RULE_DEFAULTS = {
    "enableFloatingIP": False,
    "idleTimeoutInMinutes": 4,
    "loadDistribution": "Default",
    "disableOutboundSnat": False,
    "enableTcpReset": False,
}
NAT_RULE_DEFAULTS = {"enableFloatingIP": False, "idleTimeoutInMinutes": 4, "enableTcpReset": False}
PROBE_DEFAULTS = {"intervalInSeconds": 15, "numberOfProbes": 2}
REQUIRED_IN_RULES = ("protocol", "frontendPort", "frontendIPConfiguration")


def has_no_members(change: ResourceWrite) -> bool:
    """Only an update that reaches interfaces takes its time."""
    pools = change.cloud.resources.in_container(change.id, f"{TYPE}/backendAddressPools")
    return not any(INTERFACES in link.source for pool in pools for link in change.cloud.links.to(pool.key))


LONG_RUNNING = replace(
    NETWORK, creating="Succeeded", create_retry_after_s=None, update_retry_after_s=10, update_at_once=has_no_members
)


def validate(change: ResourceWrite) -> None:
    check_part_names(change)
    frontends = entries_at(change.body, FRONTENDS)
    if not frontends and change.before is not None and read(change.before.body, FRONTENDS):
        raise network_error(
            "LoadBalancerFrontendIPConfigurationsCannotBeDeleted",
            "Deleting all frontendIPConfigs from load balancer is not supported.",
        )
    for frontend in frontends:
        _check_frontend(change, frontend)
    check_settled(change, (f"{FRONTENDS}[].properties.subnet", f"{FRONTENDS}[].properties.publicIPAddress"))
    check_free(change, f"{FRONTENDS}[].properties.publicIPAddress")
    allocate(change, [frontend for frontend in frontends if read(frontend, "properties.subnet") is not None])
    _check_rules(change)


def _check_frontend(change: ResourceWrite, frontend: Json) -> None:
    properties = frontend.setdefault("properties", {})
    properties.setdefault("privateIPAllocationMethod", "Dynamic")
    public = read(properties, "publicIPAddress.id")
    if (public is None) == (read(properties, "subnet.id") is None) and not properties.get("publicIPPrefix"):
        raise network_error(
            "LoadBalancerFrontendIPConfigurationMustReferenceSubnetOrPublicIP",
            f"Frontend IP configuration {frontend['id']} must reference either a subnet or a public IP address.",
        )
    if public is None:
        properties.setdefault("privateIPAddressVersion", "IPv4")
        return
    address = change.cloud.get(str(public))
    theirs, ours = read(address.body if address else {}, "sku.name"), read(change.body, "sku.name")
    if theirs != ours:
        raise network_error(
            "DifferentSkuLoadBalancersAndPublicIPAddressNotAllowed",
            f"Different sku load balancer {change.id} and public IP address {public} not allowed: {ours} and {theirs}.",
        )


def _check_rules(change: ResourceWrite) -> None:
    used: dict[tuple[str, str, int], str] = {}
    for rule in entries_at(change.body, RULES):
        properties = rule.setdefault("properties", {})
        for name in REQUIRED_IN_RULES:
            if properties.get(name) is None:
                raise network_error(
                    "LoadBalancingRuleMissingParameter", f"Load balancing rule {rule['id']} must specify {name}."
                )
        key = (
            str(read(properties, "frontendIPConfiguration.id")).lower(),
            str(properties["protocol"]),
            int(properties["frontendPort"]),
        )
        if key in used:
            raise network_error(
                "RulesUseSameFrontendPortProtocolAndIPConfig",
                f"Load balancing rules {used[key]} and {rule['id']} with the same FrontendPort, Protocol and "
                "FrontendIPConfiguration are not allowed.",
            )
        used[key] = str(rule["id"])


def fill(change: ResourceWrite) -> None:
    add_resource_guid(change)
    change.body["sku"].setdefault("tier", "Regional")
    for name in ("loadBalancingRules", "probes", "outboundRules", "inboundNatPools", "frontendIPConfigurations"):
        change.properties.setdefault(name, [])
    _set_defaults(change, "loadBalancingRules", RULE_DEFAULTS)
    _set_defaults(change, "probes", PROBE_DEFAULTS)
    _set_defaults(change, "inboundNatPools", NAT_RULE_DEFAULTS)


def _set_defaults(change: ResourceWrite, name: str, defaults: Json) -> None:
    for entry in change.properties[name]:
        properties = entry.setdefault("properties", {})
        for key, value in defaults.items():
            properties.setdefault(key, value)


def fill_pool(change: ResourceWrite) -> None:
    change.properties.setdefault("loadBalancerBackendAddresses", [])


def fill_nat_rule(change: ResourceWrite) -> None:
    for key, value in NAT_RULE_DEFAULTS.items():
        change.properties.setdefault(key, value)


def _to(path: str, child: str, back: str) -> Reference:
    return RegionalReference(path=path, type=f"{TYPE}/{child}", back=f"properties.{back}", back_many=True)


TYPES = (
    ResourceType(
        type=TYPE,
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:LoadBalancer",
            parts={
                FRONTENDS: "frontendIPConfigurations",
                RULES: "loadBalancingRules",
                "properties.probes": "probes",
                "properties.outboundRules": "outboundRules",
                "properties.inboundNatPools": "inboundNatPools",
            },
            defaults={"sku.name": "Basic"},
            immutable=(
                Immutable(
                    path="sku.name",
                    status=400,
                    code="LoadBalancerSkuCannotBeChanged",
                    message="Sku of load balancer {id} cannot be changed.",
                ),
            ),
            references=(
                RegionalReference(
                    path=f"{FRONTENDS}[].properties.subnet",
                    type="Microsoft.Network/virtualNetworks/subnets",
                    back="properties.ipConfigurations",
                    back_many=True,
                ),
                RegionalReference(
                    path=f"{FRONTENDS}[].properties.publicIPAddress",
                    type="Microsoft.Network/publicIPAddresses",
                    back="properties.ipConfiguration",
                ),
                _to(f"{RULES}[].properties.frontendIPConfiguration", "frontendIPConfigurations", "loadBalancingRules"),
                _to(f"{RULES}[].properties.backendAddressPool", "backendAddressPools", "loadBalancingRules"),
                _to(f"{RULES}[].properties.backendAddressPools[]", "backendAddressPools", "loadBalancingRules"),
                _to(f"{RULES}[].properties.probe", "probes", "loadBalancingRules"),
                _to(
                    "properties.outboundRules[].properties.frontendIPConfigurations[]",
                    "frontendIPConfigurations",
                    "outboundRules",
                ),
                _to("properties.outboundRules[].properties.backendAddressPool", "backendAddressPools", "outboundRules"),
                _to(
                    "properties.inboundNatPools[].properties.frontendIPConfiguration",
                    "frontendIPConfigurations",
                    "inboundNatPools",
                ),
            ),
        ),
        answers=replace(ANSWERS, long_running=LONG_RUNNING),
        on_write=WriteHooks(validate=validate, fill=fill),
    ),
    PART(
        type=f"{TYPE}/backendAddressPools",
        body=Body(
            model="azure.mgmt.network.models:BackendAddressPool",
        ),
        containment=Containment(
            embedded_in="properties.backendAddressPools",
        ),
        on_write=WriteHooks(fill=fill_pool),
        on_delete=DeleteHooks(check=refuse_named_by_rules, deleted=leave_interfaces),
    ),
    PART(
        type=f"{TYPE}/inboundNatRules",
        body=Body(
            model="azure.mgmt.network.models:InboundNatRule",
            references=(_to("properties.frontendIPConfiguration", "frontendIPConfigurations", "inboundNatRules"),),
        ),
        containment=Containment(
            embedded_in="properties.inboundNatRules",
        ),
        on_write=WriteHooks(fill=fill_nat_rule),
        on_delete=DeleteHooks(deleted=leave_interfaces),
    ),
)

"""Regions agree: Azure looks for what a resource names in the region of that resource, and nowhere else.

Its answer otherwise is InvalidResourceReference, "Please make sure that the referenced resource exists, and that both
resources are in the same region". Sources: https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface,
/network-security-groups-overview, /ip-services/public-ip-addresses and /azure/nat-gateway/nat-overview.
"""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ..locations import is_same
from ..part import Part
from ._interfaces import interfaces, network_of, subnet_of

RULES = (
    Rule(
        "PV2408",
        "regions differ",
        why=(
            "Azure looks for the networks, security groups and public IPs of a resource in the region of that resource."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   interfaces:
-    nic: {subnet: net/front, location: eastus}
+    nic: {subnet: net/front}
""",
    ),
)

_WORDS = {
    "security_groups": "security group",
    "application_security_groups": "application security group",
    "public_ips": "public IP",
    "nat_gateways": "NAT gateway",
    "interfaces": "interface",
}


def check(checker: Checker) -> None:
    networks = checker.entries("network", "virtual_networks")
    regions = {network.key: checker.region(network) for network in networks}
    for interface in interfaces(checker):
        _interface(checker, interface, regions)
    for network in networks:
        for subnet in network.parts("subnets"):
            for word, section in (("security_group", "security_groups"), ("nat_gateway", "nat_gateways")):
                _named(checker, subnet.at(word), subnet.text(word), section, "the network", regions[network.key])
    for group in checker.entries("network", "security_groups"):
        for rule in group.parts("rules"):
            for word in ("source_application_security_groups", "destination_application_security_groups"):
                _all_named(checker, rule, word, "application_security_groups", "the security group", group)
    for gateway in checker.entries("network", "nat_gateways"):
        _all_named(checker, gateway, "public_ips", "public_ips", "the NAT gateway", gateway)
    for machine in checker.entries("vms"):
        _all_named(checker, machine, "interfaces", "interfaces", "the VM", machine)


def _interface(checker: Checker, interface: Part, regions: dict[str, str]) -> None:
    here = checker.region(interface)
    network = network_of(subnet_of(interface), regions)
    if network and not is_same(here, regions[network]):
        there = regions[network]
        summary = f"the interface {interface.key} is in {here}, its network in {there}"
        reason = "An interface is in the region of its network."
        checker.error("PV2408", summary, *interface.at("subnet"), reason=reason, hint=f"set `location: {there}`")
    for word, section in (("security_group", "security_groups"), ("public_ip", "public_ips")):
        _named(checker, interface.at(word), interface.text(word), section, "the interface", here)
    section = "application_security_groups"
    _all_named(checker, interface, section, section, "the interface", interface)


def _all_named(checker: Checker, part: Part, word: str, section: str, what: str, owner: Part) -> None:
    for at, name in part.texts(word):
        _named(checker, at, name, section, what, checker.region(owner))


def _named(checker: Checker, at: Path, reference: str, section: str, what: str, here: str) -> None:
    found = checker.declared(reference, "network", section)
    if found is None:
        return
    there = checker.region(found)
    if not is_same(here, there):
        summary = f"{what} is in {here}, its {_WORDS[section]} in {there}"
        reason = "A resource and the resources that it refers to are in one region."
        if section == "interfaces":
            reason = "A VM is in the region of its interfaces."
        checker.error("PV2408", summary, *at, reason=reason, hint=f"set `location: {there}`")

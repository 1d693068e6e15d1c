"""Regions that agree: Azure looks for what a resource names in the region of that resource, and nowhere else.

Its answer otherwise is InvalidResourceReference, "Please make sure that the referenced resource exists, and that both
resources are in the same region". Sources: https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface,
/network-security-groups-overview, /ip-services/public-ip-addresses and /azure/nat-gateway/nat-overview.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from ..locations import is_same
from .interfaces import interfaces, network_of, subnet_of

if TYPE_CHECKING:
    from .validation import Checker

_WORDS = {
    "security_groups": "security group",
    "application_security_groups": "application security group",
    "public_ips": "public address",
    "nat_gateways": "NAT gateway",
    "interfaces": "interface",
}


def check(checker: Checker) -> None:
    networks = {str(path[-1]): _region(checker, data) for path, data in checker.entries("network", "virtual_networks")}
    for path, data in interfaces(checker):
        _interface(checker, path, data, networks)
    for path, data in checker.entries("network", "virtual_networks"):
        here = _region(checker, data)
        for key, subnet in data.get("subnets", {}).items():
            for word, section in (("security_group", "security_groups"), ("nat_gateway", "nat_gateways")):
                _named(checker, (*path, "subnets", key, word), subnet.get(word), section, "the network", here)
    for path, data in checker.entries("network", "security_groups"):
        here = _region(checker, data)
        for key, rule in data.get("rules", {}).items():
            for word in ("source_application_security_groups", "destination_application_security_groups"):
                for index, name in enumerate(rule.get(word, ())):
                    at = (*path, "rules", key, word, index)
                    _named(checker, at, name, "application_security_groups", "the security group", here)
    for path, data in checker.entries("network", "nat_gateways"):
        for index, name in enumerate(data["public_ips"]):
            here = _region(checker, data)
            _named(checker, (*path, "public_ips", index), name, "public_ips", "the NAT gateway", here)
    for path, data in checker.entries("vms"):
        if isinstance(data.get("interfaces"), list):
            for index, name in enumerate(data["interfaces"]):
                here = _region(checker, data)
                _named(checker, (*path, "interfaces", index), name, "interfaces", "the machine", here)


def _interface(checker: Checker, path: Path, data: Mapping[str, Any], networks: Mapping[str, str]) -> None:
    here = _region(checker, data)
    network = network_of(subnet_of(data), networks)
    if network and not is_same(here, networks[network]):
        reason = "An interface lies in the region of its network."
        summary = f"the interface is in {here}, its network in {networks[network]}"
        hint = f"location: {networks[network]}"
        checker.error("PV2408", (*path, "subnet"), summary, reason=reason, hint=hint)
    for word, section in (("security_group", "security_groups"), ("public_ip", "public_ips")):
        _named(checker, (*path, word), data.get(word), section, "the interface", here)
    for index, name in enumerate(data.get("application_security_groups", ())):
        at = (*path, "application_security_groups", index)
        _named(checker, at, name, "application_security_groups", "the interface", here)


def _named(checker: Checker, at: Path, reference: Any, section: str, what: str, here: str) -> None:
    if not isinstance(reference, str):
        return
    found = checker.spec.section("network", section).get(reference.removeprefix(f"network/{section}/"))
    if not isinstance(found, Mapping):
        return
    there = _region(checker, found)
    if not is_same(here, there):
        reason = "A machine lies in the region of its interfaces."
        reason = reason if section == "interfaces" else "A resource and what it names lie in one region."
        summary = f"{what} is in {here}, its {_WORDS[section]} in {there}"
        checker.error("PV2408", at, summary, reason=reason, hint=f"location: {there}")


def _region(checker: Checker, data: Mapping[str, Any]) -> str:
    return str(data.get("location") or checker.spec.location)

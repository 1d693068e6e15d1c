"""Network: ranges that are ranges, subnets inside their network, rules with ranks of their own.

Sources: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (sizes, reserved addresses),
https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview (priorities).
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..resource import Path

if TYPE_CHECKING:
    from .validation import Checker

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SMALLEST_PREFIX = 29
_RESERVED_FIRST = 4


def check(checker: Checker) -> None:
    subnets: dict[str, Network] = {}
    addresses: dict[tuple[str, str], Path] = {}
    places: dict[str, str] = {}
    for path, data in checker.entries("network", "virtual_networks"):
        _virtual_network(checker, path, data, subnets)
        places[str(path[-1])] = str(data.get("location", ""))
    for path, data in checker.entries("network", "security_groups"):
        _rules(checker, path, data)
    labels: dict[tuple[str, str], Path] = {}
    for path, data in _public_ips(checker):
        _public_ip(checker, path, data, labels)
    for path, data in checker.entries("network", "interfaces"):
        _interface(checker, path, data, subnets, places)
        _own_address(checker, path, data, addresses)
    for machine, data in checker.entries("vms"):
        interfaces = data.get("interfaces")
        if isinstance(interfaces, list):
            _beside(checker, machine, data, interfaces)
        if isinstance(interfaces, Mapping):
            for key, interface in interfaces.items():
                inherited = {"location": data["location"], **interface} if "location" in data else interface
                _interface(checker, (*machine, "interfaces", key), inherited, subnets, places)
                _own_address(checker, (*machine, "interfaces", key), interface, addresses)


def _public_ips(checker: Checker) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Those with an entry of their own, and those that stand on an interface."""
    yield from checker.entries("network", "public_ips")
    interfaces = list(checker.entries("network", "interfaces"))
    for machine, data in checker.entries("vms"):
        inner = data.get("interfaces")
        for key, interface in inner.items() if isinstance(inner, Mapping) else ():
            interfaces.append(((*machine, "interfaces", key), {"location": data.get("location"), **interface}))
    for path, interface in interfaces:
        if isinstance(interface.get("public_ip"), Mapping):
            yield (*path, "public_ip"), {"location": interface.get("location"), **interface["public_ip"]}


def _network(checker: Checker, path: Path, text: str) -> Network | None:
    if "${" in text:
        return None  # told where expressions are resolved
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        hint = ""
        with contextlib.suppress(ValueError):
            hint = f"did you mean {ipaddress.ip_network(text, strict=False)}?"
        checker.error("PV2401", path, f'"{text}" is no address range', reason=f"{error}.", hint=hint)
        return None


def _virtual_network(checker: Checker, path: Path, data: Mapping[str, Any], subnets: dict[str, Network]) -> None:
    space = [
        found
        for index, text in enumerate(data["address_space"])
        if (found := _network(checker, (*path, "address_space", index), text)) is not None
    ]
    taken: list[tuple[str, Network, Path]] = []
    for key, subnet in data.get("subnets", {}).items():
        at = (*path, "subnets", key, "address_prefix")
        found = _network(checker, at, subnet["address_prefix"])
        if found is None:
            continue
        subnets[f"{path[-1]}/{key}"] = found
        if space and not any(_inside(found, whole) for whole in space):
            ranges = ", ".join(map(str, space))
            checker.error("PV2402", at, f"{found} lies outside of its network", reason=f"The network has {ranges}.")
        if found.version == 4 and found.prefixlen > _SMALLEST_PREFIX:
            checker.error("PV2407", at, f"{found} is too small", reason="Azure's smallest subnet is a /29.")
        for other_key, other, other_path in taken:
            if found.version == other.version and found.overlaps(other):
                reason = f"{other_key} has {other} at {checker.place(other_path, at)}."
                checker.error("PV2403", at, f"{found} overlaps the subnet {other_key}", reason=reason)
        taken.append((key, found, at))


def _inside(inner: Network, outer: Network) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False


def _rules(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    ranks: dict[tuple[str, Any], tuple[str, Path]] = {}
    for key, rule in data.get("rules", {}).items():
        at = (*path, "rules", key, "priority")
        rank = (rule["direction"], rule["priority"])
        if rank in ranks:
            other, place = ranks[rank]
            reason = f"The {rank[0]} rule {other} has it at {checker.place(place, at)}."
            checker.error(
                "PV2404", at, f"the priority {rank[1]} is taken", reason=reason, hint="give each its own rank"
            )
        ranks.setdefault(rank, (key, at))


def _public_ip(checker: Checker, path: Path, data: Mapping[str, Any], labels: dict[tuple[str, str], Path]) -> None:
    """A retired kind, and a DNS label that another address of the region has."""
    if isinstance(data.get("dns_label"), str):
        name = (_region(str(data.get("location") or checker.spec.location)), data["dns_label"].lower())
        at = (*path, "dns_label")
        other = labels.setdefault(name, at)
        if other != at:
            fleet = (
                "; in a fleet `${index}` or `${key}` makes them differ"
                if any("/" in str(step) for step in path)
                else ""
            )
            reason = f"{'/'.join(map(str, other[:-1]))} has it at {checker.place(other, at)}."
            checker.error("PV2410", at, f'the DNS label "{name[1]}" is taken', reason=reason,
                          hint=f"labels are unique in a region{fleet}")  # fmt: skip
    if data.get("sku") == "Basic":
        checker.error("PV2406", (*path, "sku"), "Basic public IPs can no longer be created",
                      reason="Azure retired them on 30 September 2025.", hint="sku: Standard")  # fmt: skip
    elif data.get("allocation") == "dynamic" and data.get("version", "ipv4") == "ipv4":
        checker.error("PV2406", (*path, "allocation"), "a Standard public IP is static", hint="allocation: static")


def _beside(checker: Checker, machine: Path, data: Mapping[str, Any], interfaces: list[str]) -> None:
    """A machine stands in the region of its interfaces."""
    own = str(data.get("location") or checker.spec.location)
    known = checker.spec.section("network", "interfaces")
    for index, name in enumerate(interfaces):
        interface = known.get(name.removeprefix("network/interfaces/"))
        if not isinstance(interface, Mapping):
            continue
        theirs = str(interface.get("location") or checker.spec.location)
        if _region(own) != _region(theirs):
            summary = f"the machine is in {own}, its interface in {theirs}"
            reason = "A machine lies in the region of its interfaces."
            at = (*machine, "interfaces", index)
            checker.error("PV2408", at, summary, reason=reason, hint=f"location: {theirs}")


def _region(location: str) -> str:
    return location.replace(" ", "").lower()


def _own_address(checker: Checker, path: Path, data: Mapping[str, Any], addresses: dict[tuple[str, str], Path]) -> None:
    """Fixed addresses and public ones belong to one interface."""
    for key, scope in (("private_ip", _subnet_of(data)), ("public_ip", "")):
        value = data.get(key)
        if value is None or isinstance(value, Mapping):
            continue
        where = (scope or key, str(value).removeprefix("network/public_ips/").lower())
        if where in addresses:
            place = checker.place((*addresses[where], key), (*path, key))
            reason = f"{'/'.join(map(str, addresses[where]))} has it at {place}."
            checker.error("PV2409", (*path, key), f"{value} is taken", reason=reason)
        addresses.setdefault(where, path)


def _subnet_of(data: Mapping[str, Any]) -> str:
    return str(data["subnet"]).removeprefix("network/virtual_networks/").replace("/subnets/", "/")


def _interface(
    checker: Checker, path: Path, data: Mapping[str, Any], subnets: Mapping[str, Network], places: Mapping[str, str]
) -> None:
    reference = _subnet_of(data)
    network = reference.partition("/")[0]
    if network in places:
        own = str(data.get("location") or checker.spec.location)
        theirs = places[network] or checker.spec.location
        if _region(own) != _region(theirs):
            reason = "An interface lies in the region of its network."
            summary = f"the interface is in {own}, its network in {theirs}"
            checker.error("PV2408", (*path, "subnet"), summary, reason=reason, hint=f"location: {theirs}")
    fixed = data.get("private_ip")
    if fixed is None:
        return
    at = (*path, "private_ip")
    try:
        address = ipaddress.ip_address(fixed)
    except ValueError:
        checker.error("PV2405", at, f'"{fixed}" is no IP address')
        return
    subnet = subnets.get(reference)
    if subnet is None:
        return
    if address not in subnet:
        checker.error("PV2405", at, f"{address} lies outside of the subnet", reason=f"{reference} has {subnet}.")
    elif int(address) - int(subnet.network_address) < _RESERVED_FIRST or address == subnet.broadcast_address:
        reason = "The first four addresses of a subnet and its last one are Azure's own."
        checker.error("PV2405", at, f"{address} is reserved", reason=reason)

"""Interfaces and public IPs: addresses that fit and are free, labels of their own.

Sources: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (five addresses of a subnet are kept),
https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses (DNS labels).
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from ..locations import plain

if TYPE_CHECKING:
    from .network import Subnet
    from .validation import Checker

_RESERVED_FIRST = 4
_RESERVED = 5
_Addresses = dict[tuple[str, str], tuple[Path, Path]]
"""Of a subnet, or public ones: what has the address, and where that is said."""


def check(checker: Checker, subnets: Mapping[str, Subnet]) -> None:
    """Check every interface; ``subnets`` are the declared ones, as ``network/subnet``."""
    addresses: _Addresses = {}
    labels: dict[tuple[str, str], Path] = {}
    interface_counts: Counter[str] = Counter()
    for path, data in _public_ips(checker):
        _public_ip(checker, path, data, labels)
    for path, data in interfaces(checker):
        interface_counts[subnet_of(data)] += 1
        _fixed(checker, path, data, subnets)
        _own_address(checker, path, data, addresses)
    for path, data in checker.entries("network", "nat_gateways"):
        for index, name in enumerate(data["public_ips"]):
            _free(checker, (*path, "public_ips", index), name, "public_ip", path, addresses)
    for reference, count in interface_counts.items():
        if reference in subnets:
            _room(checker, reference, subnets[reference], count)


def interfaces(checker: Checker) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Those with an entry of their own, and those that stand on a machine, in its region."""
    yield from checker.entries("network", "interfaces")
    for machine, data in checker.entries("vms"):
        inner = data.get("interfaces")
        for key, interface in inner.items() if isinstance(inner, Mapping) else ():
            inherited = {"location": data["location"], **interface} if "location" in data else interface
            yield (*machine, "interfaces", key), inherited


def of_machine(checker: Checker, path: Path, data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The sound interfaces of a machine that the spec declares, however it does."""
    declared = data.get("interfaces")
    if isinstance(declared, Mapping):
        yield from (((*path, "interfaces", key), each) for key, each in declared.items() if isinstance(each, Mapping))
    elif isinstance(declared, list):
        known = checker.spec.section("network", "interfaces")
        for name in declared:
            key = str(name).removeprefix("network/interfaces/")
            at = ("network", "interfaces", key)
            if isinstance(known.get(key), Mapping) and not checker.spec.is_broken(at):
                yield at, known[key]


def _public_ips(checker: Checker) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Those with an entry of their own, and those that stand on an interface."""
    yield from checker.entries("network", "public_ips")
    for path, interface in interfaces(checker):
        if isinstance(interface.get("public_ip"), Mapping):
            yield (*path, "public_ip"), {"location": interface.get("location"), **interface["public_ip"]}


def _room(checker: Checker, reference: str, subnet: Subnet, count: int) -> None:
    room = subnet.range.num_addresses - _RESERVED
    if count > room:
        wanted = subnet.range.max_prefixlen - (count + _RESERVED - 1).bit_length()
        reason = f"{subnet.range} has {room}: Azure keeps five of each subnet."
        checker.error("PV2411", subnet.path, f"{count} interfaces need an address in {reference}", reason=reason,
                      hint=f"a /{wanted} has room for them")  # fmt: skip


def _public_ip(checker: Checker, path: Path, data: Mapping[str, Any], labels: dict[tuple[str, str], Path]) -> None:
    """A retired kind, and a DNS label that another address of the region has."""
    if isinstance(data.get("dns_label"), str):
        name = (plain(str(data.get("location") or checker.spec.location)), data["dns_label"].lower())
        at = (*path, "dns_label")
        other = labels.setdefault(name, at)
        if other != at:
            is_member = any("/" in str(step) for step in path)
            fleet = "; in a fleet `${index}` or `${key}` makes them differ" if is_member else ""
            reason = f"{'/'.join(map(str, other[:-1]))} has it at {checker.place(other, at)}."
            checker.error("PV2410", at, f'the DNS label "{name[1]}" is taken', reason=reason,
                          hint=f"labels are unique in a region{fleet}")  # fmt: skip
    if data.get("sku") == "Basic":
        checker.error("PV2406", (*path, "sku"), "Basic public IPs can no longer be created",
                      reason="Azure retired them on 30 September 2025.", hint="sku: Standard")  # fmt: skip
    elif data.get("allocation") == "dynamic" and data.get("version", "ipv4") == "ipv4":
        checker.error("PV2406", (*path, "allocation"), "a Standard public IP is static", hint="allocation: static")


def _own_address(checker: Checker, path: Path, data: Mapping[str, Any], addresses: _Addresses) -> None:
    """Fixed addresses and public ones belong to one interface."""
    for key, scope in (("private_ip", subnet_of(data)), ("public_ip", "public_ip")):
        value = data.get(key)
        if value is not None and not isinstance(value, Mapping):
            _free(checker, (*path, key), value, scope, path, addresses)


def _free(checker: Checker, at: Path, value: Any, scope: str, path: Path, addresses: _Addresses) -> None:
    where = (scope, str(value).removeprefix("network/public_ips/").lower())
    other, place = addresses.setdefault(where, (path, at))
    if place != at:
        reason = f"{'/'.join(map(str, other))} has it at {checker.place(place, at)}."
        is_public = scope == "public_ip"
        hint = "make another under public_ips" if is_public else "leave it out, and Azure chooses one"
        checker.error("PV2409", at, f"{value} is taken", reason, hint)


def subnet_of(data: Mapping[str, Any]) -> str:
    """The subnet of an interface as ``network/subnet``."""
    return str(data["subnet"]).removeprefix("network/virtual_networks/").replace("/subnets/", "/")


def network_of(reference: str, networks: Mapping[str, Any]) -> str:
    """The key of the network that a subnet is in: of a fleet's member, it has a slash of its own."""
    steps = reference.split("/")
    known = ("/".join(steps[:length]) for length in range(1, len(steps)))
    return next((key for key in known if key in networks), "")


def _fixed(checker: Checker, path: Path, data: Mapping[str, Any], subnets: Mapping[str, Subnet]) -> None:
    """A fixed address lies in its subnet, and is none that Azure keeps."""
    reference = subnet_of(data)
    fixed = data.get("private_ip")
    if fixed is None:
        return
    at = (*path, "private_ip")
    try:
        address = ipaddress.ip_address(fixed)
    except ValueError:
        checker.error("PV2405", at, f'"{fixed}" is no IP address', hint="four numbers, such as 10.0.0.4")
        return
    subnet = subnets.get(reference)
    if subnet is None:
        return
    if address not in subnet.range:
        checker.error("PV2405", at, f"{address} lies outside of the subnet", reason=f"{reference} has {subnet.range}.",
                      hint=f"from {subnet.range.network_address + _RESERVED_FIRST} on they are yours")  # fmt: skip
    elif (
        int(address) - int(subnet.range.network_address) < _RESERVED_FIRST or address == subnet.range.broadcast_address
    ):
        reason = "The first four addresses of a subnet and its last one are Azure's own."
        checker.error("PV2405", at, f"{address} is reserved", reason,
                      f"from {subnet.range.network_address + _RESERVED_FIRST} on they are yours")  # fmt: skip

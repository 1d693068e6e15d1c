"""Which private addresses of each subnet are taken, and by whom.

In: stored resources whose IP configurations (of interfaces) or frontends (of load balancers) name a subnet and hold an
address, as the store tells of them. Out: `Addresses`, kept current by listening, so that taking the first free address
of a subnet does not grow with the number of addresses in it. It stores nothing and refuses nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ...arm.cloud import Cloud
from ...protocol.json_paths import read
from ...state.resources import KIND
from ...state.store import Document

Address = IPv4Address | IPv6Address
HOLDERS = ("properties.ipConfigurations", "properties.frontendIPConfigurations")
RESERVED_AT_START, RESERVED_AT_END = 4, 1
"""The first four addresses and the last one of every subnet (Azure Virtual Network FAQ)."""


@dataclass
class _Subnet:
    """The taken addresses of one subnet; nothing below `hints[prefix]` is free."""

    taken: dict[Address, str] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)


class Addresses:
    """Private addresses by subnet ID, case ignored."""

    def __init__(self, cloud: Cloud) -> None:
        self._subnets: dict[str, _Subnet] = {}
        cloud.store.listen(KIND, self._changed)

    def holder(self, subnet_id: str, address: Address) -> str | None:
        """The ID of what holds an address, or None."""
        subnet = self._subnets.get(subnet_id.lower())
        return None if subnet is None else subnet.taken.get(address)

    def first_free(self, subnet_id: str, prefix: str, besides: Collection[Address] = ()) -> Address | None:
        """The lowest free address of a subnet's prefix, or None when it is full.

        Args:
            besides: addresses that are spoken for in the same request.
        """
        subnet = self._subnets.setdefault(subnet_id.lower(), _Subnet())
        network = ip_network(prefix)
        first, last = int(network.network_address), int(network.broadcast_address)
        offset = subnet.hints.get(prefix, RESERVED_AT_START)
        while first + offset <= last - RESERVED_AT_END:
            candidate = network.network_address + offset
            if candidate not in subnet.taken:
                if candidate not in besides:
                    return candidate
            elif subnet.hints.get(prefix, RESERVED_AT_START) == offset:
                subnet.hints[prefix] = offset + 1
            offset += 1
        return None

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        before, after = list(_held(old)), list(_held(new))
        if before == after:
            return
        for subnet_id, address, _ in before:
            self._release(self._subnets.setdefault(subnet_id, _Subnet()), address)
        for subnet_id, address, holder in after:
            self._subnets.setdefault(subnet_id, _Subnet()).taken[address] = holder

    def _release(self, subnet: _Subnet, address: Address) -> None:
        subnet.taken.pop(address, None)
        for prefix, hint in subnet.hints.items():
            offset = int(address) - int(ip_network(prefix).network_address)
            subnet.hints[prefix] = min(hint, max(offset, RESERVED_AT_START))


def is_reserved(address: Address, prefix: str) -> bool:
    """Whether Azure keeps an address of a prefix for itself."""
    network = ip_network(prefix)
    offset = int(address) - int(network.network_address)
    return offset < RESERVED_AT_START or int(address) > int(network.broadcast_address) - RESERVED_AT_END


def _held(document: Document | None) -> Iterator[tuple[str, Address, str]]:
    if document is None:
        return
    for path in HOLDERS:
        entries = read(document["body"], path)
        for entry in entries if isinstance(entries, list) else ():
            subnet, address = read(entry, "properties.subnet.id"), _parsed(read(entry, "properties.privateIPAddress"))
            if isinstance(subnet, str) and address is not None:
                yield subnet.lower(), address, str(entry.get("id", document["id"]))


def _parsed(text: object) -> Address | None:
    """An address, or None for what is none: types that are known by name only are kept as they were sent."""
    try:
        return ip_address(text) if isinstance(text, str) else None
    except ValueError:
        return None

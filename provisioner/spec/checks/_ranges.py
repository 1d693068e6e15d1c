"""Ranges of addresses that the virtual networks and the security rules of a spec declare, parsed once.

In: a ``Checker``. Out: ranges with their places, and what is no range. It never reports.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...base.values import Path
from ..checker import Checker, once
from ..part import Part

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_FOUND = 3
"""Overlaps of one range that are reported: a /8 over a thousand subnets is one mistake."""
_MOST_LOOKED_AT = 64

RESERVED_FIRST = 4
"""The network address, the gateway and two for DNS: "Virtual Network FAQ", reserved addresses."""
RESERVED = 5
"""The first four and the broadcast address."""


@dataclass(frozen=True)
class Range:
    """A range and its place; ``key`` is that of the subnet, empty in an address space."""

    key: str
    network: Network
    path: Path


@dataclass(frozen=True)
class VirtualNetwork:
    """``invalid`` is what is no range: its place, its text and why."""

    part: Part
    space: list[Range] = field(default_factory=list)
    subnets: list[Range] = field(default_factory=list)
    invalid: list[tuple[Path, str, ValueError]] = field(default_factory=list)

    def free(self, wanted: Network) -> str:
        """A hint with a range of the same size that no subnet of the network has, where one is soon found."""
        if len(self.subnets) > _MOST_LOOKED_AT or len(self.space) > _MOST_LOOKED_AT:
            return ""
        taken = [subnet.network for subnet in self.subnets]
        size = 2 ** (wanted.max_prefixlen - wanted.prefixlen)
        for whole in (each.network for each in self.space):
            start = int(whole.network_address)
            while whole.version == wanted.version and start + size - 1 <= int(whole.broadcast_address):
                free = type(wanted)((start, wanted.prefixlen))
                clash = next((each for each in taken if each.version == free.version and each.overlaps(free)), None)
                if clash is None:
                    return f"use {free}, which is free"
                # A subnet starts at a multiple of its own size, so that the next free one is rounded up to it.
                start = (int(clash.broadcast_address) // size + 1) * size
        return ""


@once
def virtual_networks(checker: Checker) -> list[VirtualNetwork]:
    """Every sound virtual network; a text with an expression is left out, since resolving expressions reports it."""
    found = []
    for entry in checker.entries("network", "virtual_networks"):
        one = VirtualNetwork(entry)
        for at, text in entry.texts("address_space"):
            _parse(one, one.space, "", at, text)
        for subnet in entry.parts("subnets"):
            _parse(one, one.subnets, subnet.key, subnet.at("address_prefix"), subnet.text("address_prefix"))
        found.append(one)
    return found


def _parse(one: VirtualNetwork, into: list[Range], key: str, at: Path, text: str) -> None:
    if "${" in text:
        return
    try:
        into.append(Range(key, ipaddress.ip_network(text), at))
    except ValueError as error:
        one.invalid.append((at, text, error))


@once
def subnets(checker: Checker) -> dict[str, Range]:
    """Every subnet with a valid range, as ``network/subnet``."""
    return {
        f"{network.part.key}/{subnet.key}": subnet
        for network in virtual_networks(checker)
        for subnet in network.subnets
    }


_Block = tuple[int, int, int]
"""Version, length of the prefix, prefix."""


class Ranges:
    """Ranges: of two that overlap, one holds the other.

    Each range is found by its own block, and by all blocks around it, so that a thousand subnets are not compared
    with each other.
    """

    def __init__(self, ranges: Iterable[Range] = ()) -> None:
        self._at: dict[_Block, list[Range]] = {}
        self._inside: dict[_Block, list[Range]] = {}
        for each in ranges:
            self.add(each)

    def add(self, item: Range) -> None:
        own, *around = _blocks(item.network)
        self._at.setdefault(own, []).append(item)
        for block in around:
            self._inside.setdefault(block, []).append(item)

    def hold(self, network: Network) -> bool:
        """Whether a range lies in one of these."""
        return any(block in self._at for block in _blocks(network))

    def overlapping(self, network: Network) -> list[Range]:
        """The first few ranges that share addresses with one."""
        blocks = _blocks(network)
        found = [item for block in blocks for item in self._at.get(block, [])[:_MOST_FOUND]]
        return [*found, *self._inside.get(blocks[0], [])[:_MOST_FOUND]][:_MOST_FOUND]


def _blocks(network: Network) -> list[_Block]:
    """A range, and all that it lies in."""
    number, most = int(network.network_address), network.max_prefixlen
    return [(network.version, length, number >> (most - length)) for length in range(network.prefixlen, -1, -1)]

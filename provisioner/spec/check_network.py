"""Network: ranges that are ranges, subnets inside their network.

Sources: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (sizes, reserved addresses).
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..leaves import Path
from . import check_interfaces, check_rules

if TYPE_CHECKING:
    from .validation import Checker

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SMALLEST_PREFIX = 29
_TOLD = 3
"""Overlaps of one subnet that are told."""
_MOST_LOOKED_AT = 64
_SHOWN = 20
"""Ranges of a network that are shown."""


@dataclass(frozen=True)
class Subnet:
    """A declared subnet: its range, and where that is said."""

    range: Network
    path: Path


def check(checker: Checker) -> None:
    subnets: dict[str, Subnet] = {}
    places: dict[str, str] = {}
    for path, data in checker.entries("network", "virtual_networks"):
        _virtual_network(checker, path, data, subnets)
        places[str(path[-1])] = str(data.get("location") or checker.spec.location)
    for path, data in checker.entries("network", "security_groups"):
        check_rules.check(checker, path, data)
    check_interfaces.check(checker, subnets, places)


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


def _virtual_network(checker: Checker, path: Path, data: Mapping[str, Any], subnets: dict[str, Subnet]) -> None:
    space = [
        found
        for index, text in enumerate(data["address_space"])
        if (found := _network(checker, (*path, "address_space", index), text)) is not None
    ]
    whole, taken = _Taken(), _Taken()
    for each in space:
        whole.add(("", each, path))
    for key, subnet in data.get("subnets", {}).items():
        at = (*path, "subnets", key, "address_prefix")
        found = _network(checker, at, subnet["address_prefix"])
        if found is None:
            continue
        subnets[f"{path[-1]}/{key}"] = Subnet(found, at)
        if space and not whole.hold(found):
            ranges = ", ".join(map(str, space[:_SHOWN])) + (", …" if len(space) > _SHOWN else "")
            hint = _free_hint(found, space, data) or "widen `address_space:`"
            checker.error("PV2402", at, f"{found} lies outside of its network", f"The network has {ranges}.", hint)
        if found.version == 4 and found.prefixlen > _SMALLEST_PREFIX:
            checker.error("PV2407", at, f"{found} is too small", reason="Azure's smallest subnet is a /29.",
                          hint=f"{found.supernet(new_prefix=_SMALLEST_PREFIX)}")  # fmt: skip
        for other_key, other, other_path in taken.overlapping(found):
            reason = f"{other_key} has {other} at {checker.place(other_path, at)}."
            hint = _free_hint(found, space, data)
            checker.error("PV2403", at, f"{found} overlaps the subnet {other_key}", reason, hint)
        taken.add((key, found, at))


_Block = tuple[int, int, int]
"""Version, length of the prefix, prefix."""


class _Taken:
    """Ranges: of two that overlap, one holds the other."""

    def __init__(self) -> None:
        self._at: dict[_Block, list[tuple[str, Network, Path]]] = {}
        self._inside: dict[_Block, list[tuple[str, Network, Path]]] = {}

    def add(self, subnet: tuple[str, Network, Path]) -> None:
        own, *around = _blocks(subnet[1])
        self._at.setdefault(own, []).append(subnet)
        for block in around:
            self._inside.setdefault(block, []).append(subnet)

    def hold(self, network: Network) -> bool:
        """Whether a range lies in one of these."""
        return any(block in self._at for block in _blocks(network))

    def overlapping(self, network: Network) -> list[tuple[str, Network, Path]]:
        """The first few ranges that share addresses with one."""
        blocks = _blocks(network)
        found = [subnet for block in blocks for subnet in self._at.get(block, [])[:_TOLD]]
        return [*found, *self._inside.get(blocks[0], [])[:_TOLD]][:_TOLD]


def _blocks(network: Network) -> list[_Block]:
    """A range, and all that it lies in."""
    number, most = int(network.network_address), network.max_prefixlen
    return [(network.version, length, number >> (most - length)) for length in range(network.prefixlen, -1, -1)]


def _free_hint(wanted: Network, space: Sequence[Network], data: Mapping[str, Any]) -> str:
    """A range of the same size that no subnet of the network has, where one is soon found."""
    subnets = list(data.get("subnets", {}).values())
    if len(subnets) > _MOST_LOOKED_AT or len(space) > _MOST_LOOKED_AT:
        return ""
    taken = [found for subnet in subnets if (found := _parsed(subnet["address_prefix"])) is not None]
    size = 2 ** (wanted.max_prefixlen - wanted.prefixlen)
    for whole in space:
        start = int(whole.network_address)
        while whole.version == wanted.version and start + size - 1 <= int(whole.broadcast_address):
            free = type(wanted)((start, wanted.prefixlen))
            clash = next((each for each in taken if each.version == free.version and each.overlaps(free)), None)
            if clash is None:
                return f"{free} is free"
            start = (int(clash.broadcast_address) // size + 1) * size
    return ""


def _parsed(text: Any) -> Network | None:
    try:
        return ipaddress.ip_network(str(text))
    except ValueError:
        return None

"""Network: ranges that are ranges, subnets inside their network.

Sources: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (sizes, reserved addresses, ranges that
cannot be used) and /manage-virtual-network (ranges of one network do not overlap).
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from . import gateways, interfaces, rules

if TYPE_CHECKING:
    from .validation import Checker

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SMALLEST_PREFIX = 29
_ONLY_PREFIX_OF_IPV6 = 64
_KEPT = {
    ipaddress.ip_network("224.0.0.0/4"): "multicast",
    ipaddress.ip_network("255.255.255.255/32"): "broadcast",
    ipaddress.ip_network("127.0.0.0/8"): "loopback",
    ipaddress.ip_network("169.254.0.0/16"): "link-local addresses",
    ipaddress.ip_network("168.63.129.16/32"): "Azure's own name server",
}
"""What no address space may lie in."""
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
    for path, data in checker.entries("network", "virtual_networks"):
        _virtual_network(checker, path, data, subnets)
    for path, data in checker.entries("network", "security_groups"):
        rules.check(checker, path, data)
    interfaces.check(checker, subnets)
    gateways.check(checker)


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
    space: list[Network] = []
    whole, taken = _Taken(), _Taken()
    for index, text in enumerate(data["address_space"]):
        at = (*path, "address_space", index)
        found = _network(checker, at, text)
        if found is None:
            continue
        _space(checker, at, found, whole)
        space.append(found)
        whole.add(("", found, at))
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
        _size(checker, at, found)
        for other_key, other, other_path in taken.overlapping(found):
            reason = f"{other_key} has {other} at {checker.place(other_path, at)}."
            hint = _free_hint(found, space, data)
            checker.error("PV2403", at, f"{found} overlaps the subnet {other_key}", reason, hint)
        taken.add((key, found, at))


def _space(checker: Checker, at: Path, found: Network, whole: _Taken) -> None:
    """A range of a network is none that Azure keeps, and shares no address with another one."""
    for kept, what in _KEPT.items():
        if found.version == kept.version and found[0] in kept and found[-1] in kept:
            checker.error("PV2415", at, f"{found} is for {what}", f"No network can have addresses of {kept}.",
                          "a private range, such as 10.0.0.0/16")  # fmt: skip
    for _, other, _ in whole.overlapping(found):
        inner = found if found.prefixlen > other.prefixlen else other
        checker.error("PV2415", at, f"{found} overlaps {other}", "Both are ranges of this network.",
                      f"leave {inner} out")  # fmt: skip


def _size(checker: Checker, at: Path, found: Network) -> None:
    if found.version == 4 and found.prefixlen > _SMALLEST_PREFIX:
        checker.error("PV2407", at, f"{found} is too small", reason="Azure's smallest subnet is a /29.",
                      hint=f"{found.supernet(new_prefix=_SMALLEST_PREFIX)}")  # fmt: skip
    elif found.version == 6 and found.prefixlen != _ONLY_PREFIX_OF_IPV6:
        checker.error("PV2407", at, f"{found} is no /64", reason="A subnet of IPv6 addresses is a /64, no other.",
                      hint=f"{found[0]}/64")  # fmt: skip


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

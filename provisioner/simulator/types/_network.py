"""What the types of Microsoft.Network have in common.

In: a change. Out: the values that the network provider adds to any of its resources, and its refusals.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network

from ..change import Change
from ..errors import ArmError
from ..resource_type import NameRule
from ..resources import Link

Network = IPv4Network | IPv6Network
NAME_PATTERN = r"[A-Za-z0-9]([\w.-]*\w)?"
NETWORK_NAME = NameRule(pattern=NAME_PATTERN, longest=80)
"""1-80, alphanumerics, underscores, periods, hyphens; "Naming rules and restrictions for Azure resources"."""


def network_error(code: str, message: str, status: int = 400) -> ArmError:
    """An error in the network provider's shape: always with an (empty) list of details."""
    return ArmError(status, code, message, details=[])


def add_resource_guid(change: Change) -> None:
    """`resourceGuid`, once and for all (server-filled in every recorded network resource)."""
    change.properties.setdefault("resourceGuid", change.world.new_guid())


def parse_prefix(text: object, where: str) -> Network:
    """A CIDR without host bits, or the provider's refusal."""
    try:
        return ip_network(str(text), strict=True)
    except ValueError:
        raise network_error(
            "InvalidAddressPrefixFormat", f"Address prefix {text} of resource {where} is not formatted correctly. "
            "It should follow CIDR notation, for example 10.0.0.0/24."
        ) from None  # fmt: skip


def overlap(one: Network, other: Network) -> bool:
    """Whether two networks share addresses; different IP versions never do."""
    return one.version == other.version and one.overlaps(other)


def inside(inner: Network, outer: Network) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network):
        return inner.subnet_of(outer)
    return False


def listed(links: Sequence[Link]) -> str:
    """The IDs of those who still use a resource, as the provider lists them."""
    return ", ".join(dict.fromkeys(link.holder_id for link in links))

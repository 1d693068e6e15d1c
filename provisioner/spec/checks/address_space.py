"""Ranges of a network do not overlap, and are none that Azure or the internet's own protocols keep.

Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq (ranges that cannot be used).
"""

from __future__ import annotations

import ipaddress

from ...base.rule import Rule
from ..checker import Checker
from ._ranges import Range, Ranges, virtual_networks

RULES = (
    Rule(
        "PV2415",
        "invalid address space",
        why="The ranges of a network must not overlap. Azure and the protocols of the internet reserve some ranges.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
 network:
   virtual_networks:
-    net: {address_space: [10.0.0.0/16, 10.0.128.0/17]}
+    net: {address_space: [10.0.0.0/16]}
""",
    ),
)

_KEPT = {
    ipaddress.ip_network("224.0.0.0/4"): "multicast",
    ipaddress.ip_network("255.255.255.255/32"): "broadcast",
    ipaddress.ip_network("127.0.0.0/8"): "loopback",
    ipaddress.ip_network("169.254.0.0/16"): "link-local addresses",
    ipaddress.ip_network("168.63.129.16/32"): "Azure's own name server",
}
"""What no address space may lie in. A wider one that holds such a range, as 0.0.0.0/0 does, is accepted."""


def check(checker: Checker) -> None:
    for network in virtual_networks(checker):
        whole = Ranges()
        for item in network.space:
            _kept(checker, item)
            _overlaps(checker, item, whole)
            whole.add(item)


def _kept(checker: Checker, item: Range) -> None:
    for kept, what in _KEPT.items():
        found = item.network
        if found.version == kept.version and found[0] in kept and found[-1] in kept:
            reason = f"A network cannot have addresses of {kept}."
            hint = "use a private range, such as 10.0.0.0/16"
            checker.error("PV2415", f"{found} is reserved for {what}", *item.path, reason=reason, hint=hint)


def _overlaps(checker: Checker, item: Range, whole: Ranges) -> None:
    for other in (each.network for each in whole.overlapping(item.network)):
        inner = item.network if item.network.prefixlen > other.prefixlen else other
        summary, reason = f"{item.network} overlaps {other}", "Both are ranges of this network."
        checker.error("PV2415", summary, *item.path, reason=reason, hint=f"remove {inner}")

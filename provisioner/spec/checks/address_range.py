"""Ranges of addresses are ranges: in networks without host bits, in security rules also single addresses."""

from __future__ import annotations

import contextlib
import ipaddress

from ...base.rule import Rule
from ..checker import Checker
from ._ranges import virtual_networks
from ._security_rules import sides

RULES = (
    Rule(
        "PV2401",
        "not an address range",
        why="A range consists of its first address and a length. Azure refuses a range with host bits.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
        example="""
-network: {virtual_networks: {net: {address_space: [10.0.0.5/16]}}}
+network: {virtual_networks: {net: {address_space: [10.0.0.0/16]}}}
""",
    ),
)

_IN_A_RULE = "use an IP address, a range such as 10.0.0.0/24, a service tag such as Internet, or any"


def check(checker: Checker) -> None:
    for network in virtual_networks(checker):
        for at, text, error in network.invalid:
            hint = "write a range such as 10.0.0.0/24"
            with contextlib.suppress(ValueError):
                hint = f"did you mean {ipaddress.ip_network(text, strict=False)}?"
            checker.error("PV2401", f'"{text}" is not an address range', *at, reason=f"{error}.", hint=hint)
    for side in sides(checker):
        for at, text, error in side.invalid:
            checker.error("PV2401", f'"{text}" is not an address range', *at, reason=f"{error}.", hint=_IN_A_RULE)

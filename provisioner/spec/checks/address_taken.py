"""A public address serves one interface or NAT gateway, and a private one is unique in its network."""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ._interfaces import interfaces, subnet_of

RULES = (
    Rule(
        "PV2409",
        "IP address taken",
        why="A public IP serves one interface or NAT gateway, and a private IP address is unique in its network.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   interfaces:
     one: {subnet: net/front, private_ip: 10.0.1.4}
-    two: {subnet: net/front, private_ip: 10.0.1.4}
+    two: {subnet: net/front, private_ip: 10.0.1.5}
""",
    ),
)

_Taken = dict[tuple[str, str], tuple[Path, Path]]
"""By subnet (or ``_PUBLIC``) and address: what has it, and where that is said."""
_PUBLIC = "public_ip"


def check(checker: Checker) -> None:
    taken: _Taken = {}
    for interface in interfaces(checker):
        for word, scope in (("private_ip", subnet_of(interface)), ("public_ip", _PUBLIC)):
            # A mapping is an address of the interface's own, which nothing else can name.
            if interface.text(word):
                _free(checker, interface.path, interface.at(word), interface.text(word), scope, taken)
    for gateway in checker.entries("network", "nat_gateways"):
        for at, name in gateway.texts("public_ips"):
            _free(checker, gateway.path, at, name, _PUBLIC, taken)


def _free(checker: Checker, path: Path, at: Path, value: str, scope: str, taken: _Taken) -> None:
    name = value.removeprefix("network/public_ips/").lower()
    other, place = taken.setdefault((scope, name), (path, at))
    if place != at:
        reason = f"{'/'.join(map(str, other))} has it at {checker.place(place, at)}."
        hint = "create another one under public_ips" if scope == _PUBLIC else "remove it, so that Azure chooses one"
        checker.error("PV2409", f"{value} is already taken", *at, reason=reason, hint=hint)

"""Ports are numbers up to 65535, and a range goes upwards."""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ._security_rules import items, rules

RULES = (
    Rule(
        "PV2412",
        "not a range of ports",
        why=(
            "A port is a number up to 65,535, and a range goes from the lower to the higher one. "
            "Azure refuses anything else."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
        example="""
 network:
   security_groups:
     web:
       rules:
-        app: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: 10.0.0.0/8, destination_ports: [8010-8000]}
+        app: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: 10.0.0.0/8, destination_ports: [8000-8010]}
""",  # noqa: E501
    ),
)

_LAST_PORT = 65535


def check(checker: Checker) -> None:
    for rule in rules(checker):
        for word in ("source_ports", "destination_ports"):
            for at, text in items(rule, word):
                _ports(checker, at, text)


def _ports(checker: Checker, at: Path, text: str) -> None:
    first, _, last = text.partition("-")
    if not first.isdecimal():
        return
    summary = f'"{text}" is not a range of ports'
    if int(last or first) > _LAST_PORT or int(first) > _LAST_PORT:
        reason, hint = "Ports go from 0 to 65,535.", "write a port or a range, such as 443, 8000-8010, or any"
        checker.error("PV2412", summary, *at, reason=reason, hint=hint)
    elif last and int(first) > int(last):
        checker.error(
            "PV2412",
            summary,
            *at,
            reason="A range goes from the lower to the higher port.",
            hint=f"write {last}-{first}",
        )

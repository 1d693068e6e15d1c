"""Rules that let the whole internet in: to management ports, and to others that are seldom meant for everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part
from ._security_rules import rules

RULES = (
    Rule(
        "PV2901",
        "management port open to the internet",
        why="Scanners try the ports of SSH and RDP of every public IP address all day. One weak password is enough.",
        source="https://learn.microsoft.com/azure/defender-for-cloud/just-in-time-access-overview",
        severity="warning",
        example="""
 network:
   security_groups:
     web:
       rules:
-        ssh: {priority: 100, direction: inbound, access: allow, destination_ports: [22]}
+        ssh: {priority: 100, direction: inbound, access: allow, source: 198.51.100.0/24, destination_ports: [22]}
""",
    ),
    Rule(
        "PV2902",
        "rule that allows the whole internet",
        why="A service that is open to the internet is found by scanners within hours.",
        source="https://learn.microsoft.com/azure/security/fundamentals/network-best-practices",
        severity="warning",
        example="""
 network:
   security_groups:
     db:
       rules:
-        postgres: {priority: 100, direction: inbound, access: allow, destination_ports: [5432]}
+        postgres: {priority: 100, direction: inbound, access: allow, source: VirtualNetwork, destination_ports: [5432]}
""",
    ),
)

_EVERYWHERE = frozenset({"any", "*", "internet", "0.0.0.0/0", "::/0"})
_MANAGEMENT = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM"}
_WEB = frozenset({(80, 80), (443, 443)})
_WITHOUT_PORTS = ("icmp", "esp", "ah")


def check(checker: Checker) -> None:
    for rule in rules(checker):
        if rule.get("direction") == "inbound" and rule.get("access") == "allow" and _is_from_everywhere(rule):
            _ports(checker, rule)


def _is_from_everywhere(rule: Part) -> bool:
    if rule.get("protocol") in _WITHOUT_PORTS or "source_application_security_groups" in rule:
        return False
    source = rule.get("source") if "source" in rule else "any"
    return any(str(each).lower() in _EVERYWHERE for each in (source if isinstance(source, list) else [source]))


def _ports(checker: Checker, rule: Part) -> None:
    ports = list(_ranges(rule.get("destination_ports") if "destination_ports" in rule else "any"))
    management = {name for port, name in _MANAGEMENT.items() if any(low <= port <= high for low, high in ports)}
    has_source = "source" in rule
    at = rule.at("source") if has_source else rule.path
    if management:
        summary = f"the rule {rule.key} opens {' and '.join(sorted(management))} to the whole internet"
        reason = "VMs with open management ports are attacked within minutes."
        hint = "set `source:` to the ranges that need it, or use Azure Bastion"
        checker.warning("PV2901", summary, *at, reason=reason, hint=hint, key=not has_source)
    elif any(each not in _WEB for each in ports):
        reason = "Usually, only ports 80 and 443 are open to the whole internet."
        hint = "set `source:` to ranges or a service tag"
        checker.warning(
            "PV2902",
            f"the rule {rule.key} allows the whole internet",
            *at,
            reason=reason,
            hint=hint,
            key=not has_source,
        )


def _ranges(ports: object) -> Iterator[tuple[int, int]]:
    for port in ports if isinstance(ports, list) else [ports]:
        low, _, high = str(port).partition("-")
        if low in ("any", "*"):
            yield 0, 65535
        elif low.isdecimal() and (not high or high.isdecimal()):
            yield int(low), int(high or low)

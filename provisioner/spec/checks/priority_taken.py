"""Rules of one direction have priorities that differ."""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2404",
        "priority taken",
        why=(
            "Azure tries the rules of one direction in the order of their priorities, so that each priority is unique."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview",
        example="""
 network:
   security_groups:
     web:
       rules:
         https: {priority: 100, direction: inbound, access: allow, destination_ports: [443]}
-        ssh: {priority: 100, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [22]}
+        ssh: {priority: 110, direction: inbound, access: allow, source: 10.0.0.0/8, destination_ports: [22]}
""",
    ),
)

_LAST_PRIORITY = 4096
_MOST_RULES_LOOKED_AT = 1000


def check(checker: Checker) -> None:
    for group in checker.entries("network", "security_groups"):
        ranks: dict[tuple[str, object], tuple[str, Path]] = {}
        rules = list(group.parts("rules"))
        for rule in rules:
            at, priority = rule.at("priority"), rule.get("priority")
            direction = rule.text("direction")
            other, place = ranks.setdefault((direction, priority), (rule.key, at))
            if place != at:
                reason = f"The {direction} rule {other} has it at {checker.place(place, at)}."
                hint = _free_priority(rules, direction, priority)
                checker.error("PV2404", f"the priority {priority} is already taken", *at, reason=reason, hint=hint)


def _free_priority(rules: list[Part], direction: str, priority: object) -> str:
    # Each rule that is reported is compared with all others, which takes seconds for thousands of rules.
    if len(rules) <= _MOST_RULES_LOOKED_AT and isinstance(priority, (int, str)):
        taken = {rule.get("priority") for rule in rules if rule.get("direction") == direction}
        free = next((each for each in range(int(priority) + 1, _LAST_PRIORITY + 1) if each not in taken), None)
        if free is not None:
            return f"use {free}, which is free"
    return "set a different priority for each rule"

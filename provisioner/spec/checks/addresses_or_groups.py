"""A rule has either addresses or application security groups on each side."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._security_rules import rules

RULES = (
    Rule(
        "PV2419",
        "addresses and application security groups in one rule",
        why=(
            "Azure allows either addresses or application security groups as the source of a rule, and as its "
            "destination."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/application-security-groups",
        example="""
 network:
   application_security_groups: {web: {}}
   security_groups:
     doors:
       rules:
         app:
           priority: 100
           direction: inbound
           access: allow
-          source: 10.1.0.0/16
           source_application_security_groups: [web]
""",
    ),
)


def check(checker: Checker) -> None:
    for rule in rules(checker):
        for word in ("source", "destination"):
            groups = f"{word}_application_security_groups"
            if word in rule and groups in rule:
                checker.error(
                    "PV2419",
                    f"the rule {rule.key} has both {word} and {groups}",
                    *rule.at(groups),
                    reason="Azure allows either addresses or application security groups on each side of a rule.",
                    hint=f"remove one of them, or create a second rule for {word}",
                    key=True,
                )

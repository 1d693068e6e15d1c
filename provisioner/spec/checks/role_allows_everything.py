"""A custom role with a wildcard alone is as good as Owner."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2906",
        "custom role that allows everything",
        why="A role with `*` is equivalent to Owner, but reviews of owners overlook it.",
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        severity="warning",
        example="""
 roles:
-  operator: {actions: ["*"]}
+  operator: {actions: [Microsoft.Compute/*]}
""",
    ),
)


def check(checker: Checker) -> None:
    for role in checker.entries("roles"):
        for word in ("actions", "data_actions"):
            at = next((at for at, action in role.texts(word) if action == "*"), None)
            if at is not None:
                hint = "list the actions, or use those of one provider: Microsoft.Compute/*"
                summary, reason = f"{role.address} allows everything", "It is equivalent to Owner."
                checker.warning("PV2906", summary, *at, reason=reason, hint=hint)

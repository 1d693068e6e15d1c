"""A custom role with a wildcard alone is as good as Owner."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2906",
        "custom role that allows everything",
        why="A role with `*` is Owner under another name, and is overlooked when owners are reviewed.",
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
                hint = "name the actions, or those of a provider: Microsoft.Compute/*"
                summary, reason = "this role allows everything", "It is as good as Owner."
                checker.warning("PV2906", summary, *at, reason=reason, hint=hint)

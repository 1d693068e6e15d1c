"""A custom role allows at least one action."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2704",
        "role that allows nothing",
        why="Azure refuses a custom role without an action.",
        source="https://learn.microsoft.com/azure/role-based-access-control/custom-roles",
        example="""
 roles:
-  starter: {description: Starts machines}
+  starter: {description: Starts machines, actions: [Microsoft.Compute/virtualMachines/start/action]}
""",
    ),
)


def check(checker: Checker) -> None:
    for role in checker.entries("roles"):
        if not role.get("actions") and not role.get("data_actions"):
            hint = "add `actions:` or `data_actions:`"
            checker.error("PV2704", f"{role.address} allows nothing", *role.path, hint=hint, key=True)

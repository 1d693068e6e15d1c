"""A custom role whose holders can write role assignments can give themselves every right."""

from __future__ import annotations

import fnmatch

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2907",
        "custom role that can grant roles",
        why="A principal that can write role assignments can grant itself every other permission at that scope.",
        source="https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview",
        severity="warning",
        example="""
 roles:
-  operator: {actions: [Microsoft.Authorization/*]}
+  operator: {actions: [Microsoft.Authorization/*], not_actions: [Microsoft.Authorization/*/write]}
""",
    ),
)

_GRANTING = "microsoft.authorization/roleassignments/write"
_WITHOUT = "exclude it with `not_actions: [Microsoft.Authorization/*/write]`, or grant it with a `condition:`"


def check(checker: Checker) -> None:
    for role in checker.entries("roles"):
        if any(_grants(action) for _, action in role.texts("not_actions")):
            continue
        for at, action in role.texts("actions"):
            # Another check reports a wildcard without a provider.
            if action != "*" and _grants(action):
                reason = "A principal with this role can grant itself every permission at its scope."
                checker.warning(
                    "PV2907", f"{role.address} lets its holders grant roles", *at, reason=reason, hint=_WITHOUT
                )


def _grants(action: str) -> bool:
    return fnmatch.fnmatchcase(_GRANTING, action.lower())

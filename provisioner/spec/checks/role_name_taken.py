"""The name of a custom role is unique in the directory."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2705",
        "two roles with one name",
        why="The name of a custom role is unique in the directory.",
        source="https://learn.microsoft.com/azure/role-based-access-control/custom-roles",
        example="""
 roles:
   starter: {actions: [Microsoft.Compute/virtualMachines/start/action]}
-  stopper: {name: starter, actions: [Microsoft.Compute/virtualMachines/deallocate/action]}
+  stopper: {actions: [Microsoft.Compute/virtualMachines/deallocate/action]}
""",
    ),
)


def check(checker: Checker) -> None:
    names: dict[str, str] = {}
    for role in checker.entries("roles"):
        name = role.text("name", role.key)
        other = names.setdefault(name.lower(), role.key)
        if other != role.key:
            has_name = "name" in role
            at = role.at("name") if has_name else role.path
            summary = f'roles/{other} already has the name "{name}"'
            reason, hint = "The name of a role is unique in the directory.", "choose another `name:`"
            checker.error("PV2705", summary, *at, reason=reason, hint=hint, key=not has_name)

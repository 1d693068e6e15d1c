"""A custom role is granted at its assignable scopes and below only."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2706",
        "role granted outside its scopes",
        why="A custom role can be granted only at its assignable scopes and below.",
        source="https://learn.microsoft.com/azure/role-based-access-control/custom-roles",
        example="""
 identities: {app: {}}
 roles:
   starter:
     actions: [Microsoft.Compute/virtualMachines/start/action]
+    assignable_scopes: [subscription]
 role_grants:
   start: {role: starter, scope: subscription, to: [identities/app]}
""",
    ),
)


def check(checker: Checker) -> None:
    for grant in checker.entries("role_grants"):
        role = checker.declared(grant.text("role"), "roles")
        if role is None or grant.get("scope") != "subscription":
            continue
        scopes = role.get("assignable_scopes") if "assignable_scopes" in role else ["resource_group"]
        if isinstance(scopes, list) and set(scopes) <= {"resource_group"}:
            hint = f"add `assignable_scopes: [subscription]` to roles/{role.key}"
            summary = f"roles/{role.key} can be granted only in the resource group"
            checker.error("PV2706", summary, *grant.at("scope"), hint=hint)

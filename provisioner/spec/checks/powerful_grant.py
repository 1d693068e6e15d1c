"""Roles with which a principal can give itself every right, on the whole subscription."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2905",
        "powerful role on the whole subscription",
        why=(
            "An attacker who takes over this identity controls the subscription. Grant only the "
            "permissions that the work needs."
        ),
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        severity="warning",
        example="""
 identities: {app: {}}
 role_grants:
-  all: {role: Owner, scope: subscription, to: [identities/app]}
+  read: {role: Reader, scope: subscription, to: [identities/app]}
""",
    ),
)

_PRIVILEGED = {
    "owner": "Owner",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "user access administrator": "User Access Administrator",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "role based access control administrator": "Role Based Access Control Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}
"""By name and by GUID: "Azure built-in roles", which have the same GUID in every directory."""


def check(checker: Checker) -> None:
    for grant in checker.entries("role_grants"):
        role = _PRIVILEGED.get(grant.text("role").rpartition("/")[2].lower())
        # A condition can limit which roles its holder may grant.
        if role is not None and _is_of_subscription(grant.text("scope")) and "condition" not in grant:
            summary = f"{grant.address} grants {role} on the whole subscription"
            reason = "A principal with this role can grant itself every permission in the subscription."
            hint = "grant a narrower role, at a narrower `scope:`, or with a `condition:`"
            checker.warning("PV2905", summary, *grant.at("role"), reason=reason, hint=hint)


def _is_of_subscription(scope: str) -> bool:
    return scope == "subscription" or (scope.startswith("/subscriptions/") and scope.strip("/").count("/") == 1)

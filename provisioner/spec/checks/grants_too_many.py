"""A subscription holds 4000 role assignments."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2703",
        "too many grants",
        why="A subscription allows 4,000 role assignments, including existing ones.",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits",
        example="""
 identities: {app: {count: 4001}}
 role_grants:
-  read: {role: Reader, scope: resource_group, to: [identities/app]}
+  read: {role: Reader, scope: resource_group, to: [{group: 0b1f6471-1bf0-4dda-aec3-cb9272f09590}]}
""",
    ),
)

_AT_MOST = 4000
"""Role assignments in a subscription: https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"""


def check(checker: Checker) -> None:
    count = 0
    for grant in checker.entries("role_grants"):
        principals = grant.get("to")
        before, count = count, count + (len(principals) if isinstance(principals, list) else 0)
        if count > _AT_MOST >= before:
            reason = f"A subscription allows {_AT_MOST:,} role assignments, including existing ones."
            hint = "grant to a group, or to one identity that the VMs share"
            summary = f"the spec creates more than {_AT_MOST:,} role assignments"
            checker.error("PV2703", summary, *grant.at("to"), reason=reason, hint=hint)

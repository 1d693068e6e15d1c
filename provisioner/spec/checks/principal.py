"""What receives a role has an identity in the directory."""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import value_at
from ..checker import Checker

RULES = (
    Rule(
        "PV2701",
        "not a principal",
        why="Azure grants roles only to principals in the directory.",
        source="https://learn.microsoft.com/azure/role-based-access-control/overview",
        example="""
 identities: {app: {}}
 network: {public_ips: {out: {}}}
 role_grants:
-  read: {role: Reader, scope: resource_group, to: [network/public_ips/out]}
+  read: {role: Reader, scope: resource_group, to: [identities/app]}
""",
    ),
)

_PRINCIPALS = ("vms", "identities", "existing")
_WHY = "A VM with a system-assigned identity, an identity, or an existing one can receive a role."
_HINT = "use vms/…, identities/…, existing/…, deployer, or {group: GUID}"


def check(checker: Checker) -> None:
    for grant in checker.entries("role_grants"):
        for at, to in grant.texts("to"):
            section, _, key = to.partition("/")
            # Resolving references reports an address that names nothing.
            is_there = section == "existing" or value_at(checker.spec.data, tuple(to.split("/"))) is not None
            if to != "deployer" and is_there and (section not in _PRINCIPALS or "/" in key):
                checker.error("PV2701", f'"{to}" is not a principal', *at, reason=_WHY, hint=_HINT)

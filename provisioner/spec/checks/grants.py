"""Grants: only to identities that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path, value_at

if TYPE_CHECKING:
    from .validation import Checker

_PRINCIPALS = ("vms", "identities", "existing")
_AT_MOST = 4000
"""Role assignments in a subscription: https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"""


def check(checker: Checker) -> None:
    machines = checker.spec.section("vms")
    count = 0
    for path, data in checker.entries("role_grants"):
        count += len(data["to"])
        if count > _AT_MOST >= count - len(data["to"]):
            reason = f"A subscription holds {_AT_MOST} role assignments, those of everybody else among them."
            checker.error("PV2703", (*path, "to"), f"these make more than {_AT_MOST} grants", reason=reason,
                          hint="grant to a group, or to one identity that the machines share")  # fmt: skip
        for index, to in enumerate(data["to"]):
            if isinstance(to, str) and to != "deployer":
                _principal(checker, (*path, "to", index), to, machines)


def _principal(checker: Checker, path: Path, to: str, machines: Mapping[str, Any]) -> None:
    section, _, key = to.partition("/")
    is_there = value_at(checker.spec.data, tuple(to.split("/"))) is not None or section == "existing"
    if is_there and (section not in _PRINCIPALS or "/" in key):
        reason = "A machine with a system-assigned identity, an identity, or an existing one can receive a role."
        checker.error("PV2701", path, f'"{to}" is no principal', reason=reason,
                      hint="vms/…, identities/…, existing/…, deployer, or {group: GUID}")  # fmt: skip
    elif section == "vms" and isinstance(machines.get(key), Mapping):
        identity = machines[key].get("identity")
        if not isinstance(identity, Mapping) or identity.get("system_assigned") is not True:
            hint = f"add `identity: {{system_assigned: true}}` to {to}, or grant to its user-assigned one"
            checker.error("PV2702", path, f"{to} has no system-assigned identity", hint=hint)

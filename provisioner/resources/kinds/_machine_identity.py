"""The identities of a machine: ours, those that the spec dropped, and those that others put there.

REST "Virtual Machines - Update": ``identity.userAssignedIdentities`` is a map by ARM ID, in which null removes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...base import arm_id
from ...base.values import Body
from ..resource import Context

BOTH = "SystemAssigned, UserAssigned"
SYSTEM = "system"
"""The part that the system-assigned identity is, among a machine's parts."""


def identity_block(identity: Mapping[str, Any], context: Context) -> Body:
    users = [
        context.ref("identities", value, "identity", "user_assigned", index)
        for index, value in enumerate(identity.get("user_assigned", []))
    ]
    system = bool(identity.get("system_assigned"))
    result: Body = {"type": (BOTH if users else "SystemAssigned") if system else ("UserAssigned" if users else "None")}
    if users:
        result["userAssignedIdentities"] = {user: {} for user in users}
    if identity.get("system_assigned") is False:
        # Said in so many words: there must be no system identity, not even one that a policy made.
        result["principalId"] = None
    return result


def with_identities(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """Keep the identities that others put on the machine (Azure Policy does); drop ours that the spec dropped."""
    present = actual.get("identity") or {}
    wanted = desired.get("identity")
    if wanted is None:
        attached = present.get("userAssignedIdentities") or {}
        if not any(is_ours(user) or is_ours(arm_id.short(user)) for user in attached) and not is_ours(SYSTEM):
            return desired
        wanted = {"type": "None"}
    if is_ours(SYSTEM) and "SystemAssigned" not in wanted["type"]:
        wanted = {**wanted, "principalId": None}
    listed = {arm_id.key(str(identity)): identity for identity in wanted.get("userAssignedIdentities", {})}
    users: dict[str, Any] = {identity: {} for identity in listed.values()}
    for identity in present.get("userAssignedIdentities") or {}:
        if arm_id.key(identity) not in listed:
            users[identity] = None if is_ours(identity) or is_ours(arm_id.short(identity)) else {}
    system = "SystemAssigned" in wanted["type"] or (
        "principalId" not in wanted and "SystemAssigned" in str(present.get("type", ""))
    )
    kept = any(value is not None for value in users.values())
    kind = (BOTH if kept else "SystemAssigned") if system else ("UserAssigned" if kept else "None")
    identity = {**wanted, "type": kind, **({"userAssignedIdentities": users} if users else {})}
    if kind == "None":
        identity = {"type": "None"} if present.get("type") else {}
    result = {**desired, "identity": identity}
    if not identity:
        del result["identity"]
    return result


def part_names(desired: Body) -> list[str]:
    """The identities that the spec puts on the machine."""
    identity = desired.get("identity") or {}
    names = [arm_id.short(str(user)) for user in identity.get("userAssignedIdentities", {})]
    return [*names, *([SYSTEM] if "SystemAssigned" in identity.get("type", "") else [])]

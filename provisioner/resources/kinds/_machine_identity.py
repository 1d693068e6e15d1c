"""The identities of a machine: ours, those that the spec dropped, and those that others put there.

REST "Virtual Machines - Update": ``identity.userAssignedIdentities`` is a map by ARM ID, in which null removes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from ...base import arm_id
from ...base.values import Body
from ..entry import Context


class IdentityEntry(TypedDict, total=False):
    """``identity:`` of a machine."""

    system_assigned: bool
    user_assigned: list[str]
    unlisted: str


BOTH = "SystemAssigned, UserAssigned"
SYSTEM = "system"
"""The part that the system-assigned identity is, among a machine's parts."""


def identity_block(identity: IdentityEntry, context: Context) -> Body:
    users = [
        context.ref("identities", value, "identity", "user_assigned", index)
        for index, value in enumerate(identity.get("user_assigned", []))
    ]
    result: Body = {"type": _type(bool(identity.get("system_assigned")), bool(users))}
    if users:
        result["userAssignedIdentities"] = {user: {} for user in users}
    if identity.get("system_assigned") is False:
        # Said in so many words: there must be no system identity, not even one that a policy made.
        result["principalId"] = None
    return result


def with_identities(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """Keep the identities that others put on the machine (Azure Policy does); drop ours that the spec dropped."""
    present = actual.get("identity") or {}
    wanted = _wanted(desired, present, is_ours)
    if wanted is None:
        return desired
    users = _users(wanted, present, is_ours)
    # "principalId" is null where there must be no system identity; only where it says nothing one of others is kept.
    is_kept = "principalId" not in wanted and "SystemAssigned" in str(present.get("type", ""))
    has_system = "SystemAssigned" in wanted["type"] or is_kept
    kind = _type(has_system, has_users=any(value is not None for value in users.values()))
    if kind != "None":
        listed = {"userAssignedIdentities": users} if users else {}
        return {**desired, "identity": {**wanted, "type": kind, **listed}}
    if present.get("type"):
        # The type alone removes every identity, so the map with a null for each is left out.
        return {**desired, "identity": {"type": "None"}}
    return {name: value for name, value in desired.items() if name != "identity"}


def _wanted(desired: Body, present: Body, is_ours: Callable[[str], bool]) -> Body | None:
    """The identities that the spec wants; None where it says nothing of them and none of ours is on the machine."""
    wanted: Body | None = desired.get("identity")
    if wanted is None:
        attached = present.get("userAssignedIdentities") or {}
        if not is_ours(SYSTEM) and not any(_is_our_user(user, is_ours) for user in attached):
            return None
        wanted = {"type": "None"}
    if is_ours(SYSTEM) and "SystemAssigned" not in wanted["type"]:
        return {**wanted, "principalId": None}
    return wanted


def _users(wanted: Body, present: Body, is_ours: Callable[[str], bool]) -> dict[str, object]:
    """The user-assigned identities: ``{}`` for each that is wanted or that others attached, None for each to detach."""
    listed = {arm_id.key(str(identity)): identity for identity in wanted.get("userAssignedIdentities", {})}
    users: dict[str, object] = {identity: {} for identity in listed.values()}
    for identity in present.get("userAssignedIdentities") or {}:
        if arm_id.key(identity) not in listed:
            users[identity] = None if _is_our_user(identity, is_ours) else {}
    return users


def _is_our_user(identity: str, is_ours: Callable[[str], bool]) -> bool:
    # By its ID where it is in the spec or owned; by its short form where only the machine's tag of parts lists it.
    return is_ours(identity) or is_ours(arm_id.short(identity))


def _type(has_system: bool, has_users: bool) -> str:
    if has_system:
        return BOTH if has_users else "SystemAssigned"
    return "UserAssigned" if has_users else "None"


def part_names(desired: Body) -> list[str]:
    """The identities that the spec puts on the machine."""
    identity = desired.get("identity") or {}
    names = [arm_id.short(str(user)) for user in identity.get("userAssignedIdentities", {})]
    return [*names, *([SYSTEM] if "SystemAssigned" in identity.get("type", "") else [])]

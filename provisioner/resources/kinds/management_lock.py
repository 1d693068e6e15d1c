"""Management lock: no deletes, or no changes, of a scope and what is beneath it. REST:
https://learn.microsoft.com/rest/api/resources/management-locks (2016-09-01, which the SDK sends).

It takes no tags: its notes name the deployment, as a role assignment's description does. What it forbids: "Lock your
resources to protect your infrastructure"."""

from __future__ import annotations

from ...base import arm_id
from ...base.values import Body, Ref
from ..entry import Context, Entry, Find
from ..facts import Import, LockFacts, Operations, Ownership, Replacement, Rights, Rules, Schema, Timing
from ..kind import Kind, name_of
from ..owner_in_text import mark, owner, without_mark
from ._bodies import compact, unless
from .role_assignment import scope_of

LEVELS = {"cannot_delete": "CanNotDelete", "read_only": "ReadOnly"}
_OURS = {theirs.lower(): ours for ours, theirs in LEVELS.items()}


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    notes = mark(data.get("notes", ""), context.deployment)
    return {"properties": {"level": LEVELS[data["level"]], "notes": notes}}


def identity(entry: Entry, context: Context) -> str:
    """At the scope that it locks."""
    scope = scope_of(entry.data.get("scope", "resource_group"), context, "scope")
    if isinstance(scope, Ref) and scope.address.startswith("locks/"):
        hint = "name the resource to lock"
        context.error("PV2109", f"{scope.address} is a lock, which cannot be locked", "scope", hint=hint)
        return ""
    at = context.arm_id(scope) if isinstance(scope, Ref) else scope
    return f"{at}/providers/{KIND.type}/{name_of(KIND, entry)}"


def owner_of(body: Body) -> str:
    return owner((body.get("properties") or {}).get("notes"))


def scope(identity: str) -> str:
    """The ID of what a lock locks, by its own ID."""
    return arm_id.parse(identity).scope


def is_read_only(body: Body | None) -> bool:
    """Whether it forbids changes, not deletes alone."""
    return _property(body, "level").lower() == "readonly"


def notes(body: Body | None) -> str:
    """What people wrote on it."""
    return without_mark(_property(body, "notes"))


def _property(body: Body | None, name: str) -> str:
    properties: dict[str, object] = (body or {}).get("properties") or {}
    return str(properties.get(name) or "")


def entry(body: Body, find: Find) -> Body:
    """What is said beside the scope, which needs the rest of the spec."""
    return compact({"level": _OURS.get(_property(body, "level").lower()), "notes": unless(notes(body))})


KIND = Kind(
    name="management_lock",
    type="Microsoft.Authorization/locks",
    scope="any",
    schema=Schema(
        sections=("locks/*",),
        body=body,
        name_rule=(
            r"[^<>%&:\\?/]{0,259}[^<>%&:\\?/. ]",
            "1 to 260 characters without < > % & : \\ ? /, and no dot or space at the end",
        ),
        resource_id=identity,
    ),
    operations=Operations(
        "locks",
        "management_locks",
        put="create_or_update_by_scope",
        get="get_by_scope",
        delete="delete_by_scope",
        list="list_by_scope",
    ),
    rules=Rules(
        read_only=("id", "name", "type", "systemData", "properties.owners"),
        case_insensitive=("properties.level",),
    ),
    rights=Rights(LockFacts(scope, is_read_only, notes)),
    ownership=Ownership(
        taggable=False,
        owner=owner_of,
    ),
    replacement=Replacement(
        when_deleted=("live", "the locked resource can be changed and deleted again"),
        when_replaced=("live", "the locked resource can be changed and deleted again"),
    ),
    importing=Import(entry=entry),
    timing=Timing(typical_s=1),
)

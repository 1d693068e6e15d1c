"""Role assignment: a role granted to one principal at a scope. REST:
https://learn.microsoft.com/rest/api/authorization/role-assignments (2022-04-01).

Its name is a UUIDv5 of (scope, principal's ARM ID, role definition ID), so a second apply finds the same one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from ...base import arm_id
from ...base.values import Body, Lookup, Ref
from .. import owner_in_text
from ..entry import Context, Entry, Find
from ..facts import AssignmentKey, Import, Operations, Ownership, Replacement, Rights, Rules, Schema, Timing
from ..kind import Kind
from ..owner_in_text import mark, without_mark, written
from ._bodies import compact, unless

_NAMESPACE = uuid.UUID("6f0f1d5c-6a0e-5d53-9d0a-2f0b8f6a3c11")
owner = owner_in_text.owner
_OPTIONAL = {
    "condition": ("condition", "conditionVersion"),
    "delegated_managed_identity": ("delegatedManagedIdentityResourceId",),
}
"""Our key: what Azure calls it. That a PUT without a condition removes it is not verified on Azure."""
_DIRECTORY = {"group": "Group", "user": "User", "service_principal": "ServicePrincipal"}


def expand(entry: Entry) -> list[Entry]:
    """One entry for each principal: ``role_grants/contribute/vms/web``."""
    return [
        Entry(f"{entry.address}/{_slug(to)}", entry.key, {**entry.data, "to": to, "index": index}, entry.path)
        for index, to in enumerate(entry.data["to"])
    ]


def _slug(to: str | Mapping[str, str]) -> str:
    return to if isinstance(to, str) else "/".join(f"{key}/{value}" for key, value in to.items())


def assignment_key(entry: Entry, context: Context) -> AssignmentKey:
    data = entry.data
    to = data["to"]
    principal: Ref | Lookup | str
    if to == "deployer":
        principal = Lookup("deployer")
    elif isinstance(to, dict):
        principal = str(next(iter(to.values())))
    else:
        principal = context.address(to, "to", data["index"])
    scope = scope_of(data.get("scope", "resource_group"), context, "scope")
    return AssignmentKey(scope, principal, _role(data["role"], scope, context))


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    to = data["to"]
    parts = assignment_key(entry, context)
    principal = parts.principal
    kind: str | None = "ServicePrincipal"
    if isinstance(principal, Ref):
        principal = Ref(principal.address, "principal_id")
    elif isinstance(to, dict):
        kind = _DIRECTORY[next(iter(to))]
    else:
        kind = None
    properties: Body = {
        "roleDefinitionId": parts.role,
        "principalId": principal,
        "description": mark(data.get("description", ""), context.deployment, [key for key in _OPTIONAL if key in data]),
    }
    if kind:
        properties["principalType"] = kind
    if "condition" in data:
        properties |= {"condition": data["condition"], "conditionVersion": "2.0"}
    if "delegated_managed_identity" in data:
        properties["delegatedManagedIdentityResourceId"] = data["delegated_managed_identity"]
    return {"properties": properties}


def entry(body: Body, find: Find) -> Body:
    """What is said beside the role, the scope and the principal, which need the rest of the spec."""
    properties = body["properties"]
    return compact(
        {
            "description": unless(without_mark(properties.get("description") or "")),
            "condition": unless(properties.get("condition")),
            "delegated_managed_identity": unless(properties.get("delegatedManagedIdentityResourceId")),
        }
    )


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """A role is known by its GUID: above subscriptions Azure names it without one.

    What the deployment wrote and the spec no longer has goes. A grant of an earlier version, whose description does not
    say what the deployment wrote, gets no other description for that alone.
    """
    theirs = actual["properties"]
    properties = {**desired["properties"], **_left(desired["properties"], theirs)}
    wanted, present = properties["roleDefinitionId"], theirs.get("roleDefinitionId", "")
    if isinstance(wanted, str) and _guid(wanted) == _guid(present):
        properties["roleDefinitionId"] = present
    ours, description = str(properties.get("description", "")), str(theirs.get("description") or "")
    is_same = (owner(ours), without_mark(ours)) == (owner(description), without_mark(description))
    is_same = is_same and properties.get("condition") == theirs.get("condition")
    if is_same and written(ours) and not written(description):
        properties["description"] = description
    return {**desired, "properties": properties}


def _left(properties: Body, theirs: Body) -> Body:
    """None for all that the description lists and the spec lacks."""
    gone = [_OPTIONAL[key] for key in written(theirs.get("description")) if key in _OPTIONAL]
    return {name: None for names in gone for name in names if name not in properties}


def _guid(role_definition: str) -> str:
    return role_definition.rpartition("/")[2].lower()


def name(scope: str, principal: str, role_definition: str) -> str:
    """The name of the assignment; all three are IDs."""
    return str(uuid.uuid5(_NAMESPACE, "|".join(map(arm_id.key, (scope, principal, _guid(role_definition))))))


def scope_of(scope: str, context: Context, *at: str | int) -> Ref | str:
    """``resource_group``, ``subscription``, an address or an ARM ID, which stands at a place of the entry."""
    if scope == "resource_group":
        return context.group
    if scope == "subscription":
        return context.subscription
    if scope.startswith("/"):
        return scope if scope == "/" else context.ref("existing", scope, *at)
    return context.address(scope, *at)


def _role(role: str, scope: Ref | str, context: Context) -> Lookup | Ref | str:
    if role.startswith("roles/") or context.declares("roles", role):
        return context.ref("roles", role, "role")
    if arm_id.looks_like_id(role):
        return role
    if arm_id.is_guid(role):
        return f"{context.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return Lookup("role", role, scope)


def granted_by(body: Body) -> str:
    return owner((body.get("properties") or {}).get("description"))


def principal_granted(body: Body) -> str:
    """The object ID, in lower case, of the principal to which an assignment gives its role; empty without one."""
    return str((body.get("properties") or {}).get("principalId") or "").lower()


KIND = Kind(
    name="role_assignment",
    type="Microsoft.Authorization/roleAssignments",
    scope="any",
    schema=Schema(
        sections=("role_grants/*",),
        body=body,
        expand=expand,
        shown={
            "principal_id": ("properties", "principalId"),
            "role_definition_id": ("properties", "roleDefinitionId"),
        },
        assignment_key=assignment_key,
        assignment_name=name,
    ),
    operations=Operations("authorization", "role_assignments", put="create", delete="delete", list="list_for_scope"),
    rules=Rules(
        # Everything but description and condition: RoleAssignmentUpdateNotPermitted.
        immutable=(
            "properties.roleDefinitionId", "properties.principalId", "properties.principalType", "properties.scope",
            "properties.delegatedManagedIdentityResourceId",
        ),
        read_only=(
            "id", "name", "type", "systemData", "properties.createdOn", "properties.updatedOn", "properties.createdBy",
            "properties.updatedBy", "properties.scope",
        ),
        case_insensitive=("properties.principalType", "properties.principalId"),
        normalize_desired=normalize_desired,
    ),
    ownership=Ownership(taggable=False),
    replacement=Replacement(
        when_deleted=("access-gap", "the principal loses this permission"),
        when_replaced=("access-gap", "the principal loses this permission for a while"),
    ),
    importing=Import(entry=entry),
    # The median of 66 recorded grants, until Azure knew the new principal everywhere; the request itself is short.
    timing=Timing(typical_s=40),
    rights=Rights(principal_granted=principal_granted, granted_by=granted_by),
)  # fmt: skip

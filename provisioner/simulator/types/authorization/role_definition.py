"""Microsoft.Authorization/roleDefinitions: REST reference "Role Definitions", 2022-04-01.

Built-in roles come from a data file with Azure's own IDs (Azure built-in roles, documentation of 2026); custom
roles are stored. A list may be asked for at any scope; the answers' IDs are scoped to the subscription all the
same (recorded), or to the tenant when asked there. `$filter=roleName eq 'x'` ignores case (recorded); `type eq
'BuiltInRole'`, `atScopeAndBelow()`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ...arm.cloud import Cloud
from ...arm.rendering import render
from ...arm.resource_write import ResourceWrite
from ...description.answers import Answers
from ...description.body import Body
from ...description.hooks import DeleteHooks, ReadHooks, WriteHooks
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.resource_type import ResourceType
from ...errors import ArmError, gateway_error
from ...json_values import Json
from ...protocol.arm_path import ResourceId, parse_path
from ...protocol.wire import Request
from ...registry import load_data
from ...state.resources import Resource
from ...timing import iso

TYPE = "Microsoft.Authorization/roleDefinitions"
GUID = r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
CONDITION = re.compile(r"\s*(roleName|type)\s+eq\s+'((?:[^']|'')*)'\s*", re.IGNORECASE)
BUILT_IN_SINCE = "2015-02-02T21:55:09.8806423Z"


@lru_cache(maxsize=1)
def built_in_roles() -> dict[str, Json]:
    """The data file's roles by ID: name, description, permissions."""
    roles: list[Json] = load_data("role_definitions.json")
    return {role["id"]: role for role in roles}


def built_in(role_id: str, scope: str) -> Json | None:
    """A built-in role as answered at a scope, or None."""
    role = built_in_roles().get(role_id.lower())
    if role is None:
        return None
    subscription = parse_path(scope).subscription
    prefix = "" if subscription is None else f"/subscriptions/{subscription}"
    permission = {
        "actions": role.get("actions", []),
        "notActions": role.get("notActions", []),
        "dataActions": role.get("dataActions", []),
        "notDataActions": role.get("notDataActions", []),
    }
    return {
        "properties": {
            "roleName": role["name"],
            "type": "BuiltInRole",
            "description": role.get("description", ""),
            "assignableScopes": ["/"],
            "permissions": [permission],
            "createdOn": BUILT_IN_SINCE,
            "updatedOn": BUILT_IN_SINCE,
            "createdBy": None,
            "updatedBy": None,
        },
        "id": f"{prefix}/providers/{TYPE}/{role['id']}",
        "type": TYPE,
        "name": role["id"],
    }


def at_subscription(asked: ResourceId, cloud: Cloud) -> ResourceId:
    """A role written at a group stands at the group's subscription."""
    if asked.subscription is None or asked.group is None:
        return asked
    cloud.require_group(asked.subscription, asked.group)
    return replace(asked, scope=f"/subscriptions/{asked.subscription}")


def find_role(role_definition_id: str, cloud: Cloud) -> Json | None:
    """A role by any ID of its: what a role assignment refers to."""
    role_id = role_definition_id.rstrip("/").rpartition("/")[2].lower()
    role = built_in(role_id, role_definition_id)
    if role is not None:
        return role
    for resource in cloud.resources.of_type(TYPE):
        if resource.name.lower() == role_id:
            return resource.body
    return None


def virtual(asked: ResourceId, cloud: Cloud) -> Json | None:
    scope = asked.scope
    path = parse_path(scope)
    if path.subscription is not None:
        cloud.require_subscription(path.subscription)
    role = built_in(asked.name, scope)
    if role is not None:
        return role
    for resource in cloud.resources.of_type(TYPE):
        if resource.name.lower() == asked.name.lower():
            return render(cloud, resource)
    raise ArmError(
        404,
        "RoleDefinitionDoesNotExist",
        f"The specified role definition with ID '{asked.name}' does not exist.",
    )


def list_filter(request: Request, scope: str, stored: Sequence[Resource], cloud: Cloud) -> list[Json]:
    wanted = _conditions(request.query.get("$filter", ""))
    below = "atscopeandbelow()" in request.query.get("$filter", "").lower().replace(" ", "")
    roles = [role for role_id in built_in_roles() if (role := built_in(role_id, scope)) is not None]
    roles.extend(render(cloud, resource) for resource in stored if _applies(resource, scope.lower(), below=below))
    return [
        role
        for role in roles
        if all(str(role["properties"][field]).lower() == value.lower() for field, value in wanted.items())
    ]


def _applies(role: Resource, scope: str, *, below: bool) -> bool:
    """A custom role shows at its assignable scopes and below them; above them only with `atScopeAndBelow()`."""
    for assignable in role.properties["assignableScopes"]:
        own = str(assignable).lower().rstrip("/")
        if scope == own or scope.startswith(f"{own}/") or (below and own.startswith(f"{scope}/")):
            return True
    return False


def _conditions(text: str) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for term in re.split(r"\s+and\s+", text) if text else ():
        if term.strip().lower() == "atscopeandbelow()":
            continue
        found = CONDITION.fullmatch(term)
        if found is None:
            raise gateway_error(400, "BadRequestFormat", f"The filter '{text}' is not supported.")
        field = "roleName" if found.group(1).lower() == "rolename" else "type"
        wanted[field] = found.group(2).replace("''", "'")
    return wanted


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    if built_in(change.name, change.id) is not None:
        raise ArmError(400, "RoleDefinitionCannotBeUpdated", "Built-in role definitions cannot be updated.")
    if not properties.get("roleName"):
        raise ArmError(400, "RoleDefinitionNameNullOrEmpty", "The role definition's name must not be null or empty.")
    if not properties.get("assignableScopes"):
        raise ArmError(400, "RoleDefinitionAssignableScopesMissing", "A role definition must have assignable scopes.")
    _check_scopes(change)
    name = str(properties["roleName"]).lower()
    taken = any(str(role["name"]).lower() == name for role in built_in_roles().values()) or any(
        str(other.properties.get("roleName")).lower() == name and other.key != change.key
        for other in change.cloud.resources.of_type(TYPE)
    )
    if taken:
        raise ArmError(
            409,
            "RoleDefinitionWithSameNameExists",
            f"Another role definition with the name '{properties['roleName']}' already exists in directory "
            f"'{change.cloud.tenant_id}'. Role definition names must be unique within a directory.",
        )


def _check_scopes(change: ResourceWrite) -> None:
    """Never "/" ("Understand Azure role definitions"); none is taken away that is in use (Azure/bicep#17145)."""
    scopes = [str(scope).lower().rstrip("/") for scope in change.properties["assignableScopes"]]
    if "" in scopes:
        raise ArmError(
            400,
            "InvalidAssignableScopes",
            "The root scope '/' is not allowed in the assignable scopes of a custom role.",
        )
    for assignment in _assignments(change.name, change.cloud) if change.before is not None else ():
        scope = assignment.parsed.scope.lower()
        if not any(scope == own or scope.startswith(f"{own}/") for own in scopes):
            raise ArmError(
                400,
                "RoleScopeBeingRemovedContainsAssignments",
                f"Role assignments found under scope '{assignment.parsed.scope}' which is being removed. Removing "
                "this scope from the role will orphan these assignments. Delete these assignments before removing the "
                "scope.",
            )


def _assignments(role_id: str, cloud: Cloud) -> list[Resource]:
    return [
        assignment
        for assignment in cloud.resources.of_type("Microsoft.Authorization/roleAssignments")
        if str(assignment.properties.get("roleDefinitionId")).lower().endswith(role_id.lower())
    ]


def fill(change: ResourceWrite) -> None:
    now = iso(change.cloud.timing.now())
    caller = change.caller.object_id if change.caller is not None else None
    properties = change.properties
    properties["type"] = "CustomRole"
    for permission in properties.setdefault("permissions", []):
        for name in ("actions", "notActions", "dataActions", "notDataActions"):
            permission.setdefault(name, [])
    properties.setdefault("createdOn", now)
    properties.setdefault("createdBy", caller)
    properties.update({"updatedOn": now, "updatedBy": caller})


def check_delete(resource: Resource, cloud: Cloud) -> None:
    users = _assignments(resource.name, cloud)
    if users:
        raise ArmError(
            400,
            "RoleDefinitionHasAssignments",
            "There are existing role assignments referencing role "
            f"(code: RoleDefinitionHasAssignments, count: {len(users)}).",
        )


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(
            pattern=GUID,
            longest=36,
            code="InvalidRoleDefinitionId",
            hint="The role definition ID must be a GUID.",
        ),
        body=Body(
            model="azure.mgmt.authorization.v2022_04_01.models:RoleDefinition",
        ),
        placement=Placement(
            tracked=False,
            scopes=frozenset({"tenant", "subscription", "group"}),
            address=at_subscription,
        ),
        answers=Answers(patch=None, update_status=201, delete_body=True),
        on_write=WriteHooks(validate=validate, fill=fill),
        on_read=ReadHooks(virtual=virtual, list_filter=list_filter),
        on_delete=DeleteHooks(check=check_delete),
    ),
)

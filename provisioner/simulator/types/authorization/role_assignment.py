"""Microsoft.Authorization/roleAssignments: REST reference "Role Assignments", 2022-04-01.

Synchronous: PUT 201, DELETE 200 with the deleted object (recorded), 204 when it is not there. `createdBy` is null
in the answer to the PUT and set on GET (66 of 66). PrincipalNotFound prints the principal without dashes (263
recorded); a request that names the principal's type skips the check of the directory ("Troubleshoot Azure RBAC",
principalType), so a principal that has not been replicated yet, or that this directory does not know, passes.
Assignments outlive their principal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from ...protocol.wire import Request
from ...state.resources import Resource
from ...timing import iso
from .role_definition import GUID, find_role

TYPE = "Microsoft.Authorization/roleAssignments"
# "Azure RBAC limits": role assignments in a subscription.
AT_MOST = 4000
NAMES, GRANTS = "role_assignment_name", "role_assignment_grant"
"""Kinds of documents that find an assignment by its name or by what it grants."""

TERM = re.compile(
    r"\s*(?:(atScope|assignedTo)\s*\(\s*(?:'([^']*)')?\s*\)|(principalId)\s+eq\s+'([^']*)')\s*", re.IGNORECASE
)
PINNED = ("principalId", "roleDefinitionId")


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    for name in PINNED:
        if not properties.get(name):
            raise ArmError(
                400,
                "InvalidCreateRoleAssignmentRequest",
                f"The role assignment request is invalid: {name} is missing.",
            )
    role = find_role(str(properties["roleDefinitionId"]), change.cloud)
    if role is None:
        raise ArmError(
            400,
            "InvalidRoleDefinition" if not re.search(GUID, str(properties["roleDefinitionId"])) else
            "RoleDefinitionDoesNotExist",
            f"The specified role definition with ID '{_bare(properties['roleDefinitionId']).replace('-', '')}' "
            "does not exist.",
        )  # fmt: skip
    if not re.fullmatch(GUID, str(properties["principalId"])):
        raise ArmError(400, "InvalidPrincipalId", "A valid principal ID must be provided for role assignment.")
    _check_condition(properties)
    if change.before is not None:
        _check_unchanged(change.before, change)
    else:
        _check_limit(change)
    _check_unique(change)
    if change.before is None:
        _check_principal(change)


def _check_condition(properties: Json) -> None:
    if properties.get("condition") and properties.get("conditionVersion") not in ("1.0", "2.0"):
        raise ArmError(
            400,
            "InvalidConditionOrConditionVersion",
            "The condition or condition version is invalid: a condition needs the conditionVersion '2.0'.",
        )


def _check_unchanged(before: Resource, change: ResourceWrite) -> None:
    """Only description and condition may change."""
    old, new = before.properties, change.properties
    same_principal = str(old["principalId"]).lower() == str(new["principalId"]).lower()
    same_role = _bare(old["roleDefinitionId"]) == _bare(new["roleDefinitionId"])
    if not (same_principal and same_role):
        raise ArmError(
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        )


def _check_unique(change: ResourceWrite) -> None:
    """One grant per scope, principal and role; one name for one grant."""
    store = change.cloud.store
    by_name = store.get(NAMES, change.name.lower())
    # A name is taken in the whole directory, at whatever scope it was used.
    if by_name is not None and by_name["key"] != change.key:
        raise ArmError(
            400,
            "RoleAssignmentUpdateNotPermitted",
            "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
        )
    by_grant = store.get(GRANTS, _grant(change.id, change.properties))
    if by_grant is not None and by_grant["key"] != change.key:
        existing = by_grant["key"].rpartition("/")[2].replace("-", "")
        raise ArmError(
            409,
            "RoleAssignmentExists",
            f"The role assignment already exists. The ID of the existing role assignment is {existing}.",
        )


def _grant(assignment_id: str, properties: Json) -> str:
    """What makes two assignments the same grant: scope, principal, role."""
    scope = assignment_id.lower().rpartition("/providers/")[0]
    return "|".join((scope, str(properties["principalId"]).lower(), _bare(properties["roleDefinitionId"])))


def _bare(role_definition_id: str) -> str:
    return str(role_definition_id).rstrip("/").rpartition("/")[2].lower()


def _check_limit(change: ResourceWrite) -> None:
    if len(change.cloud.resources.of_type(TYPE)) >= AT_MOST:
        raise ArmError(
            400,
            "RoleAssignmentLimitExceeded",
            "The role assignment limit for the subscription has been exceeded.",
        )


def _check_principal(change: ResourceWrite) -> None:
    cloud, properties = change.cloud, change.properties
    principal = cloud.directory.get(str(properties["principalId"]))
    named = properties.get("principalType")
    visible = principal is not None and cloud.directory.visible(principal)
    lagging = principal is not None and not visible
    if (named is None and not visible) or (lagging and cloud.settings.lag_despite_principal_type):
        bare = str(properties["principalId"]).replace("-", "")
        raise ArmError(
            400,
            "PrincipalNotFound",
            f"Principal {bare} does not exist in the directory {cloud.tenant_id}. Check that you have the correct "
            "principal ID. If you are creating this principal and then immediately assigning a role, this error might "
            "be related to a replication delay. In this case, set the role assignment principalType property to a "
            "value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype",
        )
    if principal is not None and named is not None and visible and named != principal.type:
        raise ArmError(
            400,
            "UnmatchedPrincipalType",
            f"The PrincipalId '{principal.id.replace('-', '')}' has type '{principal.type}' , which is different from "
            f"specified PrinciaplType '{named}'.",
        )


def fill(change: ResourceWrite) -> None:
    cloud, properties = change.cloud, change.properties
    now = iso(cloud.timing.now())
    caller = change.caller.object_id if change.caller is not None else None
    principal = cloud.directory.get(str(properties["principalId"]))
    properties.setdefault("principalType", principal.type if principal is not None else "ServicePrincipal")
    properties["scope"] = change.id.rpartition("/providers/")[0] or "/"
    for name in ("condition", "conditionVersion", "description", "delegatedManagedIdentityResourceId"):
        properties.setdefault(name, None)
    properties.setdefault("createdOn", now)
    properties["updatedOn"] = now
    properties["createdBy"] = properties.get("createdBy") or caller
    properties["updatedBy"] = caller
    cloud.store.put(NAMES, change.name.lower(), {"key": change.key})
    cloud.store.put(GRANTS, _grant(change.id, properties), {"key": change.key})


def deleted(resource: Resource, cloud: Cloud) -> None:
    cloud.store.delete(NAMES, resource.name.lower())
    cloud.store.delete(GRANTS, _grant(resource.id, resource.properties))


def hide_creator(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    """The answer to a PUT does not know its creator yet."""
    if request.method == "PUT":
        body["properties"]["createdBy"] = None


def list_filter(request: Request, scope: str, stored: Sequence[Resource], cloud: Cloud) -> list[Json]:
    """Assignments above, at and below a scope; `atScope()` leaves out those below."""
    text = request.query.get("$filter", "")
    principal, at_scope = None, False
    for term in re.split(r"\s+and\s+", text, flags=re.IGNORECASE) if text else ():
        found = TERM.fullmatch(term)
        if found is None:
            raise gateway_error(400, "BadRequestFormat", f"The filter '{text}' is not supported.")
        if (found.group(1) or "").lower() == "atscope":
            at_scope = True
        else:
            principal = (found.group(2) or found.group(4) or "").lower()
    below = scope.lower()
    return [
        render(cloud, resource, request)
        for resource in stored
        if _in_reach(resource.parsed.scope.lower(), below, at_scope)
        and (principal is None or str(resource.properties["principalId"]).lower() == principal)
    ]


def _in_reach(own: str, scope: str, at_scope: bool) -> bool:
    at_or_above = own == scope or scope.startswith(f"{own}/") or own == ""
    return at_or_above or (not at_scope and own.startswith(f"{scope}/"))


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(
            pattern=GUID,
            longest=36,
            code="InvalidRoleAssignmentId",
            hint="The role assignment ID must be a GUID.",
        ),
        body=Body(
            model="azure.mgmt.authorization.v2022_04_01.models:RoleAssignment",
        ),
        placement=Placement(
            tracked=False,
            scopes=frozenset({"tenant", "subscription", "group", "resource"}),
            survives_scope=True,
        ),
        answers=Answers(patch=None, delete_body=True),
        on_write=WriteHooks(validate=validate, fill=fill),
        on_read=ReadHooks(render=hide_creator, list_filter=list_filter),
        on_delete=DeleteHooks(deleted=deleted),
    ),
)

"""Custom role. REST: https://learn.microsoft.com/rest/api/authorization/role-definitions (2022-04-01).

Its GUID is a UUIDv5 of the subscription, the deployment and the address, so that it can be called something else. It
takes no tags: its description names the deployment, as that of a role assignment does."""

from __future__ import annotations

import uuid

from ...base import arm_id
from ...base.values import Body
from ..entry import Context, Entry
from ..facts import Operations, Ownership, Replacement, Rights, Rules, Schema, Timing
from ..kind import Kind, name_of
from ..owner_in_text import mark, owner
from .role_assignment import scope_of

_NAMESPACE = uuid.UUID("0d6b5a52-4a0d-5d0e-8f51-6c1f2a9b7e34")
_LISTS = {
    "actions": "actions", "not_actions": "notActions", "data_actions": "dataActions",
    "not_data_actions": "notDataActions",
}  # fmt: skip


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    scopes = data.get("assignable_scopes", ["resource_group"])
    return {
        "properties": {
            "roleName": name_of(KIND, entry),
            "type": "CustomRole",
            "description": mark(data.get("description", ""), context.deployment),
            "permissions": [{theirs: list(data.get(ours, ())) for ours, theirs in _LISTS.items()}],
            "assignableScopes": [
                scope_of(scope, context, "assignable_scopes", index) for index, scope in enumerate(scopes)
            ],
        }
    }


def identity(entry: Entry, context: Context) -> str:
    guid = entry.data.get("guid") or uuid.uuid5(
        _NAMESPACE, "|".join((arm_id.key(context.subscription), context.deployment, entry.address))
    )
    return arm_id.resource(context.subscription, KIND.type, str(guid))


def owner_of(body: Body) -> str:
    return owner((body.get("properties") or {}).get("description"))


KIND = Kind(
    name="role_definition",
    type="Microsoft.Authorization/roleDefinitions",
    scope="subscription",
    schema=Schema(
        sections=("roles/*",),
        body=body,
        name_rule=(r".{1,512}", "1 to 512 characters"),
        resource_id=identity,
    ),
    operations=Operations("authorization", "role_definitions", put="create_or_update", delete="delete"),
    rules=Rules(
        read_only=(
            "id", "name", "type", "systemData", "properties.createdOn", "properties.updatedOn", "properties.createdBy",
            "properties.updatedBy",
        ),
        unordered=(
            "properties.assignableScopes", *(f"properties.permissions[].{theirs}" for theirs in _LISTS.values()),
        ),
        case_insensitive=("properties.type",),
    ),
    ownership=Ownership(
        taggable=False,
        owner=owner_of,
    ),
    replacement=Replacement(
        when_deleted=("access-gap", "principals with this role lose its permissions"),
        when_replaced=("access-gap", "principals with this role lose its permissions"),
    ),
    timing=Timing(typical_s=2),
    rights=Rights(defines_role=True),
)  # fmt: skip

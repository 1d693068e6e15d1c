"""What a role assignment gives, in words: ``Reader on resource_group``.

In: a plan's changes, the resources behind them, and names of roles. Out: the changes with ``title``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..base import arm_id
from ..base.arm_id import role_guid
from ..base.values import Body, Lookup, Ref, value_at
from ..resources.facts import AssignmentKey
from ..resources.resource import Resource
from .plan import Change


def described(changes: Iterable[Change], resources: Mapping[str, Resource], names: Mapping[str, str]) -> list[Change]:
    """``names`` of roles by GUID; ``resources`` by address, for what the spec says of its grants."""
    found = list(changes)
    if all(change.kind.schema.assignment_key is None for change in found):
        return found
    addresses = {arm_id.key(change.id): change.address for change in found}
    principals = {str(value).lower(): change.address for change in found if (value := principal(change)) is not None}
    roles = {**_custom(found), **names}
    result = []
    for change in found:
        resource = resources.get(change.address)
        title = ""
        if resource is not None and resource.assignment_key is not None:
            title = _wanted(resource.assignment_key, addresses)
        elif change.kind.schema.assignment_key is not None and change.actual is not None:
            title = _present(change.actual, roles, addresses, principals)
        result.append(replace(change, title=title) if title else change)
    return result


def principal(change: Change) -> Any:
    """The object ID of the identity that a thing in Azure is or has; None where it has none."""
    output = change.kind.schema.outputs.get("principal_id")
    return value_at(change.actual, output.path) if output and change.actual else None


def _custom(changes: Iterable[Change]) -> dict[str, str]:
    bodies = [change.actual for change in changes if change.kind.rights.defines_role and change.actual]
    return {role_guid(body["id"]): str(body["properties"]["roleName"]) for body in bodies}


def _wanted(assignment_key: AssignmentKey, addresses: Mapping[str, str]) -> str:
    role = assignment_key.role
    name = role.name if isinstance(role, Lookup) else str(role) if isinstance(role, Ref) else role_guid(role)
    scope = (
        str(assignment_key.scope) if isinstance(assignment_key.scope, Ref) else _place(assignment_key.scope, addresses)
    )
    return f"{name} on {scope}"


def _present(body: Body, roles: Mapping[str, str], addresses: Mapping[str, str], principals: Mapping[str, str]) -> str:
    properties = body["properties"]
    name = roles.get(role_guid(properties["roleDefinitionId"]), role_guid(properties["roleDefinitionId"]))
    who = principals.get(str(properties["principalId"]).lower(), str(properties["principalId"]))
    return f"{name} on {_place(arm_id.parse(body['id']).scope, addresses)} for {who}"


def _place(scope: str, addresses: Mapping[str, str]) -> str:
    return addresses.get(arm_id.key(scope), scope or "/")

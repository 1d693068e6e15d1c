"""Reads everything in a resource group: a list per kind, a list per machine, and what ARM lists besides.

In: the operations of a subscription and a group's name. Out: a ``Survey``. Never writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ..azure.operations import Operations
from ..base import arm_id
from ..base.values import Body
from ..comparison import ownership_tags
from ..resources import kinds
from ..resources.group_survey import Survey


async def survey(operations: Operations, group_name: str) -> Survey | None:
    """What is in a group, or None when there is no such group.

    Raises:
        ExecutionError, AccessError: a read failed.
    """
    resource_id = arm_id.resource_group(operations.subscription_id, group_name)
    group = await operations.get(kinds.container(), resource_id)
    if group is None:
        return None
    listed, everything, granted, locks = await asyncio.gather(
        _bodies(operations, group_name),
        operations.list_group(group_name),
        operations.rights.assignments([resource_id]),
        operations.rights.management_locks([group_name]),
    )
    bodies = {arm_id.key(body["id"]): body for body in listed}
    bodies |= {key: _with_details(body, bodies) for key, body in bodies.items()}
    principals = {_principal(body) for body in bodies.values()} - {""}
    relevant = [item for item in granted.bodies if str(item["properties"]["principalId"]).lower() in principals]
    return Survey(
        group=group,
        bodies=bodies,
        others=tuple(sorted((item["id"] for item in everything if _is_other(item, bodies)), key=str.lower)),
        assignments=tuple(relevant),
        locks=tuple(body for body in locks.bodies if arm_id.key(body["id"]).startswith(f"{arm_id.key(resource_id)}/")),
        role_names=await _role_names(operations, relevant, resource_id),
    )


async def _bodies(operations: Operations, group: str) -> list[Body]:
    wanted = [kind for kind in kinds.all_kinds() if kind.scope == "group" and not kind.nested]
    lists = await asyncio.gather(*(operations.list_kind(kind, group) for kind in wanted))
    # A deployment's lock has the type of a kind, and is no resource of any spec.
    found = [body for bodies in lists for body in bodies if not ownership_tags.is_lock(body)]
    holders = [(body["name"], kind) for body in found for kind in kinds.children_of(body["type"])]
    parts = await asyncio.gather(*(operations.list_kind(kind, group, name) for name, kind in holders))
    return [*found, *(body for bodies in parts for body in bodies)]


def _is_other(item: Body, bodies: Mapping[str, Body]) -> bool:
    return arm_id.key(item["id"]) not in bodies and not ownership_tags.is_lock(item)


def _with_details(body: Body, bodies: Mapping[str, Body]) -> Body:
    """A body with what only another object says (the OS disk of a deallocated machine)."""
    kind = kinds.of(body)
    other = bodies.get(arm_id.key(kind.operations.details_in(body))) if kind is not None else None
    return kind.operations.with_details(body, other) if kind is not None and other is not None else body


def _principal(body: Body) -> str:
    """The object ID of the identity that an object is or has."""
    found = (body.get("identity") or {}).get("principalId") or (body.get("properties") or {}).get("principalId")
    return str(found or "").lower()


async def _role_names(operations: Operations, assignments: list[Body], group: str) -> dict[str, str]:
    definitions = {
        item["properties"]["roleDefinitionId"].rpartition("/")[2].lower(): (
            item["properties"]["roleDefinitionId"],
            arm_id.parse(item["id"]).scope,
        )
        for item in assignments
    }
    names = await asyncio.gather(*(_role_name(operations, *found, group) for found in definitions.values()))
    return dict(zip(definitions, names, strict=True))


async def _role_name(operations: Operations, resource_id: str, scope: str, group: str) -> str:
    """The name of a role that is granted at a scope where that names one role only, else its GUID.

    ``group`` is asked where the caller may not read at the subscription, nor at the scope.
    """
    guid = resource_id.rpartition("/")[2]
    name = await operations.rights.role_name(resource_id, scope, group)
    if not name:
        return guid
    same = await operations.rights.roles(name, arm_id.subscription(operations.subscription_id), scope, group)
    same = same or await operations.rights.roles(name, scope, group)
    return name if len(same) == 1 else guid

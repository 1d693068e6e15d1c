"""Roles and grants as they are: the definitions that a spec names, custom roles of ours, grants in other subscriptions.

In: the resources of a spec and the operations of a subscription. Out: bodies and IDs. Never writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from . import arm_id, grants
from .azure.operations import Operations
from .kinds import resource_group, role_assignment, role_definition
from .leaves import Body, Lookup, Ref
from .resource import Resource


class Access:
    """All methods raise ``ExecutionError`` or ``AccessError`` when a read fails."""

    def __init__(self, operations: Operations, declared: list[Resource]) -> None:
        self._operations = operations
        self._declared = declared

    async def role_definitions(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The IDs of every role that is named: at the subscription first, at the grant's own scope where unknown."""
        subscription = arm_id.subscription(self._operations.subscription_id)
        lookups = [item.grantee.role for item in self._declared if item.grantee]
        roles = [role for role in lookups if isinstance(role, Lookup)]
        names = sorted({role.name.lower() for role in roles})
        found = dict(
            zip(names, await asyncio.gather(*(self._roles(subscription, name) for name in names)), strict=True)
        )
        result = {("", name): ids for name, ids in found.items()}
        ids = {item.address: item.id for item in self._declared}
        elsewhere = {
            (scope, role.name.lower())
            for role in roles
            if not found[role.name.lower()] and (scope := _scope(role.scope, ids))
        }
        for scope, name in sorted(elsewhere):
            result[arm_id.key(scope), name] = await self._roles(scope, name)
        return result

    async def _roles(self, scope: str, name: str) -> tuple[str, ...]:
        return tuple(str(body["id"]) for body in await self._operations.rights.roles(scope, name))

    async def role_names(
        self, assignments: list[Body], found: Mapping[tuple[str, str], tuple[str, ...]], deployment: str
    ) -> Mapping[str, str]:
        """Of the roles in the deployment's grants, by GUID; those that the spec no longer speaks of are read."""
        roles = [item.grantee.role for item in self._declared if item.grantee]
        spelt = {role.name.lower(): role.name for role in roles if isinstance(role, Lookup)}
        names = {grants.guid(identity): spelt[name] for (_, name), ids in found.items() for identity in ids}
        declared = {grants.guid(role) for role in roles if isinstance(role, str)}
        declared |= {grants.guid(item.id) for item in self._declared if item.kind is role_definition.KIND}
        gone = {
            grants.guid(identity): identity
            for body in assignments
            if role_assignment.owner((properties := body["properties"]).get("description")) == deployment
            if grants.guid(identity := properties["roleDefinitionId"]) not in names.keys() | declared
        }
        read = await asyncio.gather(*(self._operations.rights.role_name(identity) for identity in gone.values()))
        return names | {key: name for key, name in zip(gone, read, strict=True) if name}

    async def custom_roles(self, deployment: str) -> list[Body]:
        """The deployment's own among the roles that can be assigned at the subscription or at the group of the spec."""
        groups = [item.id for item in self._declared if item.kind is resource_group.KIND]
        scopes = [arm_id.subscription(self._operations.subscription_id), *groups]
        found = await asyncio.gather(*(self._operations.rights.custom_roles(scope) for scope in scopes))
        bodies = {arm_id.key(body["id"]): body for listed in found for body in listed}
        return [body for body in bodies.values() if role_definition.owner_of(body) == deployment]

    async def elsewhere(self, known: list[Body]) -> list[Body]:
        """Assignments at scopes in other subscriptions, which the subscription's own list does not hold."""
        ids = {item.address: item.id for item in self._declared}
        home = self._operations.subscription_id.lower()
        scopes = {
            scope
            for item in self._declared
            if item.grantee and (scope := _scope(item.grantee.scope, ids))
            if arm_id.subscription_of(scope).lower() != home
        }
        have = {arm_id.key(body["id"]) for body in known}
        found = await asyncio.gather(*(self._operations.rights.assignments(scope) for scope in sorted(scopes)))
        return [body for bodies in found for body in bodies if arm_id.key(body["id"]) not in have]


def _scope(scope: Ref | str, ids: Mapping[str, str]) -> str:
    return f"{ids.get(scope.address, '')}{scope.child}" if isinstance(scope, Ref) else scope

"""Roles and grants as they are: the definitions that a spec names, custom roles of ours, role assignments.

In: the resources of a spec and the operations of a subscription. Out: bodies and IDs. Never writes. The lists of the
subscription come first, since they show everything. A caller with permissions in a resource group only is refused
there, and gets what the lists of that group and of the scopes in the spec show.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from ..azure.errors import is_refused
from ..azure.operations import Operations
from ..azure.rights import Seen
from ..base import arm_id
from ..base.diagnostics import ExecutionError
from ..base.values import Body, Lookup, Ref
from ..resources.addresses import RESOURCE_GROUP
from ..resources.owner_in_text import owner
from ..resources.resource import Resource


class Access:
    """All methods raise ``ExecutionError`` or ``AccessError`` when a read fails."""

    def __init__(self, operations: Operations, declared: list[Resource]) -> None:
        self._rights = operations.rights
        self._home = arm_id.subscription(operations.subscription_id)
        self._declared = declared
        self._ids = {item.address: item.id for item in declared}

    async def role_definitions(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The IDs of every role that is named: at the subscription first, at the grant's own scope where unknown."""
        lookups = [item.assignment_key.role for item in self._declared if item.assignment_key]
        roles = [role for role in lookups if isinstance(role, Lookup)]
        names = sorted({role.name.lower() for role in roles})
        found = dict(zip(names, await asyncio.gather(*map(self._at_home, names)), strict=True))
        result = {("", name): ids for name, ids in found.items()}
        elsewhere = {
            (scope, role.name.lower())
            for role in roles
            if not found[role.name.lower()] and (scope := self._scope(role.scope))
        }
        for scope, name in sorted(elsewhere):
            result[arm_id.key(scope), name] = _ids(await self._rights.roles(name, scope, *self._groups))
        return result

    async def _at_home(self, name: str) -> tuple[str, ...]:
        """The IDs of a role by its name at the subscription; none where that may not be listed."""
        try:
            return _ids(await self._rights.roles(name, self._home))
        except ExecutionError as error:
            if is_refused(error):
                return ()
            raise

    async def role_names(
        self, assignments: Iterable[Body], found: Mapping[tuple[str, str], tuple[str, ...]], deployment: str
    ) -> Mapping[str, str]:
        """Of the roles in the deployment's grants, by GUID; those that the spec no longer speaks of are read."""
        roles = [item.assignment_key.role for item in self._declared if item.assignment_key]
        spelt = {role.name.lower(): role.name for role in roles if isinstance(role, Lookup)}
        names = {arm_id.role_guid(resource_id): spelt[name] for (_, name), ids in found.items() for resource_id in ids}
        declared = {arm_id.role_guid(role) for role in roles if isinstance(role, str)}
        declared |= {arm_id.role_guid(item.id) for item in self._declared if item.kind.rights.defines_role}
        gone = {
            arm_id.role_guid(properties["roleDefinitionId"]): body
            for body in assignments
            if owner((properties := body["properties"]).get("description")) == deployment
            if arm_id.role_guid(properties["roleDefinitionId"]) not in names.keys() | declared
        }
        read = await asyncio.gather(*map(self._role_name, gone.values()))
        return names | {key: name for key, name in zip(gone, read, strict=True) if name}

    async def _role_name(self, assignment: Body) -> str:
        resource_id = str(assignment["properties"]["roleDefinitionId"])
        return await self._rights.role_name(resource_id, arm_id.parse(assignment["id"]).scope, *self._groups)

    async def custom_roles(self) -> list[Body]:
        """Everybody's that can be assigned at the subscription or at the group of the spec."""
        return list((await self._rights.custom_roles([self._home, *self._groups])).bodies)

    async def assignments(self) -> Seen:
        """Everybody's role assignments in the subscription, and at the spec's scopes outside of it."""
        home = self._home.lower()
        scopes = [
            scope
            for item in self._declared
            if item.assignment_key and (scope := self._scope(item.assignment_key.scope))
        ]
        outside = [scope for scope in scopes if not f"{scope.lower()}/".startswith(f"{home}/")]
        seen = await self._rights.assignments(_outermost([self._home, *outside]))
        if self._home in seen.listed:
            return seen
        # Refused at the subscription: the caller may still have rights in the group or at a scope of the spec.
        near = [scope for scope in (*self._groups, *scopes) if scope not in outside and scope.lower() != home]
        more = await self._rights.assignments(_outermost(near))
        bodies = {arm_id.key(body["id"]): body for body in (*seen.bodies, *more.bodies)}
        return Seen(tuple(bodies.values()), (*seen.listed, *more.listed), (*seen.refused, *more.refused))

    def unseen(self, seen: Seen) -> set[str]:
        """The addresses of grants at scopes that no list shows."""
        wanted = {
            item.address: self._scope(item.assignment_key.scope) for item in self._declared if item.assignment_key
        }
        return {address for address, scope in wanted.items() if not seen.shows(scope)}

    def narrowed_to(self, seen: Seen) -> tuple[str, ...] | None:
        """The scopes that alone were listed; None where the subscription was."""
        return None if self._home in seen.listed else seen.listed

    @property
    def _groups(self) -> list[str]:
        """The spec's resource group, whether it is the deployment's or exists."""
        return [item.id for item in self._declared if item.address == RESOURCE_GROUP]

    def _scope(self, scope: Ref | str) -> str:
        return f"{self._ids.get(scope.address, '')}{scope.child}" if isinstance(scope, Ref) else scope


def _outermost(scopes: Iterable[str]) -> list[str]:
    """The scopes that lie in none of the others."""
    # The slash keeps the group `ab` from lying in the group `a`.
    by_key = {f"{scope.lower()}/": scope for scope in scopes}
    return [scope for key, scope in by_key.items() if not any(key != own and key.startswith(own) for own in by_key)]


def _ids(roles: Iterable[Body]) -> tuple[str, ...]:
    return tuple(str(body["id"]) for body in roles)

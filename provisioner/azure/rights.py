"""What Microsoft.Authorization keeps: role assignments, role definitions, management locks.

In: scopes and names. Out: wire JSON. REST 2022-04-01 (roles), "Management Locks" 2020-05-01. Permissions in one
resource group do not reach what is listed or read at the subscription: Azure answers AuthorizationFailed there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..base import arm_id
from ..base.diagnostics import ExecutionError
from ..base.values import Body
from .clients import Clients
from .errors import is_refused
from .reading import every, one
from .sdk import Pages


@dataclass(frozen=True)
class Seen:
    """What was listed, and the scopes whose lists Azure gave and refused."""

    bodies: tuple[Body, ...] = ()
    listed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def shows(self, scope: str) -> bool:
        """Whether a list shows what is at a scope: each shows what is at its own scope, above it and beneath it."""
        wanted, own = f"{scope.lower()}/", [f"{listed.lower()}/" for listed in self.listed]
        return any(listed.startswith(wanted) or wanted.startswith(listed) for listed in own)


class Rights:
    """All methods raise ``ExecutionError`` or ``AccessError``."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def assignments(self, scopes: Iterable[str]) -> Seen:
        """Role assignments at the scopes, above and beneath them, once each; less where a list is refused."""
        lists = {scope: self._client.role_assignments.list_for_scope(scope) for scope in scopes}
        return await _seen(lists)

    async def roles(self, name: str, *scopes: str) -> list[Body]:
        """Role definitions with a name (in any case) that can be assigned at the first scope that we may list.

        None where the scope does not exist.
        """
        # OData doubles the quotes in a string.
        quoted = name.replace("'", "''")
        named = f"roleName eq '{quoted}'"
        *others, last = scopes
        for scope in others:
            found = await _visible(scope, self._client.role_definitions.list(scope, filter=named))
            if found is not None:
                return found
        return await every(self._client.role_definitions.list(last, filter=named), last)

    async def custom_roles(self, scopes: Iterable[str]) -> Seen:
        """Custom roles that can be assigned at the scopes; none where a scope does not exist."""
        custom = "type eq 'CustomRole'"
        return await _seen({scope: self._client.role_definitions.list(scope, filter=custom) for scope in scopes})

    async def role_name(self, resource_id: str, *scopes: str) -> str:
        """The name of a role definition, read at the scopes where its ID is refused; empty where none gives it."""
        definitions, guid = self._client.role_definitions, resource_id.rpartition("/")[2]
        for scope in ("", *scopes):
            read, arguments = (definitions.get, (scope, guid)) if scope else (definitions.get_by_id, (resource_id,))
            try:
                found = await one(read, resource_id, *arguments) or {}
            except ExecutionError as error:
                if not is_refused(error):
                    raise
            else:
                return str((found.get("properties") or {}).get("roleName") or "")
        return ""

    async def management_locks(self, groups: Iterable[str] = ()) -> Seen:
        """Every lock of the subscription, at any scope; of those resource groups alone where we may not see all.

        None of a group whose locks we may not see either.
        """
        locks = self._clients.get("locks").management_locks
        home = self._clients.subscription_id
        whole = await _seen({arm_id.subscription(home): locks.list_at_subscription_level()})
        if whole.listed:
            return whole
        ids = {arm_id.resource_group(home, group): group for group in groups}
        seen = await _seen({scope: locks.list_at_resource_group_level(group) for scope, group in ids.items()})
        return Seen(seen.bodies, seen.listed, (*whole.refused, *seen.refused))

    @property
    def _client(self) -> Any:
        return self._clients.get("authorization")


async def _seen(lists: Mapping[str, Pages]) -> Seen:
    """Lists by scope, all at once; what several of them hold is kept once."""
    found = dict(zip(lists, await asyncio.gather(*(_visible(*item) for item in lists.items())), strict=True))
    bodies = {arm_id.key(body["id"]): body for listed in found.values() for body in listed or ()}
    listed = tuple(scope for scope, bodies in found.items() if bodies is not None)
    return Seen(tuple(bodies.values()), listed, tuple(scope for scope in found if scope not in listed))


async def _visible(scope: str, pages: Pages) -> list[Body] | None:
    """A list; None where we may not read it."""
    try:
        return await every(pages, scope)
    except ExecutionError as error:
        if is_refused(error):
            return None
        raise

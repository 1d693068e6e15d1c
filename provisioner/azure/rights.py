"""What Microsoft.Authorization keeps: role assignments, role definitions, management locks.

In: scopes and names. Out: wire JSON. REST 2022-04-01 (roles), "Management Locks" 2020-05-01.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import arm_id
from ..diagnostics import ExecutionError
from ..leaves import Body
from .clients import Clients
from .reading import every, one


class Rights:
    """All methods raise ``ExecutionError`` or ``AccessError``."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def assignments(self, scope: str) -> list[Body]:
        """Role assignments at a scope, above and below it."""
        return await every(self._client.role_assignments.list_for_scope(scope), scope)

    async def roles(self, scope: str, name: str) -> list[Body]:
        """Role definitions with a name (in any case) that can be assigned at a scope; none where it is not there."""
        quoted = name.replace("'", "''")
        return await every(self._client.role_definitions.list(scope, filter=f"roleName eq '{quoted}'"), scope)

    async def custom_roles(self, scope: str) -> list[Body]:
        """Custom roles that can be assigned at a scope; none where the scope is not there."""
        return await every(self._client.role_definitions.list(scope, filter="type eq 'CustomRole'"), scope)

    async def role_name(self, identity: str) -> str:
        """The name of a role definition; empty where it is not there."""
        found = await one(self._client.role_definitions.get_by_id, identity, identity) or {}
        return str((found.get("properties") or {}).get("roleName") or "")

    async def management_locks(self, groups: Iterable[str] = ()) -> list[Body]:
        """Every lock of the subscription, at any scope; of those resource groups alone where we may not see all.

        None of a group whose locks we may not see either.
        """
        locks = self._clients.get("locks").management_locks
        home = self._clients.subscription_id
        found = await _visible(locks.list_at_subscription_level(), arm_id.subscription(home))
        if found is not None:
            return found
        by_id: dict[str, Body] = {}
        for group in groups:
            listed = await _visible(locks.list_at_resource_group_level(group), arm_id.resource_group(home, group))
            by_id |= {arm_id.key(body["id"]): body for body in listed or ()}
        return list(by_id.values())

    @property
    def _client(self) -> Any:
        return self._clients.get("authorization")


async def _visible(pages: Any, target: str) -> list[Body] | None:
    """A list; None where we may not read it."""
    try:
        return await every(pages, target)
    except ExecutionError as error:
        if error.failure.code == "AuthorizationFailed":
            return None
        raise

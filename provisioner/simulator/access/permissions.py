"""Who may do what where: role assignments and role definitions, evaluated.

In: a principal, an action, a scope. Out: yes or no. An action is allowed when a role that the principal has at the
scope or above it lists it under `actions` and not under `notActions`, wildcards included ("Understand Azure role
definitions", "How Azure RBAC determines if a user has access to a resource"). Membership in groups is not known here,
nor are conditions: an assignment counts whatever its condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ..arm.cloud import Cloud
from ..protocol.wire import Caller
from ..state.resources import KIND, Resource
from ..state.store import Document
from ..types.authorization.role_definition import find_role

ASSIGNMENT = "/providers/microsoft.authorization/roleassignments/"
META, OWNER = "meta", "rbac_owner"
DEPLOYER = "00000000-0000-4000-8000-00000000d0e5"
"""Object ID of the caller that `--cloud local` speaks for; an owner unless owners are named."""


class Permissions:
    """An index over the role assignments, kept up by listening to the store."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._owners = frozenset(owner.lower() for owner in cloud.settings.owners)
        self._assignments: dict[str, dict[str, None]] = {}
        cloud.store.listen(KIND, self._changed)

    def is_owner(self, caller: Caller) -> bool:
        """Whether a caller may do everything: one of the owners, by object ID or client ID, else the first to come."""
        names = {caller.object_id.lower(), caller.app_id.lower()}
        if self._owners:
            return bool(names & self._owners)
        if DEPLOYER in names:
            return True
        store = self._cloud.store
        first = store.get(META, OWNER)
        if first is None:
            with store.transaction():
                first = store.get(META, OWNER) or {"value": caller.object_id.lower()}
                store.put(META, OWNER, first)
        return str(first["value"]) in names

    def allows(self, caller: Caller, action: str, scope: str) -> bool:
        """Whether a caller may perform an action on what an ID names."""
        return self.is_owner(caller) or any(
            self._grants(assignment, action) for assignment in self._at_or_above(caller, scope)
        )

    def has_any(self, caller: Caller, below: str = "") -> bool:
        """Whether a caller has any role at or below a scope."""
        prefix = f"{below.lower()}/"
        return self.is_owner(caller) or any(
            f"{assignment.parsed.scope.lower()}/".startswith(prefix) for assignment in self._of(caller)
        )

    def _at_or_above(self, caller: Caller, scope: str) -> Iterator[Resource]:
        target = f"{scope.lower()}/"
        for assignment in self._of(caller):
            if target.startswith(f"{assignment.parsed.scope.lower()}/"):
                yield assignment

    def _of(self, caller: Caller) -> Iterator[Resource]:
        for key in self._assignments.get(caller.object_id.lower(), ()):
            assignment = self._cloud.get(key)
            if assignment is not None:
                yield assignment

    def _grants(self, assignment: Resource, action: str) -> bool:
        role = find_role(str(assignment.properties["roleDefinitionId"]), self._cloud)
        permissions = role["properties"].get("permissions", []) if role is not None else []
        return any(
            matches(action, permission.get("actions")) and not matches(action, permission.get("notActions"))
            for permission in permissions
        )

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        if ASSIGNMENT not in key:
            return
        for document, is_there in ((old, False), (new, True)):
            if document is None:
                continue
            principal = str((document["body"].get("properties") or {}).get("principalId", "")).lower()
            if is_there:
                self._assignments.setdefault(principal, {})[key] = None
            else:
                self._assignments.get(principal, {}).pop(key, None)


def matches(action: str, patterns: Iterable[object] | None) -> bool:
    """Whether any of a role's patterns covers an action; case is ignored.

    A `*` between slashes stands for nothing too: Managed Identity Operator lists
    `Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action`, and is the role that Azure names for
    `Microsoft.ManagedIdentity/userAssignedIdentities/assign/action` ("Azure built-in roles for Identity").
    """
    return any(_pattern(str(pattern).lower()).fullmatch(action.lower()) for pattern in patterns or ())


@lru_cache(maxsize=10_000)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*"))

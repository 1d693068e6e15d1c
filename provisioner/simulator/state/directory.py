"""The directory (Entra ID): who acts, and when others can see it.

In: owners that come and go (resources with an identity of their own, clients that log in). Out: `Principal` records.
A new principal becomes visible after the replication lag of the settings.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from ..settings import Settings
from ..timing import Timing
from .store import Document, Store

KIND = "principal"
PrincipalType = Literal["ServicePrincipal", "User", "Group"]
NAMESPACE = uuid.UUID("6f2d1c1e-5f5e-4a55-9d0c-6b1f0f0a7c11")


@dataclass(frozen=True, slots=True)
class Principal:
    """One entry: `owner` is the ARM ID of the resource it belongs to, or `client:{app_id}` for one that logs in."""

    id: str
    app_id: str
    type: PrincipalType
    owner: str
    visible_at: float


class Directory:
    """Principals, by object ID and by owner."""

    def __init__(self, store: Store, timing: Timing, settings: Settings) -> None:
        self._store = store
        self._timing = timing
        self._settings = settings
        self.lag_s: Callable[[str], float | None] = lambda owner: None
        self._by_owner: dict[str, str] = {}
        self._by_app: dict[str, str] = {}
        store.listen(KIND, self._changed)

    def get(self, object_id: str) -> Principal | None:
        document = self._store.get(KIND, object_id.lower())
        return None if document is None else Principal(**document)

    def of_owner(self, owner: str) -> Principal | None:
        """The principal that a resource has, by its ARM ID."""
        object_id = self._by_owner.get(owner.lower())
        return None if object_id is None else self.get(object_id)

    def visible(self, principal: Principal) -> bool:
        """Whether the directory has replicated it yet."""
        return principal.visible_at <= self._timing.now()

    def create(self, owner: str) -> Principal:
        """The service principal of a resource: its own if it has one, a fresh one otherwise."""
        known = self.of_owner(owner)
        if known is not None:
            return known
        drawn = self.lag_s(owner)
        visible_at = self._timing.after(self._settings.replication_lag_s if drawn is None else drawn)
        principal = Principal(str(uuid.uuid4()), str(uuid.uuid4()), "ServicePrincipal", owner, visible_at)
        self._put(principal)
        return principal

    def delete(self, owner: str) -> None:
        """Forget an owner's principal, and nothing that names it."""
        object_id = self._by_owner.get(owner.lower())
        if object_id is not None:
            with self._store.transaction():
                self._store.delete(KIND, object_id)

    def client(self, app_id: str) -> Principal:
        """The service principal of a client that logs in: a resource's by its client ID, else always the same."""
        # Derived from the client ID: the role assignments of one run fit the same client in the next.
        object_id = self._by_app.get(app_id.lower()) or str(uuid.uuid5(NAMESPACE, app_id.lower()))
        known = self.get(object_id)
        if known is not None:
            return known
        principal = Principal(object_id, app_id, "ServicePrincipal", f"client:{app_id}", 0.0)
        self._put(principal)
        return principal

    def add(self, object_id: str, type_: PrincipalType) -> Principal:
        """Enter a user, a group or a foreign service principal by its object ID."""
        principal = Principal(object_id.lower(), object_id.lower(), type_, f"entered:{object_id}", 0.0)
        self._put(principal)
        return principal

    def _put(self, principal: Principal) -> None:
        with self._store.transaction():
            self._store.put(KIND, principal.id.lower(), asdict(principal))

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        if old is not None:
            self._by_owner.pop(old["owner"].lower(), None)
            self._by_app.pop(old["app_id"].lower(), None)
        if new is not None:
            self._by_owner[new["owner"].lower()] = key
            self._by_app[new["app_id"].lower()] = key

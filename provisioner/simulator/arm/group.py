"""Resource groups as they are stored.

In: documents of the state. Out: `Group` records by ID, kept current by listening; and the document of one. What
requests do with groups is in `groups`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..state.store import Document, Store

KIND = "group"
"""Kind of the documents that are resource groups."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A resource group.

    Attributes:
        tags: None when a client never sent any, which is answered without the member.
        operation: ID of the operation that deletes it, if one does.
        sequence: grows with creation; lists are in this order.
        created_at: seconds since the epoch.
    """

    id: str
    name: str
    location: str
    tags: dict[str, str] | None
    managed_by: str | None
    state: Literal["Succeeded", "Deleting"] = "Succeeded"
    operation: str | None = None
    sequence: int
    created_at: float

    @property
    def key(self) -> str:
        return self.id.lower()

    @classmethod
    def from_document(cls, document: Document) -> Group:
        values = {name: value for name, value in document.items() if name != "managedBy"}
        return cls(managed_by=document["managedBy"], **values)

    def to_document(self) -> Document:
        return {
            "id": self.id,
            "name": self.name,
            "location": self.location,
            "tags": self.tags,
            "managedBy": self.managed_by,
            "state": self.state,
            "operation": self.operation,
            "sequence": self.sequence,
            "created_at": self.created_at,
        }


class StoredGroups:
    """Every resource group of a store."""

    def __init__(self, store: Store) -> None:
        self._by_key: dict[str, Group] = {}
        store.listen(KIND, self._changed)

    def get(self, identity: str) -> Group | None:
        """By ID, in whatever casing."""
        return self._by_key.get(identity.lower())

    def everything(self) -> list[Group]:
        """Every group there is, oldest first."""
        return sorted(self._by_key.values(), key=lambda group: group.sequence)

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        if new is None:
            self._by_key.pop(key, None)
        else:
            self._by_key[key] = Group.from_document(new)

"""One resource group as it is stored.

In: a document of the state. Out: `Group`, and the document again. What requests do with groups is in `groups`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..state.store import Document

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

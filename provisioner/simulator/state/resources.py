"""The resources there are, indexed so that no lookup grows with their number.

In: documents of the kind "resource" as the store has them. Out: `Resource` records by ID, group, type and parent. It
answers questions and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..json_values import Json
from ..protocol.arm_path import ResourceId, parse_id, parse_path
from .ordered_index import Bucket, View
from .store import Document, Store

KIND = "resource"
_EMPTY = Bucket()


@dataclass(frozen=True)
class Resource:
    """One stored resource.

    Attributes:
        id: as Azure spells it in answers.
        type: canonical.
        body: what is answered, without what is computed on reading (etag, embedded children, back-references).
        hidden: what is kept and never answered (write-only values, positions).
        etag: opaque; changes with every change.
        operation: ID of the operation that runs on it, if any.
        sequence: grows with creation; lists are in this order.
        created_at, changed_at: seconds since the epoch.
    """

    id: str
    type: str
    body: Json
    hidden: Json
    etag: str
    operation: str | None
    sequence: int
    created_at: float
    changed_at: float

    @property
    def key(self) -> str:
        return self.id.lower()

    # The path of an ID is parsed in every list: once for each resource is enough.
    @cached_property
    def parsed(self) -> ResourceId:
        parsed = parse_id(self.id)
        assert parsed is not None, self.id
        return parsed

    @property
    def name(self) -> str:
        return self.parsed.name

    @property
    def properties(self) -> Json:
        properties: Json = self.body.get("properties") or {}
        return properties

    def to_document(self) -> Document:
        return {
            "id": self.id, "type": self.type, "body": self.body, "hidden": self.hidden, "etag": self.etag,
            "operation": self.operation, "sequence": self.sequence, "created_at": self.created_at,
            "changed_at": self.changed_at,
        }  # fmt: skip


class Resources:
    """An index over the store's resources, kept up by listening to it."""

    def __init__(self, store: Store) -> None:
        self._by_key: dict[str, Resource] = {}
        self._all = Bucket()
        self._by_type: dict[str, Bucket] = {}
        self._by_group: dict[str, Bucket] = {}
        self._by_container: dict[tuple[str, str], Bucket] = {}
        self._children: dict[str, Bucket] = {}
        self._last_sequence = 0
        store.listen(KIND, self._changed)

    def get(self, key: str) -> Resource | None:
        """By ID, in whatever casing."""
        return self._by_key.get(key.lower())

    def everything(self) -> View[Resource]:
        """Every resource there is, oldest first."""
        return self._all.view(self._by_key)

    def of_type(self, type_: str) -> View[Resource]:
        """Every resource of a type, oldest first."""
        return self._view(self._by_type.get(type_.lower()))

    def in_group(self, group_id: str) -> View[Resource]:
        """Everything whose ID begins with the group's, children and extension resources included, oldest first."""
        return self._view(self._by_group.get(group_id.lower()))

    def in_container(self, container: str, type_: str) -> View[Resource]:
        """The resources of a type directly in a group, under a parent or at a scope, oldest first."""
        return self._view(self._by_container.get((container.lower(), type_.lower())))

    def children(self, key: str) -> View[Resource]:
        """Child resources and extension resources directly under a resource, oldest first."""
        return self._view(self._children.get(key.lower()))

    def count_types(self, group_id: str) -> dict[str, int]:
        """How many resources of each type (lower case) a group holds."""
        counts: dict[str, int] = {}
        for resource in self.in_group(group_id):
            type_ = resource.type.lower()
            counts[type_] = counts.get(type_, 0) + 1
        return counts

    def next_sequence(self) -> int:
        """A number above all others, across processes too: microseconds of the wall clock, never twice."""
        self._last_sequence = max(self._last_sequence + 1, time.time_ns() // 1000)
        return self._last_sequence

    def _view(self, bucket: Bucket | None) -> View[Resource]:
        return (bucket or _EMPTY).view(self._by_key)

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        known = self._by_key.get(key)
        if known is not None and (new is None or (new["type"], new["sequence"]) != (known.type, known.sequence)):
            self._remove(known)
            known = None
        if new is None:
            return
        resource = Resource(**new)
        self._by_key[key] = resource
        if known is None:
            self._add(resource)
        self._last_sequence = max(self._last_sequence, resource.sequence)

    def _buckets(self, resource: Resource) -> Iterator[Bucket]:
        parsed, type_ = resource.parsed, resource.type.lower()
        container = parsed.container.lower()
        yield self._all
        yield self._by_type.setdefault(type_, Bucket())
        yield self._by_container.setdefault((container, type_), Bucket())
        yield self._children.setdefault(container, Bucket())
        path = parse_path(resource.id)
        if path.group is not None:
            group = f"/subscriptions/{path.subscription}/resourcegroups/{path.group}".lower()
            yield self._by_group.setdefault(group, Bucket())

    def _add(self, resource: Resource) -> None:
        for bucket in self._buckets(resource):
            bucket.add(resource.key)

    def _remove(self, resource: Resource) -> None:
        del self._by_key[resource.key]
        for bucket in self._buckets(resource):
            bucket.discard(resource.key)

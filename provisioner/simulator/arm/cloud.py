"""What a resource type's hooks look at and change: the state, and what the descriptions of the types make of it.

In: a state, a registry. Out: `Cloud`, handed to every hook. Inside a hook a transaction is open: what it changes is
kept together with the request, or not at all.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..description.resource_type import ResourceType
from ..errors import group_not_found, subscription_not_found
from ..json_values import Json
from ..protocol.arm_path import ResourceId, group_id, parse_id, parse_path
from ..protocol.json_paths import entries_at
from ..registry import Registry
from ..settings import Settings
from ..state.cloud_state import CloudState
from ..state.operations import Operation
from ..state.resources import Resource
from ..state.store import Store
from .group import KIND as GROUP
from .group import Group, StoredGroups
from .links import Links

if TYPE_CHECKING:
    from ..protocol.wire import Request, Response
    from .resource_write import ResourceWrite


class Authorizer(Protocol):
    """Decides who may do what; `access` has the one that knows roles."""

    def check(self, request: Request) -> None:
        """Raise ArmError unless the caller may make this request."""

    def readable(self, request: Request, response: Response) -> Response:
        """The answer without what the caller may not read."""


class Interference(Protocol):
    """Makes things go wrong on purpose; `faults` has the one that reads rules."""

    def begin(self, operation: Operation, body: Json | None) -> Operation:
        """An operation as it will go."""

    def lag_s(self, owner: str) -> float | None:
        """How long a new principal is not visible; None leaves it to the settings."""

    def refuse_write(self, change: ResourceWrite) -> None:
        """Raise ArmError for a write that finds no room."""


class Companion(Protocol):
    """What a type keeps in memory beside the store: an index that listens to it, or values that are never stored."""

    def __init__(self, cloud: Cloud) -> None: ...


AnyCompanion = TypeVar("AnyCompanion", bound=Companion)


class Cloud(CloudState):
    """A state in which resources have types."""

    def __init__(self, store: Store, registry: Registry, settings: Settings) -> None:
        super().__init__(store, settings)
        self.registry = registry
        self.groups = StoredGroups(store)
        self.links = Links(store, registry)
        self.authorizer: Authorizer | None = None
        self.interference: Interference | None = None
        self._companions: dict[type, Companion] = {}

    def interfere(self, interference: Interference) -> None:
        """Let something decide how operations end, when principals appear, and which writes find no room."""
        self.interference = interference
        self.operations.prepare = interference.begin
        self.directory.lag_s = interference.lag_s

    def companion(self, kind: type[AnyCompanion]) -> AnyCompanion:
        """The one companion of its kind, made when it is first asked for."""
        found = self._companions.get(kind)
        if not isinstance(found, kind):
            found = self._companions[kind] = kind(self)
        return found

    def exists(self, resource_id: str) -> bool:
        """Whether an ID names something: a resource, a part of one, a group, a subscription."""
        path = parse_path(resource_id)
        if path.subscription is not None and path.subscription.lower() != self.subscription_id:
            return False
        if not path.blocks:
            return path.group is None or self.group(path.subscription or "", path.group) is not None
        return self.get(resource_id) is not None or self._is_part(resource_id)

    def _is_part(self, part_id: str) -> bool:
        """Whether an ID names a part of a resource: an IP configuration, a frontend."""
        parsed = parse_id(part_id)
        owner = self.get(str(parsed.parent)) if parsed is not None and parsed.parent is not None else None
        type_ = self.registry.get(owner.type) if owner is not None else None
        if parsed is None or owner is None or type_ is None:
            return False
        return any(
            str(entry.get("name", "")).lower() == parsed.name.lower()
            for path, word in type_.body.parts.items()
            if word.lower() == parsed.types[-1].lower()
            for entry in entries_at(owner.body, path)
        )

    def parts_of(self, resource: Resource, type_: ResourceType) -> list[str]:
        """The IDs of a resource's parts."""
        return [entry["id"] for path in type_.body.parts for entry in entries_at(resource.body, path) if "id" in entry]

    def type_of(self, resource: Resource) -> ResourceType:
        """The description of a stored resource's type."""
        parsed = resource.parsed
        return self.registry.find(parsed.namespace, parsed.types, "")

    def etag_of(self, resource: Resource) -> str:
        """The etag as answered; a child that lives in its parent has its parent's (recorded)."""
        if self.type_of(resource).containment.embedded_in is not None and resource.parsed.parent is not None:
            parent = self.get(str(resource.parsed.parent))
            return parent.etag if parent is not None else resource.etag
        return resource.etag

    def create(self, resource_id: str, body: Json, *, hidden: Json | None = None) -> Resource:
        """Store a resource that the server makes by itself; `body` needs no id, name or type."""
        parsed = parse_id(resource_id)
        if parsed is None:
            raise ValueError(f"{resource_id!r} is not a resource ID")
        type_ = self.registry.find(parsed.namespace, parsed.types, "")
        envelope = {"id": resource_id, "name": parsed.name, "type": type_.type}
        # The envelope comes first for the order of the keys, and again because it has the last word.
        return self.save(type_, resource_id, {**envelope, **body, **envelope}, dict(hidden or {}), None)

    def update(self, resource: Resource, body: Json, *, hidden: Json | None = None) -> Resource:
        """Store a changed body of a resource; its etag changes. Give a new dict, never the stored one altered."""
        return self.save(
            self.type_of(resource),
            resource.id,
            body,
            resource.hidden if hidden is None else hidden,
            resource.operation,
        )

    def save(self, type_: ResourceType, resource_id: str, body: Json, hidden: Json, operation: str | None) -> Resource:
        """Write a resource as it is given, with a new etag."""
        known = self.get(resource_id)
        now = self.timing.now()
        return self.put(
            Resource(
                id=resource_id,
                type=type_.type,
                body=body,
                hidden=hidden,
                etag=_next_etag(type_, known),
                operation=operation,
                sequence=known.sequence if known is not None else self.resources.next_sequence(),
                created_at=known.created_at if known is not None else now,
                changed_at=now,
            )
        )

    def remove(self, resource: Resource, *, leave: frozenset[str] = frozenset()) -> None:
        """Remove a resource with its children and what hangs on it; `deleted` hooks run for each, innermost first."""
        for child in self.resources.children(resource.key):
            if child.key not in leave and not self.type_of(child).placement.survives_scope:
                self.remove(child, leave=leave)
        self.forget(resource)
        # The hook runs when the resource is gone: what it removes in turn finds no reference from it.
        deleted = self.type_of(resource).on_delete.deleted
        if deleted is not None:
            deleted(resource, self)

    def group(self, subscription: str, name: str) -> Group | None:
        """A resource group, or None."""
        return self.groups.get(group_id(subscription, name))

    def put_group(self, group: Group) -> None:
        """Store a resource group as it is given."""
        self.store.put(GROUP, group.key, group.to_document())

    def forget_group(self, group: Group) -> None:
        """Remove a resource group, and nothing that is in it."""
        self.store.delete(GROUP, group.key)

    def require_group(self, subscription: str, name: str) -> Group:
        """A resource group; raises ArmError when there is none."""
        self.require_subscription(subscription)
        group = self.group(subscription, name)
        if group is None:
            raise group_not_found(name)
        return group

    def require_subscription(self, subscription: str) -> None:
        if subscription.lower() != self.subscription_id:
            raise subscription_not_found(subscription)

    def location_of(self, resource_id: str) -> str | None:
        """The region of a resource, or of the nearest parent that has one."""
        parsed = parse_id(resource_id)
        while parsed is not None:
            resource = self.get(str(parsed))
            if resource is not None and resource.body.get("location"):
                return str(resource.body["location"])
            parsed = parsed.parent
        return None

    def canonical(self, asked: ResourceId, type_: ResourceType) -> str:
        """An ID in the spelling that Azure answers with: what is stored keeps its first spelling."""
        known = self.get(str(asked))
        if known is not None:
            return known.id
        if asked.parent is not None:
            parent = self.get(str(asked.parent))
            base = parent.id if parent is not None else str(asked.parent)
            return f"{base}/{type_.own_word}/{asked.name}"
        path = parse_path(asked.scope)
        scope = asked.scope
        if path.blocks:
            target = self.get(asked.scope)
            scope = target.id if target is not None else scope
        elif path.subscription is not None:
            group = self.group(path.subscription, path.group) if path.group is not None else None
            scope = group.id if group is not None else scope
        return f"{type_.placement.spelled(scope)}/providers/{type_.type}/{asked.name}"


def _next_etag(type_: ResourceType, known: Resource | None) -> str:
    if type_.answers.etag == "integer":
        current = int(known.etag.strip('"')) if known is not None else 0
        return f'"{current + 1}"'
    return f'W/"{uuid.uuid4()}"'

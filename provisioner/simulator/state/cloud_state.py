"""Everything a resource type's functions may look at and change: the state, the directory, the time.

In: the parts. Out: `CloudState`, handed to every hook. Inside a hook a transaction is open: what it changes is kept
together with the request, or not at all.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import group_not_found, subscription_not_found
from ..protocol.arm_path import ResourceId, group_id, parse_id, parse_path
from ..protocol.json_paths import find, read
from ..registry import Registry
from ..resource_type import ResourceType
from ..settings import Settings
from ..timing import Timing
from .directory import Directory
from .operations import Operations
from .private_addresses import Addresses
from .resource_index import ResourceIndex
from .resources import KIND, Resource, Resources
from .store import Document, Store

if TYPE_CHECKING:
    from ..access.permissions import Permissions
    from ..faults.fault_injector import FaultInjector

Json = dict[str, Any]
GROUP = "group"
META = "meta"

SUBSCRIPTION_ID = "5ab00000-0000-4000-8000-000000000001"
TENANT_ID = "7e4a0000-0000-4000-8000-000000000001"
"""What a fresh state begins with; well known, so that examples and scripts can name them."""


class CloudState:
    """The simulator's state and services."""

    def __init__(self, store: Store, registry: Registry, settings: Settings) -> None:
        self.store = store
        self.registry = registry
        self.settings = settings
        self.timing = Timing(settings)
        self.fault_injector = _fault_injector(settings)
        self.operations = Operations(store, self.fault_injector.begin if self.fault_injector is not None else None)
        lag_s = self.fault_injector.lag_s if self.fault_injector is not None else None
        self.directory = Directory(store, self.timing, settings, lag_s)
        self.resources = Resources(store, self._references_of)
        self.index = ResourceIndex(store, self.timing, settings.index_lag_s)
        self.addresses = Addresses(store)
        self.secrets: dict[str, Json] = {}
        """What is never stored: the values of secure parameters, by the key of the deployment that runs with them."""
        self.subscription_id = self._remember("subscription_id", SUBSCRIPTION_ID)
        self.tenant_id = self._remember("tenant_id", TENANT_ID)
        self.permissions = self._permissions()

    def get(self, resource_id: str) -> Resource | None:
        """A stored resource by ID, case ignored."""
        return self.resources.get(resource_id)

    def exists(self, resource_id: str) -> bool:
        """Whether an ID names something: a resource, a part of one, a group, a subscription."""
        path = parse_path(resource_id)
        if path.subscription is not None and path.subscription.lower() != self.subscription_id:
            return False
        if not path.blocks:
            return path.group is None or self.group(path.subscription or "", path.group) is not None
        return self.get(resource_id) is not None or self.owner_of_part(resource_id) is not None

    def owner_of_part(self, part_id: str) -> Resource | None:
        """The resource that a part (an IP configuration, a backend pool) belongs to, if there is such a part."""
        parsed = parse_id(part_id)
        if parsed is None or parsed.parent is None:
            return None
        owner = self.get(str(parsed.parent))
        type_ = self.registry.get(owner.type) if owner is not None else None
        if owner is None or type_ is None:
            return None
        for path, word in type_.parts.items():
            if word.lower() == parsed.types[-1].lower() and any(
                str(entry.get("name", "")).lower() == parsed.name.lower() for entry in read(owner.body, path) or ()
            ):
                return owner
        return None

    def type_of(self, resource: Resource) -> ResourceType:
        """The description of a stored resource's type."""
        parsed = resource.parsed
        return self.registry.find(parsed.namespace, parsed.types, "")

    def etag_of(self, resource: Resource) -> str:
        """The etag as answered; a child that lives in its parent has its parent's (recorded)."""
        if self.type_of(resource).embedded_in is not None and resource.parsed.parent is not None:
            parent = self.get(str(resource.parsed.parent))
            return parent.etag if parent is not None else resource.etag
        return resource.etag

    def create(self, resource_id: str, body: Mapping[str, Any], *, hidden: Mapping[str, Any] | None = None) -> Resource:
        """Store a resource that the server makes by itself (an OS disk); `body` needs no id, name or type."""
        parsed = parse_id(resource_id)
        if parsed is None:
            raise ValueError(f"{resource_id!r} is no resource ID")
        type_ = self.registry.find(parsed.namespace, parsed.types, "")
        envelope = {"id": resource_id, "name": parsed.name, "type": type_.type}
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

    def editable(self, resource: Resource) -> Json:
        """A deep copy of a resource's body, to change and hand to `update`."""
        return copy.deepcopy(resource.body)

    def save(self, type_: ResourceType, resource_id: str, body: Json, hidden: Json, operation: str | None) -> Resource:
        """Write a resource as it is given, with a new etag."""
        known = self.get(resource_id)
        now = self.timing.now()
        resource = Resource(
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
        self.store.put(KIND, resource.key, resource.to_document())
        return self.resources.get(resource.key) or resource

    def mark(self, resource: Resource, operation: str | None) -> None:
        """Say which operation runs on a resource, and change nothing else."""
        self.store.put(KIND, resource.key, replace(resource, operation=operation).to_document())

    def remove(self, resource: Resource, *, leave: frozenset[str] = frozenset()) -> None:
        """Remove a resource with its children and what hangs on it; `deleted` hooks run for each, innermost first.

        Role assignments stay, as in Azure: they outlive what they were made for.
        """
        for child in self.resources.children(resource.key):
            if child.key not in leave and not self.type_of(child).survives_scope:
                self.remove(child, leave=leave)
        self.store.delete(KIND, resource.key)
        deleted = self.type_of(resource).deleted
        if deleted is not None:
            deleted(resource, self)

    def group(self, subscription: str, name: str) -> Document | None:
        """A resource group's document, or None."""
        return self.store.get(GROUP, group_id(subscription, name).lower())

    def require_group(self, subscription: str, name: str) -> Document:
        """A resource group's document; raises ArmError when there is none."""
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
            scope = group["id"] if group is not None else scope
        if type_.lower_case_group:
            scope = scope.replace("/resourceGroups/", "/resourcegroups/")
        return f"{scope}/providers/{type_.type}/{asked.name}"

    def new_guid(self) -> str:
        return str(uuid.uuid4())

    def parts_of(self, resource: Resource, type_: ResourceType) -> list[str]:
        """The IDs of a resource's parts."""
        return [
            found.value["id"]
            for path in type_.parts
            for found in find(resource.body, f"{path}[]")
            if isinstance(found.value, dict) and "id" in found.value
        ]

    def _permissions(self) -> Permissions | None:
        if not self.settings.enforce_rbac:
            return None
        from ..access.permissions import Permissions

        return Permissions(self)

    def _references_of(self, type_: str) -> Any:
        described = self.registry.get(type_)
        return described.references if described is not None else ()

    def _remember(self, name: str, value: str) -> str:
        known = self.store.get(META, name)
        if known is not None:
            return str(known["value"])
        with self.store.transaction():
            known = self.store.get(META, name)
            if known is None:
                self.store.put(META, name, {"value": value})
        return str(known["value"]) if known is not None else value


def _fault_injector(settings: Settings) -> FaultInjector | None:
    if settings.faults is None:
        return None
    from ..faults.fault_injector import FaultInjector

    return FaultInjector(settings.faults)


def _next_etag(type_: ResourceType, known: Resource | None) -> str:
    if type_.etag == "integer":
        current = int(known.etag.strip('"')) if known is not None else 0
        return f'"{current + 1}"'
    return f'W/"{uuid.uuid4()}"'

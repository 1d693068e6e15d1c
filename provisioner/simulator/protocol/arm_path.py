"""Paths of ARM: taken apart and put together, whatever their casing.

In: the path of a URL or a resource ID. Out: `ArmPath` (what a request names) and `ResourceId` (one resource).
It never looks anything up: whether a resource exists, or how its type is spelled, is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Block:
    """One `providers/{namespace}/{type}/{name}...` stretch; a collection or an action has one more type than names."""

    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArmPath:
    """A request path: subscription, group, provider blocks, and what is left when there is no provider block."""

    subscription: str | None
    group: str | None
    blocks: tuple[Block, ...]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResourceId:
    """One resource: the scope it hangs on and its own block; `scope` is "" for the tenant."""

    scope: str
    namespace: str
    types: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def type(self) -> str:
        return "/".join((self.namespace, *self.types))

    @property
    def name(self) -> str:
        return self.names[-1]

    @property
    def qualified_name(self) -> str:
        """Names joined with their types between, as ARM prints them: `vnet/subnets/front`."""
        pairs = zip(self.types[1:], self.names[1:], strict=True)
        return "/".join((self.names[0], *(f"{type_}/{name}" for type_, name in pairs)))

    @property
    def parent(self) -> ResourceId | None:
        """The resource that this one is a child of; None for a top-level one."""
        if len(self.types) == 1:
            return None
        return ResourceId(self.scope, self.namespace, self.types[:-1], self.names[:-1])

    @property
    def container(self) -> str:
        """What a list of this resource's siblings hangs on: its parent resource, else its scope."""
        return self.scope if self.parent is None else str(self.parent)

    @property
    def subscription(self) -> str | None:
        return parse_path(self.scope).subscription

    @property
    def group(self) -> str | None:
        return parse_path(self.scope).group

    @property
    def key(self) -> str:
        """What two spellings of the same ID have in common."""
        return str(self).lower()

    def child(self, type_: str, name: str) -> ResourceId:
        return ResourceId(self.scope, self.namespace, (*self.types, type_), (*self.names, name))

    def __str__(self) -> str:
        pairs = zip(self.types, self.names, strict=True)
        own = "/".join((self.namespace, *(f"{type_}/{name}" for type_, name in pairs)))
        return f"{self.scope}/providers/{own}"


def group_id(subscription: str, group: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{group}"


@lru_cache(maxsize=50_000)
def parse_path(path: str) -> ArmPath:
    """The parts of a path; never fails: what is not understood is left in `rest`."""
    segments = [segment for segment in path.split("/") if segment]
    position = 0
    subscription = group = None
    if len(segments) >= 2 and segments[0].lower() == "subscriptions":
        subscription, position = segments[1], 2
        if len(segments) >= 4 and segments[2].lower() == "resourcegroups":
            group, position = segments[3], 4
    blocks: list[Block] = []
    while position + 1 < len(segments) and segments[position].lower() == "providers":
        namespace = segments[position + 1]
        position += 2
        types: list[str] = []
        names: list[str] = []
        while position < len(segments) and segments[position].lower() != "providers":
            types.append(segments[position])
            position += 1
            if position < len(segments):
                names.append(segments[position])
                position += 1
        blocks.append(Block(namespace, tuple(types), tuple(names)))
    return ArmPath(subscription, group, tuple(blocks), tuple(segments[position:]))


def scope_of(path: ArmPath, block_count: int) -> str:
    """The ID formed by everything before the block at `block_count`."""
    scope = ""
    if path.subscription is not None:
        scope = f"/subscriptions/{path.subscription}"
        if path.group is not None:
            scope += f"/resourceGroups/{path.group}"
    for block in path.blocks[:block_count]:
        pairs = zip(block.types, block.names, strict=False)
        scope += "/providers/" + "/".join((block.namespace, *(f"{type_}/{name}" for type_, name in pairs)))
    return scope


@lru_cache(maxsize=50_000)
def parse_id(resource_id: str) -> ResourceId | None:
    """The resource that an ID names, or None when it names none (a group, a collection, no ARM ID at all)."""
    if not resource_id.startswith("/"):
        return None
    path = parse_path(resource_id)
    if not path.blocks or path.rest:
        return None
    last = path.blocks[-1]
    if not last.types or len(last.types) != len(last.names):
        return None
    return ResourceId(scope_of(path, len(path.blocks) - 1), last.namespace, last.types, last.names)

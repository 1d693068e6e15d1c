"""GET, HEAD and lists of resources.

In: a request, its type, the resource or the collection it names. Out: the answer. Nothing is changed.
"""

from __future__ import annotations

from typing import Any

from ..errors import ArmError, provider_not_found, resource_not_found
from ..http.arm_path import ResourceId, parse_id, parse_path
from ..http.wire import Answer, Call
from ..references import read
from ..resource_type import ResourceType
from ..state.cloud_state import World
from ..state.resources import Resource
from .paging import page
from .rendering import render
from .writing import require


def get(world: World, call: Call, type_: ResourceType, asked: ResourceId) -> Answer:
    """One resource."""
    if type_.virtual is not None:
        body = type_.virtual(asked, world)
        if body is not None:
            return Answer(200, body)
    resource = require(world, type_, asked)
    headers = {"ETag": world.etag_of(resource)} if type_.etag is not None else {}
    return Answer(200, render(world, resource, call), headers)


def get_part(world: World, call: Call, asked: ResourceId) -> Answer | None:
    """A part of a resource (an IP configuration) by its own address; None when there is no such kind of part."""
    entries = _parts(world, call, asked.parent, asked.types[-1])
    if entries is None:
        return None
    for entry in entries:
        if str(entry.get("name", "")).lower() == asked.name.lower():
            return Answer(200, entry)
    raise provider_not_found(str(asked))


def list_parts(world: World, call: Call, owner: ResourceId, word: str) -> Answer | None:
    """The parts of one kind; None when there is no such kind."""
    entries = _parts(world, call, owner, word)
    return None if entries is None else Answer(200, {"value": entries})


def _parts(world: World, call: Call, owner: ResourceId | None, word: str) -> list[dict[str, Any]] | None:
    if owner is None or (type_ := world.registry.get(owner.type)) is None:
        return None
    for path, name in type_.parts.items():
        if name.lower() == word.lower():
            found: list[dict[str, Any]] = read(render(world, require(world, type_, owner), call), path) or []
            return found
    return None


def head(world: World, call: Call, type_: ResourceType, asked: ResourceId) -> Answer:
    """Whether a resource is there: 204, or 404 without a body."""
    try:
        get(world, call, type_, asked)
    except ArmError as error:
        if error.status != 404:
            raise
        return Answer(404, headers={"x-ms-failure-cause": "gateway"} if error.gateway else {})
    return Answer(204)


def list_(world: World, call: Call, type_: ResourceType, container: str) -> Answer:
    """The resources of a type in a subscription, a group, under a parent, or at a scope."""
    path = parse_path(container)
    if path.subscription is not None:
        world.require_subscription(path.subscription)
        if path.group is not None:
            world.require_group(path.subscription, path.group)
    _require_parent(world, type_, container)
    if type_.list_filter is not None:
        return Answer(200, {"value": type_.list_filter(call, container, world.resources.of_type(type_.type), world)})
    everywhere = path.subscription is not None and path.group is None and not path.blocks
    found = world.resources.of_type(type_.type) if everywhere else world.resources.in_container(container, type_.type)
    return page(call, found, lambda resource: render(world, resource, call), world.settings.page_size, _sequence)


def _require_parent(world: World, type_: ResourceType, container: str) -> None:
    """A list under a resource that is not there is answered for that resource."""
    if type_.parent_key is None:
        return
    parent = parse_id(container)
    if parent is not None and world.get(container) is None:
        parent_type = world.registry.find(parent.namespace, parent.types, "")
        raise resource_not_found(parent_type.type, "/".join(parent.names), parent.group or "")


def _sequence(resource: Resource) -> int:
    return resource.sequence

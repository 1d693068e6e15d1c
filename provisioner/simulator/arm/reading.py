"""GET, HEAD and lists of resources.

In: a request, its type, the resource or the collection it names. Out: the answer. Nothing is changed.
"""

from __future__ import annotations

from ..description.resource_type import ResourceType
from ..errors import ArmError, provider_not_found, resource_not_found
from ..json_values import JsonObject
from ..protocol.arm_path import ResourceId, parse_id, parse_path
from ..protocol.json_paths import entries_at
from ..protocol.wire import Request, Response
from ..state.resources import Resource
from .cloud import Cloud
from .paging import page
from .rendering import render
from .stored import require


def get(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId) -> Response:
    """One resource."""
    if type_.on_read.virtual is not None:
        body = type_.on_read.virtual(asked, cloud)
        if body is not None:
            return Response(200, body)
    resource = require(cloud, type_, asked)
    headers = {"ETag": cloud.etag_of(resource)} if type_.answers.etag is not None else {}
    return Response(200, render(cloud, resource, request), headers)


def get_part(cloud: Cloud, request: Request, asked: ResourceId) -> Response | None:
    """A part of a resource (an IP configuration) by its own address; None when there is no such kind of part."""
    entries = _parts(cloud, request, asked.parent, asked.types[-1])
    if entries is None:
        return None
    for entry in entries:
        if str(entry.get("name", "")).lower() == asked.name.lower():
            return Response(200, entry)
    raise provider_not_found(str(asked))


def list_parts(cloud: Cloud, request: Request, owner: ResourceId, word: str) -> Response | None:
    """The parts of one kind; None when there is no such kind."""
    entries = _parts(cloud, request, owner, word)
    return None if entries is None else Response(200, {"value": entries})


def _parts(cloud: Cloud, request: Request, owner: ResourceId | None, word: str) -> list[JsonObject] | None:
    if owner is None or (type_ := cloud.registry.get(owner.type)) is None:
        return None
    for path, name in type_.body.parts.items():
        if name.lower() == word.lower():
            return entries_at(render(cloud, require(cloud, type_, owner), request), path)
    return None


def head(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId) -> Response:
    """Whether a resource is there: 204, or 404 without a body."""
    try:
        get(cloud, request, type_, asked)
    except ArmError as error:
        if error.status != 404:
            raise
        return Response(404, headers={"x-ms-failure-cause": "gateway"} if error.gateway else {})
    return Response(204)


def list_(cloud: Cloud, request: Request, type_: ResourceType, container: str) -> Response:
    """The resources of a type in a subscription, a group, under a parent, or at a scope."""
    path = parse_path(container)
    if path.subscription is not None:
        cloud.require_subscription(path.subscription)
        if path.group is not None:
            cloud.require_group(path.subscription, path.group)
    _require_parent(cloud, type_, container)
    if type_.on_read.list_filter is not None:
        return Response(
            200, {"value": type_.on_read.list_filter(request, container, cloud.resources.of_type(type_.type), cloud)}
        )
    everywhere = path.subscription is not None and path.group is None and not path.blocks
    found = cloud.resources.of_type(type_.type) if everywhere else cloud.resources.in_container(container, type_.type)
    return page(request, found, lambda resource: render(cloud, resource, request), cloud.settings.page_size, _sequence)


def _require_parent(cloud: Cloud, type_: ResourceType, container: str) -> None:
    """A list under a resource that is not there is answered for that resource."""
    if type_.parent_key is None:
        return
    parent = parse_id(container)
    if parent is not None and cloud.get(container) is None:
        parent_type = cloud.registry.find(parent.namespace, parent.types, "")
        raise resource_not_found(parent_type.type, "/".join(parent.names), parent.group or "")


def _sequence(resource: Resource) -> int:
    return resource.sequence

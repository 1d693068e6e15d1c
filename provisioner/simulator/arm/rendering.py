"""A stored resource as Azure answers it: with its etag, its embedded children, and who refers to it.

In: a `Resource`. Out: a JSON object that may be altered freely at its upper levels. Nothing is stored.
"""

from __future__ import annotations

import copy

from ..description.resource_type import ResourceType
from ..json_values import Json
from ..protocol.json_paths import entries_at
from ..protocol.wire import Request
from ..state.resources import Resource
from .cloud import Cloud


def render(cloud: Cloud, resource: Resource, request: Request | None = None) -> Json:
    """The body of a GET."""
    type_ = cloud.type_of(resource)
    # A hook may alter its copy at any depth; without one a shallow copy does, which counts in long lists.
    body = copy.deepcopy(resource.body) if type_.on_read.render is not None else dict(resource.body)
    if "properties" in body:
        body["properties"] = dict(body["properties"])
    etag = cloud.etag_of(resource)
    if type_.answers.etag is not None:
        body["etag"] = etag
    for path in type_.body.parts:
        _set(body, path, [_render_part(cloud, part, etag, type_) for part in entries_at(body, path)])
    _add_back_references(cloud, resource.key, body)
    for child_type in cloud.registry.embedded(type_):
        assert child_type.containment.embedded_in is not None
        found = cloud.resources.in_container(resource.id, child_type.type)
        # In the order of the parent's last PUT, not of creation.
        children = sorted(found, key=lambda child: child.hidden.get("position", child.sequence))
        _set(body, child_type.containment.embedded_in, [render(cloud, child) for child in children])
    if type_.on_read.render is not None and request is not None:
        type_.on_read.render(resource, body, request, cloud)
    return body


def _render_part(cloud: Cloud, part: Json, etag: str, type_: ResourceType) -> Json:
    rendered = {**part, "properties": dict(part.get("properties") or {})}
    if type_.answers.etag is not None:
        rendered["etag"] = etag
    if "id" in part:
        _add_back_references(cloud, part["id"].lower(), rendered)
    return rendered


def _add_back_references(cloud: Cloud, key: str, body: Json) -> None:
    lists: dict[str, dict[str, Json]] = {}
    for link in cloud.links.to(key):
        if link.reference.back is None:
            continue
        if link.reference.back_many:
            lists.setdefault(link.reference.back, {})[link.holder_id] = {"id": link.holder_id}
        else:
            _set(body, link.reference.back, {"id": link.holder_id})
    for path, entries in lists.items():
        _set(body, path, list(entries.values()))


def _set(body: Json, path: str, value: object) -> None:
    """Set a value without touching the objects that are shared with the store."""
    *steps, last = path.split(".")
    for step in steps:
        body[step] = dict(body.get(step) or {})
        body = body[step]
    body[last] = value

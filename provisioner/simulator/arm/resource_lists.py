"""Lists across types: every resource of a subscription, or of a group.

In: a request. Out: what `Resources - List` and `Resources - List By Resource Group` (REST, 2021-04-01) answer: the
envelope of each tracked resource, without its properties. A child's name is `parent/child` here. "When you filter by a
tag name and value, the tags for each resource are not returned in the results" (`$filter` of both).
"""

from __future__ import annotations

from ..json_values import JsonObject
from ..protocol.json_paths import read
from ..protocol.wire import Request, Response
from ..state.resources import Resource
from ..timing import iso
from .cloud import Cloud
from .filters import matcher
from .paging import page

ENVELOPE = (
    "id", "name", "type", "kind", "location", "tags", "sku", "plan", "identity", "managedBy", "zones",
    "extendedLocation",
)  # fmt: skip


def list_resources(cloud: Cloud, request: Request, subscription: str, group: str | None) -> Response:
    """All tracked resources that the filter lets pass, in pages."""
    cloud.require_subscription(subscription)
    if group is not None:
        container = cloud.require_group(subscription, group).id
        found = cloud.index.known(cloud.resources.in_group(container), container)
    else:
        found = cloud.index.known(cloud.resources.everything())
    condition = request.query.get("$filter")
    matches = matcher(condition)
    hidden = frozenset({"tags"} if "tagvalue" in (condition or "").lower() else ())
    expand = frozenset(part.strip().lower() for part in request.query.get("$expand", "").split(",") if part)
    return page(
        request,
        found,
        lambda resource: _entry(cloud, resource, expand, hidden),
        cloud.settings.page_size,
        lambda resource: resource.sequence,
        lambda resource: _tracked(cloud, resource) and matches(resource.body),
    )


def _tracked(cloud: Cloud, resource: Resource) -> bool:
    """ARM tracks what has a location; parts and extension resources are known to their providers only."""
    type_ = cloud.registry.get(resource.type)
    if type_ is not None and cloud.registry.describes(type_):
        return type_.placement.tracked
    # A type that is known by name only is not in the registry yet if an earlier process made the resource.
    return "location" in resource.body


def _entry(cloud: Cloud, resource: Resource, expand: frozenset[str], hidden: frozenset[str]) -> JsonObject:
    entry = {name: resource.body[name] for name in ENVELOPE if name in resource.body and name not in hidden}
    entry["name"] = "/".join(resource.parsed.names)
    type_ = cloud.registry.get(resource.type)
    managed_by = type_.on_read.manager if type_ is not None else None
    manager = managed_by(resource, cloud) if managed_by is not None else None
    if manager is not None:
        entry["managedBy"] = manager
    if "createdtime" in expand:
        entry["createdTime"] = iso(resource.created_at)
    if "changedtime" in expand:
        entry["changedTime"] = iso(resource.changed_at)
    if "provisioningstate" in expand:
        entry["provisioningState"] = read(resource.body, "properties.provisioningState") or "Succeeded"
    return entry

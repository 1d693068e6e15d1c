"""Tags as a resource of their own: `{scope}/providers/Microsoft.Resources/tags/default`.

In: a request and a scope (subscription, group, resource). Out: what `Tags - Create Or Update / Update / Get /
Delete At Scope` (REST, 2021-04-01) answer. PATCH knows the operations Merge, Replace and Delete.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..errors import gateway_error, invalid_content, method_not_allowed
from ..protocol.arm_path import parse_path
from ..protocol.wire import Request, Response
from .body_checks import check_tags
from .checks import check_guards, scope_not_found
from .cloud import Cloud

SUBSCRIPTION_TAGS = "subscription_tags"
Tags = dict[str, str]


def tags_at_scope(cloud: Cloud, request: Request, scope: str) -> Response:
    """Any method on the tags of a scope."""
    current = _read(cloud, scope)
    if request.method == "GET":
        return Response(200, _body(scope, current))
    check_guards(cloud, scope, "write")
    if request.method == "DELETE":
        _write(cloud, scope, {})
        return Response(200)
    if request.method not in ("PUT", "PATCH"):
        raise method_not_allowed(request.method)
    sent = request.json()
    given = sent.get("properties", {}).get("tags") if isinstance(sent.get("properties"), dict) else None
    if not isinstance(given, dict):
        raise invalid_content("Required property 'tags' not found in JSON. Path 'properties'")
    new = given if request.method == "PUT" else _patched(str(sent.get("operation", "")), current, given)
    check_tags({"tags": new})
    _write(cloud, scope, new)
    return Response(200, _body(scope, new))


def _patched(operation: str, current: Tags, given: Tags) -> Tags:
    lowered = {name.lower() for name in given}
    others = {name: value for name, value in current.items() if name.lower() not in lowered}
    match operation.lower():
        case "merge":
            return {**others, **given}
        case "replace":
            return given
        case "delete":
            return others
    raise gateway_error(400, "InvalidTagPatchOperation", f"The tags patch operation '{operation}' is invalid.")


def _read(cloud: Cloud, scope: str) -> Tags:
    path = parse_path(scope)
    if path.subscription is not None:
        cloud.require_subscription(path.subscription)
    tags: Tags | None
    if path.blocks:
        resource = cloud.get(scope)
        if resource is None:
            raise scope_not_found(scope)
        tags = resource.body.get("tags")
    elif path.group is not None:
        tags = cloud.require_group(path.subscription or "", path.group).tags
    else:
        tags = cloud.store.get(SUBSCRIPTION_TAGS, cloud.subscription_id)
    return dict(tags or {})


def _write(cloud: Cloud, scope: str, tags: Tags) -> None:
    path = parse_path(scope)
    resource = cloud.get(scope) if path.blocks else None
    if resource is not None:
        cloud.update(resource, {**resource.body, "tags": tags})
    elif path.group is not None:
        group = cloud.require_group(path.subscription or "", path.group)
        cloud.put_group(replace(group, tags=tags))
    else:
        cloud.store.put(SUBSCRIPTION_TAGS, cloud.subscription_id, dict(tags))


def _body(scope: str, tags: Tags) -> Mapping[str, object]:
    return {
        "id": f"{scope}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": tags},
    }

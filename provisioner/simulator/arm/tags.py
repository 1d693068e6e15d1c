"""Tags as a resource of their own: `{scope}/providers/Microsoft.Resources/tags/default`.

In: a request and a scope (subscription, group, resource). Out: what `Tags - Create Or Update / Update / Get /
Delete At Scope` (REST, 2021-04-01) answer. PATCH knows the operations Merge, Replace and Delete.
"""

from __future__ import annotations

from typing import Any

from ..errors import gateway_error, invalid_content, method_not_allowed
from ..http.arm_path import parse_path
from ..http.wire import Answer, Call
from ..state.cloud_state import GROUP, World
from .body_checks import check_tags
from .checks import check_guards, scope_not_found

SUBSCRIPTION_TAGS = "subscription_tags"
Tags = dict[str, str]


def tags_at_scope(world: World, call: Call, scope: str) -> Answer:
    """Any method on the tags of a scope."""
    current = _read(world, scope)
    if call.method == "GET":
        return Answer(200, _body(scope, current))
    check_guards(world, scope, "write")
    if call.method == "DELETE":
        _write(world, scope, {})
        return Answer(200)
    if call.method not in ("PUT", "PATCH"):
        raise method_not_allowed(call.method)
    sent = call.json()
    given = sent.get("properties", {}).get("tags") if isinstance(sent.get("properties"), dict) else None
    if not isinstance(given, dict):
        raise invalid_content("Required property 'tags' not found in JSON. Path 'properties'")
    new = given if call.method == "PUT" else _patched(str(sent.get("operation", "")), current, given)
    check_tags({"tags": new})
    _write(world, scope, new)
    return Answer(200, _body(scope, new))


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


def _read(world: World, scope: str) -> Tags:
    path = parse_path(scope)
    if path.subscription is not None:
        world.require_subscription(path.subscription)
    tags: Tags | None
    if path.blocks:
        resource = world.get(scope)
        if resource is None:
            raise scope_not_found(scope)
        tags = resource.body.get("tags")
    elif path.group is not None:
        tags = world.require_group(path.subscription or "", path.group)["tags"]
    else:
        tags = world.store.get(SUBSCRIPTION_TAGS, world.subscription_id)
    return dict(tags or {})


def _write(world: World, scope: str, tags: Tags) -> None:
    path = parse_path(scope)
    resource = world.get(scope) if path.blocks else None
    if resource is not None:
        world.update(resource, {**resource.body, "tags": tags})
    elif path.group is not None:
        group = world.require_group(path.subscription or "", path.group)
        world.store.put(GROUP, group["id"].lower(), {**group, "tags": tags})
    else:
        world.store.put(SUBSCRIPTION_TAGS, world.subscription_id, dict(tags))


def _body(scope: str, tags: Tags) -> dict[str, Any]:
    return {
        "id": f"{scope}/providers/Microsoft.Resources/tags/default",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": tags},
    }

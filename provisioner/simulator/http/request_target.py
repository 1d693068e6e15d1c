"""What a request is about: which type, which operation, which resource.

In: a `Call`. Out: an `Asked`, for whoever counts requests or decides about them; never an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..arm.operation_answers import operation_of_token
from ..state.cloud_state import World
from .arm_path import ArmPath, ResourceId, group_id, scope_of
from .wire import Call

GROUPS = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Attributes:
        type: the ARM type as the path spells it; empty where the path names none.
        operation: "read", "list", "poll", "create", "update", "delete", or an action's name in lower case.
        target: ID of the resource or group; of a list, of what it hangs on; of a poll, of what the operation works on.
        is_action: whether it is a POST on a resource.
    """

    type: str
    operation: str
    target: str
    is_action: bool = False


def asked_of(world: World, call: Call) -> Asked:
    """What a request is about."""
    path = call.arm
    return _of_block(world, call, path) if path.blocks else _plain(world, call, path)


def _plain(world: World, call: Call, path: ArmPath) -> Asked:
    rest = tuple(word.lower() for word in path.rest)
    if path.subscription is None:
        return Asked("", "list" if call.method == "GET" else call.method.lower(), call.path)
    if path.group is not None:
        target = group_id(path.subscription, path.group)
        if rest[:1] == ("deployments",):
            deployment = str(ResourceId(target, "Microsoft.Resources", ("deployments",), path.rest[1:2]))
            return Asked("Microsoft.Resources/deployments/operations", "list", deployment)
        if rest:
            return Asked("Microsoft.Resources/resources", "list", target)
        return Asked(GROUPS, _verb(call.method, world.group(path.subscription, path.group) is not None), target)
    if len(rest) == 2 and rest[0] == "operationresults":
        return _poll(world, operation_of_token(path.rest[1]), call.path)
    target = f"/subscriptions/{path.subscription}"
    if rest == ("resourcegroups",):
        return Asked(GROUPS, "list", target)
    return Asked(f"Microsoft.Resources/{path.rest[0]}" if rest else "Microsoft.Resources/subscriptions", "list", target)


def _of_block(world: World, call: Call, path: ArmPath) -> Asked:
    last = path.blocks[-1]
    words = tuple(word.lower() for word in last.types)
    scope = scope_of(path, len(path.blocks) - 1)
    type_ = "/".join((last.namespace, *last.types))
    if len(words) == 2 and words[0] == "locations" and "operation" in words[1] and len(last.names) == 2:
        return _poll(world, last.names[1], call.path)
    if words and len(last.types) == len(last.names):
        target = str(ResourceId(scope, last.namespace, last.types, last.names))
        return Asked(type_, _verb(call.method, world.get(target) is not None), target)
    owner = ResourceId(scope, last.namespace, last.types[:-1], last.names)
    container = str(owner) if last.names else scope
    if call.method == "POST" and last.names:
        return Asked(owner.type, last.types[-1].lower(), container, is_action=True)
    return Asked(type_, "list" if call.method in ("GET", "HEAD") else call.method.lower(), container)


def _poll(world: World, operation_id: str | None, path: str) -> Asked:
    operation = world.operations.get(operation_id) if operation_id is not None else None
    return Asked("", "poll", path) if operation is None else Asked(operation.type, "poll", operation.target)


def _verb(method: str, exists: bool) -> str:
    match method:
        case "PUT":
            return "update" if exists else "create"
        case "PATCH":
            return "update"
        case "DELETE":
            return "delete"
        case _:
            return "read"

"""What a request is about: which type, which operation, which resource.

In: a `Request`. Out: an `RequestTarget`, for whoever counts requests or decides about them; never an error.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..protocol.arm_path import ArmPath, ResourceId, group_id, scope_of
from ..protocol.wire import Request
from .cloud import Cloud
from .operation_answers import operation_of_token

GROUPS = "Microsoft.Resources/resourceGroups"


@dataclass(frozen=True, slots=True)
class RequestTarget:
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


def target_of(cloud: Cloud, request: Request) -> RequestTarget:
    """What a request is about."""
    path = request.arm
    return _of_block(cloud, request, path) if path.blocks else _plain(cloud, request, path)


def _plain(cloud: Cloud, request: Request, path: ArmPath) -> RequestTarget:
    rest = tuple(word.lower() for word in path.rest)
    if path.subscription is None:
        return RequestTarget("", "list" if request.method == "GET" else request.method.lower(), request.path)
    if path.group is not None:
        target = group_id(path.subscription, path.group)
        if rest[:1] == ("deployments",):
            deployment = str(ResourceId(target, "Microsoft.Resources", ("deployments",), path.rest[1:2]))
            return RequestTarget("Microsoft.Resources/deployments/operations", "list", deployment)
        if rest:
            return RequestTarget("Microsoft.Resources/resources", "list", target)
        return RequestTarget(
            GROUPS, _verb(request.method, cloud.group(path.subscription, path.group) is not None), target
        )
    if len(rest) == 2 and rest[0] == "operationresults":
        return _poll(cloud, operation_of_token(path.rest[1]), request.path)
    target = f"/subscriptions/{path.subscription}"
    if rest == ("resourcegroups",):
        return RequestTarget(GROUPS, "list", target)
    return RequestTarget(
        f"Microsoft.Resources/{path.rest[0]}" if rest else "Microsoft.Resources/subscriptions", "list", target
    )


def _of_block(cloud: Cloud, request: Request, path: ArmPath) -> RequestTarget:
    last = path.blocks[-1]
    words = tuple(word.lower() for word in last.types)
    scope = scope_of(path, len(path.blocks) - 1)
    type_ = "/".join((last.namespace, *last.types))
    if len(words) == 2 and words[0] == "locations" and "operation" in words[1] and len(last.names) == 2:
        return _poll(cloud, last.names[1], request.path)
    if words and len(last.types) == len(last.names):
        target = str(ResourceId(scope, last.namespace, last.types, last.names))
        return RequestTarget(type_, _verb(request.method, cloud.get(target) is not None), target)
    owner = ResourceId(scope, last.namespace, last.types[:-1], last.names)
    container = str(owner) if last.names else scope
    if request.method == "POST" and last.names:
        return RequestTarget(owner.type, last.types[-1].lower(), container, is_action=True)
    return RequestTarget(type_, "list" if request.method in ("GET", "HEAD") else request.method.lower(), container)


def _poll(cloud: Cloud, operation_id: str | None, path: str) -> RequestTarget:
    operation = cloud.operations.get(operation_id) if operation_id is not None else None
    return (
        RequestTarget("", "poll", path)
        if operation is None
        else RequestTarget(operation.type, "poll", operation.target)
    )


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

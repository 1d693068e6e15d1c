"""What is checked before a write or a delete, apart from the body: scope, parent, locks, etags, running operations.

In: the state, the request, the resource. Out: nothing, or ArmError. It changes nothing.
"""

from __future__ import annotations

from typing import Literal

from ..description.resource_type import ResourceType
from ..errors import (
    ArmError,
    already_exists_precondition,
    gateway_error,
    group_being_deleted,
    parent_not_found,
    precondition_failed,
    resource_not_found,
)
from ..protocol.arm_path import ResourceId, parse_path
from ..protocol.wire import Request
from ..state.operations import Operation
from ..state.resources import Resource
from .cloud import Cloud


def check_scope(cloud: Cloud, type_: ResourceType, asked: ResourceId) -> None:
    """The subscription, group, parent or resource that a new resource is to stand on must be there."""
    path = parse_path(asked.scope)
    kind = scope_kind(asked.scope)
    if kind not in type_.placement.scopes:
        raise gateway_error(
            400,
            "InvalidRequestScope" if kind != "subscription" else "MissingResourceGroup",
            f"The resource type '{type_.type}' cannot be deployed at scope '{asked.scope or '/'}'.",
        )
    if path.subscription is not None:
        cloud.require_subscription(path.subscription)
        if path.group is not None:
            group = cloud.require_group(path.subscription, path.group)
            if group.operation is not None:
                raise group_being_deleted(group.name)
    if path.blocks and not cloud.exists(asked.scope):
        raise scope_not_found(asked.scope)
    if asked.parent is not None and cloud.registry.describes(type_) and cloud.get(str(asked.parent)) is None:
        raise parent_not_found(asked.parent.qualified_name)


def scope_kind(scope: str) -> Literal["tenant", "subscription", "group", "resource"]:
    path = parse_path(scope)
    if path.blocks:
        return "resource"
    if path.subscription is None:
        return "tenant"
    return "subscription" if path.group is None else "group"


def scope_not_found(scope: str) -> ArmError:
    """The gateway's answer when an extension resource's target is missing."""
    path = parse_path(scope)
    last = path.blocks[-1]
    type_ = "/".join((last.namespace, *last.types))
    return resource_not_found(type_, "/".join(last.names), path.group or "")


def check_guards(cloud: Cloud, asked: ResourceId | str, verb: Literal["write", "delete"]) -> None:
    """Ask every guard that the types bring along (management locks)."""
    for guard in cloud.registry.guards:
        guard(cloud, str(asked), verb)


def check_preconditions(cloud: Cloud, request: Request, resource_id: str, before: Resource | None) -> None:
    """If-Match and If-None-Match; `*` stands for any etag. A type without etags ignores them.

    An empty header is no condition: it holds no entity tag (RFC 9110, sections 13.1.1 and 13.1.2).
    """
    if_match, if_none_match = (request.headers.get(name, "").strip() or None for name in ("if-match", "if-none-match"))
    if if_match is None and if_none_match is None:
        return
    current = cloud.etag_of(before) if before is not None else None
    if if_none_match is not None and current is not None and if_none_match in ("*", current):
        raise already_exists_precondition(resource_id)
    if if_match is not None:
        if current is None:
            raise precondition_failed(if_match, resource_id, "(none)")
        if if_match not in ("*", current):
            raise precondition_failed(if_match, resource_id, current)


def running_operation(
    cloud: Cloud, type_: ResourceType, asked: ResourceId, before: Resource | None
) -> Operation | None:
    """The operation that keeps a resource busy: its own, or, for children that lock it, its parent's."""
    busy = before.operation if before is not None else None
    if busy is None and asked.parent is not None and type_.containment.locks_parent:
        parent = cloud.get(str(asked.parent))
        busy = parent.operation if parent is not None else None
    operation = cloud.operations.get(busy) if busy is not None else None
    return operation if operation is not None and operation.running else None

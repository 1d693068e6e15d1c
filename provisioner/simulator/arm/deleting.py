"""DELETE of resources.

In: a request, its type, the resource it names. Out: the answer that Azure gives; the resource gone or on its way.
"""

from __future__ import annotations

from ..description.answers import LongRunning
from ..description.resource_type import ResourceType
from ..durations import duration_s
from ..errors import ArmError
from ..protocol.arm_path import ResourceId
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from ..state.resources import Resource
from .checks import check_guards, check_preconditions, running_operation
from .cloud import Cloud
from .links import Link
from .operation_answers import begin_headers
from .provisioning_state import with_state
from .rendering import render


def delete(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId) -> Response:
    """Delete; 204 for what is not there, 404 when its group is not."""
    if asked.subscription is not None:
        cloud.require_subscription(asked.subscription)
        if asked.group is not None and not type_.placement.survives_scope:
            cloud.require_group(asked.subscription, asked.group)
    resource = cloud.get(str(asked))
    if resource is None:
        return Response(204)
    check_guards(cloud, asked, "delete")
    check_preconditions(cloud, request, resource.id, resource)
    shape = type_.answers.long_running
    busy = running_operation(cloud, type_, asked, resource)
    if busy is not None and shape is not None:
        # A second DELETE is answered with the operation of the first.
        if busy.verb == "delete" and busy.target.lower() == resource.key:
            return _begun(cloud, request, busy, shape)
        if not shape.delete_preempts or busy.target.lower() != resource.key:
            raise type_.answers.refusals.busy(request, busy)
        cloud.operations.end(busy, cloud.timing.now(), _overtaken(), "Canceled")
    if type_.on_delete.check is not None:
        type_.on_delete.check(resource, cloud)
    error = in_use_error(cloud, resource, type_)
    if error is not None:
        raise error
    if shape is None:
        body = render(cloud, resource, request) if type_.answers.delete_body else None
        cloud.remove(resource)
        _touch_parent(cloud, type_, resource)
        return Response(200) if body is None else Response(200, body)
    return _begun(cloud, request, _begin(cloud, request, type_, resource, shape), shape)


def _overtaken() -> ArmError:
    """How an operation ends that a delete overtook, as compute does."""
    return ArmError(409, "OperationPreempted", "Operation execution has been preempted by a more recent operation.")


def in_use_error(cloud: Cloud, resource: Resource, type_: ResourceType) -> ArmError | None:
    """The refusal for a resource that others refer to, or whose children or parts are referred to."""
    inside = f"{resource.key}/"
    own: list[Link] = []
    for key in (resource.key, *(part.lower() for part in cloud.parts_of(resource, type_))):
        own.extend(
            link
            for link in cloud.links.to(key)
            # What is inside the resource goes with it, so its references hold nothing back.
            if link.reference.blocks_delete and link.source != resource.key and not link.source.startswith(inside)
        )
    if own and type_.on_delete.in_use is not None:
        error = type_.on_delete.in_use(resource, own)
        if error is not None:
            return error
    for child in cloud.resources.children(resource.key):
        error = in_use_error(cloud, child, cloud.type_of(child))
        if error is not None:
            return error
    return None


def _begin(cloud: Cloud, request: Request, type_: ResourceType, resource: Resource, shape: LongRunning) -> Operation:
    parent = cloud.get(str(resource.parsed.parent)) if resource.parsed.parent is not None else None
    held = [parent] if parent is not None and type_.containment.locks_parent else []
    seconds = duration_s(type_.type, "delete", cloud.settings.durations_s)
    operation = cloud.operations.start(
        Operation(
            verb="delete",
            target=resource.id,
            type=type_.type,
            touched=[resource.key],
            held=[each.key for each in held],
            body=shape.body,
            segment=shape.operations,
            location=cloud.location_of(resource.id) or "global",
            api_version=request.api_version,
            poll_retry_after_s=shape.poll_retry_after_s,
            started_at=cloud.timing.now(),
            finish_at=cloud.timing.after(seconds),
            caller=request.caller.object_id if request.caller is not None else "",
        ),
        resource.body,
    )
    for each in held:
        cloud.save(cloud.type_of(each), each.id, with_state(cloud, each, shape.updating), each.hidden, operation.id)
    cloud.save(type_, resource.id, with_state(cloud, resource, "Deleting"), resource.hidden, operation.id)
    return operation


def _begun(cloud: Cloud, request: Request, operation: Operation, shape: LongRunning) -> Response:
    headers = begin_headers(request, operation, shape, shape.delete_retry_after_s, cloud.timing, location=True)
    return Response(202, headers=headers)


def _touch_parent(cloud: Cloud, type_: ResourceType, resource: Resource) -> None:
    """A child that lived in its parent's body changes the parent by going."""
    if type_.containment.embedded_in is None or resource.parsed.parent is None:
        return
    parent = cloud.get(str(resource.parsed.parent))
    if parent is not None:
        cloud.update(parent, parent.body)

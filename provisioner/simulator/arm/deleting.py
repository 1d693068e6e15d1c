"""DELETE of resources.

In: a request, its type, the resource it names. Out: the answer that Azure gives; the resource gone or on its way.
"""

from __future__ import annotations

from ..durations import duration_s
from ..errors import ArmError
from ..http.arm_path import ResourceId
from ..http.wire import Answer, Call
from ..resource_type import LongRunning, ResourceType
from ..state.cloud_state import World
from ..state.operations import Operation
from ..state.resources import Link, Resource
from ..states import with_state
from .checks import another_operation, check_guards, check_preconditions, running_operation
from .operation_answers import begin_headers
from .rendering import render


def delete(world: World, call: Call, type_: ResourceType, asked: ResourceId) -> Answer:
    """Delete; 204 for what is not there, 404 when its group is not."""
    if asked.subscription is not None:
        world.require_subscription(asked.subscription)
        if asked.group is not None and not type_.survives_scope:
            world.require_group(asked.subscription, asked.group)
    resource = world.get(str(asked))
    if resource is None:
        return Answer(204)
    check_guards(world, asked, "delete")
    check_preconditions(world, call, resource.id, resource)
    shape = type_.long_running
    busy = running_operation(world, type_, asked, resource)
    if busy is not None and shape is not None:
        if busy.verb == "delete" and busy.target.lower() == resource.key:
            return _begun(world, call, busy, shape)
        if not shape.delete_preempts or busy.target.lower() != resource.key:
            raise another_operation(call, type_, busy)
        world.operations.cancel(busy, world.timing.now())
    if type_.check_delete is not None:
        type_.check_delete(resource, world)
    error = in_use_error(world, resource, type_)
    if error is not None:
        raise error
    if shape is None:
        body = render(world, resource, call) if type_.delete_body else None
        world.remove(resource)
        _touch_parent(world, type_, resource)
        return Answer(type_.delete_status) if body is None else Answer(type_.delete_status, body)
    return _begun(world, call, _begin(world, call, type_, resource, shape), shape)


def in_use_error(world: World, resource: Resource, type_: ResourceType) -> ArmError | None:
    """The refusal for a resource that others refer to, or whose children or parts are referred to."""
    inside = f"{resource.key}/"
    own: list[Link] = []
    for key in (resource.key, *(part.lower() for part in world.parts_of(resource, type_))):
        own.extend(
            link
            for link in world.resources.links_to(key)
            if link.reference.blocks_delete and link.source != resource.key and not link.source.startswith(inside)
        )
    if own and type_.in_use is not None:
        error = type_.in_use(resource, own)
        if error is not None:
            return error
    for child in world.resources.children(resource.key):
        error = in_use_error(world, child, world.type_of(child))
        if error is not None:
            return error
    return None


def _begin(world: World, call: Call, type_: ResourceType, resource: Resource, shape: LongRunning) -> Operation:
    parent = world.get(str(resource.parsed.parent)) if resource.parsed.parent is not None else None
    held = [parent] if parent is not None and (type_.embedded_in is not None or type_.locks_parent) else []
    seconds = duration_s(type_.type, "delete", world.settings.durations_s)
    operation = world.operations.start(
        Operation(
            verb="delete",
            target=resource.id,
            type=type_.type,
            touched=[resource.key],
            held=[each.key for each in held],
            body=shape.body,
            segment=shape.operations,
            location=world.location_of(resource.id) or "global",
            api_version=call.api_version,
            poll_retry_after_s=shape.poll_retry_after_s,
            started_at=world.timing.now(),
            finish_at=world.timing.after(seconds),
            caller=call.caller.object_id if call.caller is not None else "",
        ),
        resource.body,
    )
    for each in held:
        world.save(world.type_of(each), each.id, with_state(world, each, shape.updating), each.hidden, operation.id)
    world.save(type_, resource.id, with_state(world, resource, "Deleting"), resource.hidden, operation.id)
    return operation


def _begun(world: World, call: Call, operation: Operation, shape: LongRunning) -> Answer:
    headers = begin_headers(call, operation, shape, shape.delete_retry_after_s, world.timing, location=True)
    return Answer(202, headers=headers)


def _touch_parent(world: World, type_: ResourceType, resource: Resource) -> None:
    """A child that lived in its parent's body changes the parent by going."""
    if type_.embedded_in is None or resource.parsed.parent is None:
        return
    parent = world.get(str(resource.parsed.parent))
    if parent is not None:
        world.update(parent, parent.body)

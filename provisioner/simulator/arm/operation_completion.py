"""What happens when an operation's time has come.

In: operations that are due. Out: resources in their final state, gone, or failed. It runs at the start of every
request, so an operation ends on time for whoever looks, even when the process that began it is long dead.
"""

from __future__ import annotations

import json

from ..errors import ArmError
from ..state.cloud_state import GROUP, World
from ..state.operations import Operation, Status
from ..state.resources import Resource
from ..states import FAILURE, set_state
from .resource_write import Change


def settle(world: World) -> None:
    """End every operation that is due, in the order in which they were to end."""
    if not world.operations.has_due(world.timing.now()):
        return
    with world.store.transaction():
        while (operation := world.operations.next_due(world.timing.now())) is not None:
            end_operation(world, operation)


def end_operation(world: World, operation: Operation) -> Operation:
    """Bring one operation to its end."""
    decide = world.settings.operation_outcome
    error = decide(operation) if decide is not None else None
    status: Status = "Failed"
    if error is None and operation.fate is not None:
        status = operation.fate["status"]
        error = ArmError.from_json(409, operation.fate["error"])
    if operation.body == "group":
        error = error or _delete_group(world, operation)
    elif operation.verb == "delete":
        error = error or _delete_resource(world, operation)
    else:
        error = _finish(world, operation, error)
        known = world.operations.get(operation.id)
        if known is not None and known.finish_at > operation.finish_at:
            return known  # there is more to do
    ended_at = min(operation.finish_at, world.timing.now())
    if error is not None:
        _release(world, operation, status, error)
    return world.operations.end(world.operations.get(operation.id) or operation, ended_at, error, status)


def _finish(world: World, operation: Operation, error: ArmError | None) -> ArmError | None:
    for key in operation.touched:
        resource = world.get(key)
        if resource is None or resource.operation != operation.id:
            continue
        error = error or _finish_one(world, resource, operation)
    postponed = (world.operations.get(operation.id) or operation).finish_at > operation.finish_at
    if error is None and not postponed:
        _release(world, operation)
        target = world.get(operation.target)
        known = world.operations.get(operation.id) or operation
        is_action = target is not None and operation.verb in world.type_of(target).actions
        if operation.body == "compute" and operation.segment != "operations" and target is not None and not is_action:
            world.operations.set_output(known, target.body)
    return error


def _finish_one(world: World, resource: Resource, operation: Operation) -> ArmError | None:
    """Run the type's (or the action's) `finish` and store what it made of the body."""
    type_ = world.type_of(resource)
    action = type_.actions.get(operation.verb)
    finish = action.finish if action is not None else type_.finish
    parent = world.get(str(resource.parsed.parent)) if resource.parsed.parent is not None else None
    change = Change(
        world=world,
        type=type_,
        verb=operation.verb,
        id=resource.id,
        before=resource,
        body=world.editable(resource),
        hidden=dict(resource.hidden),
        api_version=operation.api_version,
        parent=parent.body if parent is not None else None,
    )
    if finish is not None:
        try:
            finish(change)
        except ArmError as error:
            return error
    if change.again_at is not None:
        world.operations.postpone(operation, change.again_at)
    else:
        set_state(type_, change.body, "Succeeded")
    world.save(type_, resource.id, change.body, change.hidden, operation.id)
    if change.output is not None:
        world.operations.set_output(operation, change.output)
    return None


def _release(world: World, operation: Operation, status: str = "Succeeded", error: ArmError | None = None) -> None:
    """Take the operation off everything it kept busy; what it worked on says how it ended, and keeps why."""
    group = world.store.get(GROUP, operation.target.lower()) if operation.body == "group" else None
    if group is not None:
        world.store.put(GROUP, operation.target.lower(), {**group, "state": "Succeeded", "operation": None})
    keys = (*operation.touched, *operation.held)
    for key in keys:
        resource = world.get(key)
        if resource is None or resource.operation != operation.id:
            continue
        body = world.editable(resource)
        type_ = world.type_of(resource)
        set_state(type_, body, status if key in operation.touched else "Succeeded")
        hidden = dict(resource.hidden)
        if key in operation.touched:
            hidden.pop(FAILURE, None)
            if error is not None:
                hidden[FAILURE] = {"code": error.code, "message": error.message}
        world.save(type_, resource.id, body, hidden, None)


def _delete_resource(world: World, operation: Operation) -> ArmError | None:
    resource = world.get(operation.target)
    if resource is not None:
        world.remove(resource)
    _release(world, operation)
    return None


def _delete_group(world: World, operation: Operation) -> ArmError | None:
    """Remove a group and everything in it, except what something outside still uses; then the group stays."""
    key = operation.target.lower()
    group = world.store.get(GROUP, key)
    if group is None:
        return None
    blocked: dict[str, ArmError] = {}
    for resource in world.resources.in_group(operation.target):
        error = _blocked_from_outside(world, resource, key)
        if error is not None:
            blocked[resource.key] = error
            parent = resource.parsed.parent
            while parent is not None:
                blocked.setdefault(parent.key, error)
                parent = parent.parent
    leave = frozenset(blocked)
    for resource in reversed(world.resources.in_group(operation.target)):
        if resource.key not in leave and world.get(resource.key) is not None:
            world.remove(resource, leave=leave)
    if not blocked:
        world.store.delete(GROUP, key)
        return None
    world.store.put(GROUP, key, {**group, "state": "Succeeded", "operation": None})
    return _deletion_blocked(world, group["name"], blocked)


def _blocked_from_outside(world: World, resource: Resource, group_key: str) -> ArmError | None:
    type_ = world.type_of(resource)
    if type_.in_use is None:
        return None
    outside = [
        link
        for link in world.resources.links_to(resource.key)
        if link.reference.blocks_delete and not link.source.startswith(f"{group_key}/")
    ]
    return type_.in_use(resource, outside) if outside else None


def _deletion_blocked(world: World, name: str, blocked: dict[str, ArmError]) -> ArmError:
    """The recorded shape: each detail's message is the provider's error as JSON text."""
    top = [resource for key in blocked if (resource := world.get(key)) is not None and resource.parsed.parent is None]
    listed = ",".join(f"{resource.type}/{resource.name}" for resource in top)
    details = [
        {
            "code": None,
            "target": resource.id,
            "message": json.dumps({"error": blocked[resource.key].as_json()}),
        }
        for resource in top
    ]
    message = (
        f"Deletion of resource group '{name}' failed as resources with identifiers '{listed}' could not be deleted. "
        "The provisioning state of the resource group will be rolled back. The tracking Id is "
        f"'{world.new_guid()}'. Please check audit logs for more details."
    )
    return ArmError(409, "ResourceGroupDeletionBlocked", message, details=details)

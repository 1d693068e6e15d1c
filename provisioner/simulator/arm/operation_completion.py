"""What happens when an operation's time has come.

In: operations that are due. Out: resources in their final state, gone, or failed. It runs at the start of every
request, so an operation ends on time for whoever looks, even when the process that began it is long dead.
"""

from __future__ import annotations

import json
from dataclasses import replace

from ..errors import ArmError
from ..state.operations import Operation, Status
from ..state.resources import Resource
from .cloud import Cloud
from .provisioning_state import FAILURE, set_state
from .resource_write import ResourceWrite


def complete_due(cloud: Cloud) -> None:
    """End every operation that is due, in the order in which they were to end."""
    # Most requests find nothing due: those take no write lock.
    if not cloud.operations.has_due(cloud.timing.now()):
        return
    with cloud.store.transaction():
        while (operation := cloud.operations.next_due(cloud.timing.now())) is not None:
            end_operation(cloud, operation)


def end_operation(cloud: Cloud, operation: Operation) -> Operation:
    """Bring one operation to its end."""
    decide = cloud.settings.operation_outcome
    error = decide(operation) if decide is not None else None
    status: Status = "Failed"
    if error is None and operation.fate is not None:
        status = operation.fate["status"]
        error = ArmError.from_json(409, operation.fate["error"])
    if operation.body == "group":
        error = error or _delete_group(cloud, operation)
    elif operation.verb == "delete":
        error = error or _delete_resource(cloud, operation)
    else:
        error = _finish(cloud, operation, error)
        known = cloud.operations.get(operation.id)
        if known is not None and known.finish_at > operation.finish_at:
            return known  # there is more to do
    # An operation ended when it was due, even if the first look came much later.
    ended_at = min(operation.finish_at, cloud.timing.now())
    if error is not None:
        _release(cloud, operation, status, error)
    return cloud.operations.end(cloud.operations.get(operation.id) or operation, ended_at, error, status)


def _finish(cloud: Cloud, operation: Operation, error: ArmError | None) -> ArmError | None:
    for key in operation.touched:
        resource = cloud.get(key)
        # A later operation took the resource over, and this one no longer decides about it.
        if resource is None or resource.operation != operation.id:
            continue
        error = error or _finish_one(cloud, resource, operation)
    postponed = (cloud.operations.get(operation.id) or operation).finish_at > operation.finish_at
    if error is None and not postponed:
        _release(cloud, operation)
        target = cloud.get(operation.target)
        known = cloud.operations.get(operation.id) or operation
        is_action = target is not None and operation.verb in cloud.type_of(target).actions
        if operation.body == "compute" and operation.segment != "operations" and target is not None and not is_action:
            cloud.operations.set_output(known, target.body)
    return error


def _finish_one(cloud: Cloud, resource: Resource, operation: Operation) -> ArmError | None:
    """Run the type's (or the action's) `finish` and store what it made of the body."""
    type_ = cloud.type_of(resource)
    action = type_.actions.get(operation.verb)
    finish = action.finish if action is not None else type_.on_write.finish
    parent = cloud.get(str(resource.parsed.parent)) if resource.parsed.parent is not None else None
    change = ResourceWrite(
        cloud=cloud,
        type=type_,
        verb=operation.verb,
        id=resource.id,
        before=resource,
        body=cloud.editable(resource),
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
        cloud.operations.postpone(operation, change.again_at)
    else:
        set_state(type_, change.body, "Succeeded")
    cloud.save(type_, resource.id, change.body, change.hidden, operation.id)
    if change.output is not None:
        cloud.operations.set_output(operation, change.output)
    return None


def _release(cloud: Cloud, operation: Operation, status: str = "Succeeded", error: ArmError | None = None) -> None:
    """Take the operation off everything it kept busy; what it worked on says how it ended, and keeps why."""
    group = cloud.groups.get(operation.target) if operation.body == "group" else None
    if group is not None:
        cloud.put_group(replace(group, state="Succeeded", operation=None))
    keys = (*operation.touched, *operation.held)
    for key in keys:
        resource = cloud.get(key)
        if resource is None or resource.operation != operation.id:
            continue
        body = cloud.editable(resource)
        type_ = cloud.type_of(resource)
        set_state(type_, body, status if key in operation.touched else "Succeeded")
        hidden = dict(resource.hidden)
        if key in operation.touched:
            hidden.pop(FAILURE, None)
            if error is not None:
                hidden[FAILURE] = {"code": error.code, "message": error.message}
        cloud.save(type_, resource.id, body, hidden, None)


def _delete_resource(cloud: Cloud, operation: Operation) -> ArmError | None:
    resource = cloud.get(operation.target)
    if resource is not None:
        cloud.remove(resource)
    _release(cloud, operation)
    return None


def _delete_group(cloud: Cloud, operation: Operation) -> ArmError | None:
    """Remove a group and everything in it, except what something outside still uses; then the group stays."""
    key = operation.target.lower()
    group = cloud.groups.get(key)
    if group is None:
        return None
    blocked: dict[str, ArmError] = {}
    for resource in cloud.resources.in_group(operation.target):
        error = _blocked_from_outside(cloud, resource, key)
        if error is not None:
            blocked[resource.key] = error
            parent = resource.parsed.parent
            while parent is not None:
                blocked.setdefault(parent.key, error)
                parent = parent.parent
    leave = frozenset(blocked)
    # Newest first: a resource is usually younger than what it refers to.
    for resource in reversed(cloud.resources.in_group(operation.target)):
        if resource.key not in leave and cloud.get(resource.key) is not None:
            cloud.remove(resource, leave=leave)
    if not blocked:
        cloud.forget_group(group)
        return None
    cloud.put_group(replace(group, state="Succeeded", operation=None))
    return _deletion_blocked(cloud, group.name, blocked)


def _blocked_from_outside(cloud: Cloud, resource: Resource, group_key: str) -> ArmError | None:
    type_ = cloud.type_of(resource)
    if type_.on_delete.in_use is None:
        return None
    outside = [
        link
        for link in cloud.links.to(resource.key)
        if link.reference.blocks_delete and not link.source.startswith(f"{group_key}/")
    ]
    return type_.on_delete.in_use(resource, outside) if outside else None


def _deletion_blocked(cloud: Cloud, name: str, blocked: dict[str, ArmError]) -> ArmError:
    """The recorded shape: each detail's message is the provider's error as JSON text."""
    top = [resource for key in blocked if (resource := cloud.get(key)) is not None and resource.parsed.parent is None]
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
        f"'{cloud.new_guid()}'. Please check audit logs for more details."
    )
    return ArmError(409, "ResourceGroupDeletionBlocked", message, details=details)

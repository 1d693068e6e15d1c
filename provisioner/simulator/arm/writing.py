"""PUT, PATCH and POST on resources.

In: a request, its type, the resource it names. Out: the answer that Azure gives, and the new state, in one
transaction.
"""

from __future__ import annotations

import copy

from ..description.answers import LongRunning
from ..description.hooks import Action
from ..description.resource_type import ResourceType
from ..durations import duration_s
from ..errors import ArmError, method_not_allowed
from ..json_values import JsonObject
from ..protocol.arm_path import ResourceId
from ..protocol.json_paths import merge_patch
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from ..state.resources import Resource
from .body_checks import check_location, check_tags, cleaned
from .checks import check_guards, check_preconditions, check_scope, running_operation
from .cloud import Cloud
from .operation_answers import begin_headers
from .operation_completion import end_operation
from .provisioning_state import set_state, with_state
from .rendering import render
from .resource_write import ResourceWrite
from .stored import require
from .write_set import WriteSet, plan, plan_child


def put(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId) -> Response:
    """Create or replace."""
    sent = cleaned(type_, request.json())
    check_tags(sent)
    check_scope(cloud, type_, asked)
    resource_id = cloud.canonical(asked, type_)
    before = cloud.get(resource_id)
    # Only a new name is checked: a resource that exists stays reachable under any rule.
    if before is None:
        type_.name.check(asked.name)
    check_location(type_, asked, sent, before)
    # Hooks alter the body in place, and some compare it with what was sent.
    return _write(cloud, request, type_, asked, resource_id, before, sent, copy.deepcopy(sent))


def patch(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId) -> Response:
    """Update: the tags alone, or anything by merging, as the type has it."""
    before = require(cloud, type_, asked)
    if type_.answers.patch is None:
        raise method_not_allowed("PATCH")
    sent = cleaned(type_, request.json(), keep_null=True)
    check_tags(sent)
    if type_.answers.patch == "tags":
        return _replace_tags(cloud, request, type_, asked, before, sent)
    merged = merge_patch(before.body, sent)
    if "tags" in sent:
        # Tags are replaced as a whole, although all other maps merge.
        merged["tags"] = sent["tags"] or {}
    check_location(type_, asked, merged, before)
    return _write(cloud, request, type_, asked, before.id, before, sent, copy.deepcopy(merged))


def act(cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId, name: str, action: Action) -> Response:
    """POST of an action."""
    before = require(cloud, type_, asked)
    check_guards(cloud, asked, "write")
    busy = running_operation(cloud, type_, asked, before)
    if busy is not None and action.long_running is not None:
        raise type_.answers.refusals.busy(request, busy)
    sent = request.json() if request.body else {}
    change = ResourceWrite(
        cloud=cloud,
        type=type_,
        verb=name.lower(),
        method="POST",
        id=before.id,
        before=before,
        body=cloud.editable(before),
        sent=sent,
        hidden=dict(before.hidden),
        api_version=request.api_version,
        caller=request.caller,
    )
    response = action.run(change)
    shape = action.long_running
    if shape is None:
        if change.body != before.body or change.hidden != before.hidden:
            cloud.update(before, change.body, hidden=change.hidden)
        return response if response is not None else Response(200)
    operation = _begin(cloud, request, change, shape, [change.key], [])
    cloud.save(type_, before.id, change.body, change.hidden, operation.id)
    headers = begin_headers(request, operation, shape, shape.delete_retry_after_s, cloud.timing, location=True)
    return Response(202, headers=headers) if response is None else response


def _write(  # noqa: PLR0913 (a write before and after it)
    cloud: Cloud,
    request: Request,
    type_: ResourceType,
    asked: ResourceId,
    resource_id: str,
    before: Resource | None,
    sent: JsonObject,
    body: JsonObject,
) -> Response:
    check_guards(cloud, asked, "write")
    check_preconditions(cloud, request, resource_id, before)
    busy = running_operation(cloud, type_, asked, before)
    if busy is not None:
        raise type_.answers.refusals.busy(request, busy)
    parent = cloud.get(str(asked.parent)) if asked.parent is not None else None
    siblings: dict[str, JsonObject] = {}
    if type_.containment.embedded_in is not None and parent is not None:
        stored = cloud.resources.in_container(parent.id, type_.type)
        siblings = {other.name.lower(): other.body for other in stored if other.key != resource_id.lower()}
    change = ResourceWrite(
        cloud=cloud,
        type=type_,
        verb="create" if before is None else "update",
        method="PATCH" if request.method == "PATCH" else "PUT",
        id=resource_id,
        before=before,
        body=body,
        sent=sent,
        api_version=request.api_version,
        caller=request.caller,
        parent=parent.body if parent is not None else None,
        siblings=siblings,
    )
    planned = plan_child(change) if type_.containment.embedded_in is not None else plan(change)
    _check_removed(cloud, planned)
    if cloud.interference is not None:
        cloud.interference.refuse_write(change)
    held = [parent] if parent is not None and type_.containment.locks_parent else []
    return _commit(cloud, request, planned, held)


def _check_removed(cloud: Cloud, planned: WriteSet) -> None:
    for child in planned.removed:
        in_use = cloud.type_of(child).on_delete.in_use
        links = [link for link in cloud.links.to(child.key) if link.reference.blocks_delete]
        error = in_use(child, links) if in_use is not None and links else None
        if error is not None:
            raise error


def _commit(cloud: Cloud, request: Request, planned: WriteSet, held: list[Resource]) -> Response:
    change, shape = planned.change, planned.change.type.answers.long_running
    created = change.before is None
    operation: Operation | None = None
    state = "Succeeded"
    if shape is not None:
        keys = [each.key for each in planned.all]
        operation = _begin(cloud, request, change, shape, keys, [parent.key for parent in held])
        at_once = not created and shape.update_at_once(change)
        state = shape.creating if created else "Succeeded" if at_once else shape.updating
        if operation.fate is not None and state == "Succeeded":
            state = shape.updating  # what ends badly is not done at once
    for child in planned.removed:
        cloud.remove(child)
    # The parent is Updating too while a child is written that shares its operations.
    for parent in held:
        body = parent.body if shape is None else with_state(cloud, parent, shape.updating)
        cloud.save(cloud.type_of(parent), parent.id, body, parent.hidden, operation.id if operation else None)
    for each in planned.all:
        set_state(each.type, each.body, state)
        cloud.save(each.type, each.id, each.body, each.hidden, operation.id if operation else None)
    if operation is None:
        _finish_now(cloud, planned)
    elif state == "Succeeded":
        operation = end_operation(cloud, operation)
    resource = cloud.get(change.id)
    assert resource is not None
    return _answer(cloud, request, change, resource, operation)


def _finish_now(cloud: Cloud, planned: WriteSet) -> None:
    for each in planned.all:
        if each.type.on_write.finish is not None:
            each.type.on_write.finish(each)
            cloud.save(each.type, each.id, each.body, each.hidden, None)


def _answer(
    cloud: Cloud, request: Request, change: ResourceWrite, resource: Resource, operation: Operation | None
) -> Response:
    type_, shape = change.type, change.type.answers.long_running
    created = change.before is None
    body = render(cloud, resource, request)
    if shape is None or operation is None:
        headers = dict(type_.answers.created_headers(resource)) if created else {}
        return Response(type_.answers.create_status if created else type_.answers.update_status, body, headers)
    retry_after_s = shape.create_retry_after_s if created else shape.update_retry_after_s
    # The operation has ended already: there is nothing to wait for.
    if not created and not operation.running:
        retry_after_s = None
    headers = begin_headers(request, operation, shape, retry_after_s, cloud.timing, location=shape.location_on_put)
    if type_.answers.etag == "integer":
        headers["ETag"] = cloud.etag_of(resource)
    status = shape.create_status if created or shape.location_on_put else 200
    return Response(status, body, headers)


def _replace_tags(
    cloud: Cloud, request: Request, type_: ResourceType, asked: ResourceId, before: Resource, sent: JsonObject
) -> Response:
    """A PATCH of tags: replaces the map, at once (recorded on route tables)."""
    extra = set(sent) - {"tags", "location", "properties"}
    if extra:
        raise ArmError(400, "InvalidRequestContent", f"Only tags can be updated, not {', '.join(sorted(extra))}.")
    check_guards(cloud, asked, "write")
    check_preconditions(cloud, request, before.id, before)
    body = dict(before.body)
    if "tags" in sent:
        tags = sent["tags"]
        body["tags"] = (
            {name: value for name, value in tags.items() if value is not None} if isinstance(tags, dict) else {}
        )
    resource = cloud.update(before, body)
    return Response(200, render(cloud, resource, request))


def _begin(
    cloud: Cloud, request: Request, change: ResourceWrite, shape: LongRunning, touched: list[str], held: list[str]
) -> Operation:
    seconds = duration_s(change.type.type, change.verb, cloud.settings.durations_s)
    return cloud.operations.start(
        Operation(
            verb=change.verb,
            target=change.id,
            type=change.type.type,
            touched=touched,
            held=held,
            body=shape.body,
            segment=shape.operations,
            location=change.location,
            api_version=request.api_version,
            poll_retry_after_s=shape.poll_retry_after_s,
            started_at=cloud.timing.now(),
            finish_at=cloud.timing.after(seconds),
            caller=request.caller.object_id if request.caller is not None else "",
        ),
        change.body,
    )

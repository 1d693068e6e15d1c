"""PUT, PATCH and POST on resources.

In: a request, its type, the resource it names. Out: the answer that Azure gives, and the new state, in one
transaction.
"""

from __future__ import annotations

import copy
from typing import Any

from ..durations import duration_s
from ..errors import ArmError, method_not_allowed, provider_not_found, resource_not_found
from ..http.arm_path import ResourceId
from ..http.wire import Answer, Call
from ..references import merge_patch
from ..resource_type import Action, LongRunning, ResourceType
from ..state.cloud_state import World
from ..state.operations import Operation
from ..state.resources import Resource
from ..states import set_state, with_state
from .body_checks import check_location, check_tags, cleaned
from .checks import another_operation, check_guards, check_preconditions, check_scope, running_operation
from .operation_answers import begin_headers
from .operation_completion import end_operation
from .rendering import render
from .resource_write import Change
from .write_set import Plan, plan, plan_child

Json = dict[str, Any]


def put(world: World, call: Call, type_: ResourceType, asked: ResourceId) -> Answer:
    """Create or replace."""
    sent = cleaned(type_, call.json())
    check_tags(sent)
    check_scope(world, type_, asked)
    resource_id = world.canonical(asked, type_)
    before = world.get(resource_id)
    if before is None:
        type_.name.check(asked.name)
    check_location(type_, asked, sent, before)
    return _write(world, call, type_, asked, resource_id, before, sent, copy.deepcopy(sent))


def patch(world: World, call: Call, type_: ResourceType, asked: ResourceId) -> Answer:
    """Update: the tags alone, or anything by merging, as the type has it."""
    before = require(world, type_, asked)
    if type_.patch is None:
        raise method_not_allowed("PATCH")
    sent = cleaned(type_, call.json(), keep_null=True)
    check_tags(sent)
    if type_.patch == "tags":
        return _replace_tags(world, call, type_, asked, before, sent)
    merged = merge_patch(before.body, sent)
    if "tags" in sent:
        merged["tags"] = sent["tags"] or {}
    check_location(type_, asked, merged, before)
    return _write(world, call, type_, asked, before.id, before, sent, copy.deepcopy(merged))


def act(world: World, call: Call, type_: ResourceType, asked: ResourceId, name: str, action: Action) -> Answer:
    """POST of an action."""
    before = require(world, type_, asked)
    check_guards(world, asked, "write")
    busy = running_operation(world, type_, asked, before)
    if busy is not None and action.long_running is not None:
        raise another_operation(call, type_, busy)
    sent = call.json() if call.body else {}
    change = Change(
        world=world,
        type=type_,
        verb=name.lower(),
        method="POST",
        id=before.id,
        before=before,
        body=world.editable(before),
        sent=sent,
        hidden=dict(before.hidden),
        api_version=call.api_version,
        caller=call.caller,
    )
    answer = action.run(change)
    shape = action.long_running
    if shape is None:
        if change.body != before.body or change.hidden != before.hidden:
            world.update(before, change.body, hidden=change.hidden)
        return answer if answer is not None else Answer(200)
    operation = _begin(world, call, change, shape, [change.key], [])
    world.save(type_, before.id, change.body, change.hidden, operation.id)
    headers = begin_headers(call, operation, shape, shape.delete_retry_after_s, world.timing, location=True)
    return Answer(202, headers=headers) if answer is None else answer


def require(world: World, type_: ResourceType, asked: ResourceId) -> Resource:
    """The stored resource, or the 404 that Azure gives for it."""
    if asked.subscription is not None and asked.group is not None:
        world.require_group(asked.subscription, asked.group)
    resource = world.get(str(asked))
    if resource is not None:
        return resource
    parent = asked.parent
    if parent is not None and world.get(str(parent)) is None:
        parent_type = world.registry.find(parent.namespace, parent.types, "")
        raise resource_not_found(parent_type.type, "/".join(parent.names), asked.group or "")
    if type_.not_found == "provider":
        raise provider_not_found(world.canonical(asked, type_))
    raise resource_not_found(type_.type, "/".join(asked.names), asked.group or "")


def _write(
    world: World,
    call: Call,
    type_: ResourceType,
    asked: ResourceId,
    resource_id: str,
    before: Resource | None,
    sent: Json,
    body: Json,
) -> Answer:
    check_guards(world, asked, "write")
    check_preconditions(world, call, resource_id, before)
    busy = running_operation(world, type_, asked, before)
    if busy is not None:
        raise another_operation(call, type_, busy)
    parent = world.get(str(asked.parent)) if asked.parent is not None else None
    siblings: dict[str, Json] = {}
    if type_.embedded_in is not None and parent is not None:
        stored = world.resources.in_container(parent.id, type_.type)
        siblings = {other.name.lower(): other.body for other in stored if other.key != resource_id.lower()}
    change = Change(
        world=world,
        type=type_,
        verb="create" if before is None else "update",
        method="PATCH" if call.method == "PATCH" else "PUT",
        id=resource_id,
        before=before,
        body=body,
        sent=sent,
        api_version=call.api_version,
        caller=call.caller,
        parent=parent.body if parent is not None else None,
        siblings=siblings,
    )
    planned = plan_child(change) if type_.embedded_in is not None else plan(change)
    _check_removed(world, planned)
    if world.trouble is not None:
        world.trouble.refuse_write(change)
    held = [parent] if parent is not None and (type_.embedded_in is not None or type_.locks_parent) else []
    return _commit(world, call, planned, held)


def _check_removed(world: World, planned: Plan) -> None:
    for child in planned.removed:
        in_use = world.type_of(child).in_use
        links = [link for link in world.resources.links_to(child.key) if link.reference.blocks_delete]
        error = in_use(child, links) if in_use is not None and links else None
        if error is not None:
            raise error


def _commit(world: World, call: Call, planned: Plan, held: list[Resource]) -> Answer:
    change, shape = planned.change, planned.change.type.long_running
    created = change.before is None
    operation: Operation | None = None
    state = "Succeeded"
    if shape is not None:
        keys = [each.key for each in planned.all]
        operation = _begin(world, call, change, shape, keys, [parent.key for parent in held])
        at_once = not created and shape.update_at_once(change)
        state = shape.creating if created else "Succeeded" if at_once else shape.updating
        if operation.fate is not None and state == "Succeeded":
            state = shape.updating  # what ends badly is not done at once
    for child in planned.removed:
        world.remove(child)
    for parent in held:
        body = parent.body if shape is None else with_state(world, parent, shape.updating)
        world.save(world.type_of(parent), parent.id, body, parent.hidden, operation.id if operation else None)
    for each in planned.all:
        set_state(each.type, each.body, state)
        world.save(each.type, each.id, each.body, each.hidden, operation.id if operation else None)
    if operation is None:
        _finish_now(world, planned)
    elif state == "Succeeded":
        operation = end_operation(world, operation)
    resource = world.get(change.id)
    assert resource is not None
    return _answer(world, call, change, resource, operation)


def _finish_now(world: World, planned: Plan) -> None:
    for each in planned.all:
        if each.type.finish is not None:
            each.type.finish(each)
            world.save(each.type, each.id, each.body, each.hidden, None)


def _answer(world: World, call: Call, change: Change, resource: Resource, operation: Operation | None) -> Answer:
    type_, shape = change.type, change.type.long_running
    created = change.before is None
    body = render(world, resource, call)
    note = "" if type_.modelled else "unmodelled type"
    if shape is None or operation is None:
        headers = {"Location": resource.id} if created and type_.location_on_create else {}
        return Answer(type_.create_status if created else type_.update_status, body, headers, note)
    retry_after_s = shape.create_retry_after_s if created else shape.update_retry_after_s
    if not created and not operation.running:
        retry_after_s = None
    headers = begin_headers(call, operation, shape, retry_after_s, world.timing, location=shape.location_on_put)
    if type_.etag == "integer":
        headers["ETag"] = world.etag_of(resource)
    status = shape.create_status if created or shape.location_on_put else 200
    return Answer(status, body, headers, note)


def _replace_tags(
    world: World, call: Call, type_: ResourceType, asked: ResourceId, before: Resource, sent: Json
) -> Answer:
    """A PATCH of tags: replaces the map, at once (recorded on route tables)."""
    extra = set(sent) - {"tags", "location", "properties"}
    if extra:
        raise ArmError(400, "InvalidRequestContent", f"Only tags can be updated, not {', '.join(sorted(extra))}.")
    check_guards(world, asked, "write")
    check_preconditions(world, call, before.id, before)
    body = dict(before.body)
    if "tags" in sent:
        body["tags"] = {name: value for name, value in (sent["tags"] or {}).items() if value is not None}
    resource = world.update(before, body)
    return Answer(200, render(world, resource, call))


def _begin(
    world: World, call: Call, change: Change, shape: LongRunning, touched: list[str], held: list[str]
) -> Operation:
    seconds = duration_s(change.type.type, change.verb, world.settings.durations_s)
    return world.operations.start(
        Operation(
            verb=change.verb,
            target=change.id,
            type=change.type.type,
            touched=touched,
            held=held,
            body=shape.body,
            segment=shape.operations,
            location=change.location,
            api_version=call.api_version,
            poll_retry_after_s=shape.poll_retry_after_s,
            started_at=world.timing.now(),
            finish_at=world.timing.after(seconds),
            caller=call.caller.object_id if call.caller is not None else "",
        ),
        change.body,
    )

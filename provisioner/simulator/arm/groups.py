"""Resource groups.

In: a request. Out: what `Resource Groups` (REST, 2021-04-01) answers. PUT is synchronous; DELETE is answered 202
with a Location alone and ends with an empty 200, or with 409 and the group as it was (recorded: 838 deletes, 7
failures).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..durations import group_delete_s
from ..errors import gateway_error, group_being_deleted, invalid_content, method_not_allowed
from ..json_values import Json, JsonObject
from ..protocol.arm_path import group_id
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from .body_checks import check_tags, normal_location, regions
from .checks import check_guards
from .cloud import Cloud
from .filters import matcher
from .group import Group
from .operation_answers import result_url
from .paging import page

TYPE = "Microsoft.Resources/resourceGroups"
NAME = re.compile(r"[-\w._()]{0,89}[-\w_()]")
POLL_RETRY_AFTER_S = 15.0


def list_groups(cloud: Cloud, request: Request, subscription: str) -> Response:
    cloud.require_subscription(subscription)
    matches = matcher(request.query.get("$filter"))
    groups = [group for group in cloud.groups.everything() if matches(group.to_document())]
    return page(request, groups, _body, cloud.settings.page_size, lambda group: group.sequence)


def one_group(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    """Any method on one group."""
    cloud.require_subscription(subscription)
    methods: dict[str, Callable[[Cloud, Request, str, str], Response]] = {
        "PUT": _put,
        "PATCH": _patch,
        "DELETE": _delete,
        "GET": _get,
        "HEAD": _head,
    }
    if request.method not in methods:
        raise method_not_allowed(request.method)
    return methods[request.method](cloud, request, subscription, name)


def _get(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    return Response(200, _body(cloud.require_group(subscription, name)))


def _head(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    return Response(404 if cloud.group(subscription, name) is None else 204)


def _put(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    sent = request.json()
    check_tags(sent)
    _check_members(sent)
    before = cloud.group(subscription, name)
    if before is None and not NAME.fullmatch(name):
        raise gateway_error(
            400,
            "InvalidResourceGroup",
            f"The provided resource group name '{name}' has these invalid characters or ends with a period.",
        )
    if before is not None and before.operation is not None:
        raise group_being_deleted(before.name)
    location = _location(sent, before)
    check_guards(cloud, before.id if before is not None else group_id(cloud.subscription_id, name), "write")
    tags, managed_by = sent.get("tags"), sent.get("managedBy")
    if before is None:
        group = Group(
            id=group_id(cloud.subscription_id, name),
            name=name,
            location=location,
            tags=tags,
            managed_by=managed_by or None,
            sequence=cloud.resources.next_sequence(),
            created_at=cloud.timing.now(),
        )
    else:
        group = replace(before, tags=tags, managed_by=managed_by or before.managed_by)
    cloud.put_group(group)
    return Response(201 if before is None else 200, _body(group))


def _location(sent: Json, before: Group | None) -> str:
    location = sent.get("location")
    if not isinstance(location, str) or not location:
        raise gateway_error(400, "LocationRequired", "The location property is required for this definition.")
    if before is not None:
        if normal_location(location) != before.location:
            raise gateway_error(
                409,
                "InvalidResourceGroupLocation",
                f"Invalid resource group location '{location}'. The Resource group already exists in location "
                f"'{before.location}'.",
            )
        return before.location
    if normal_location(location) not in regions():
        raise gateway_error(
            400,
            "LocationNotAvailableForResourceGroup",
            f"The provided location '{location}' is not available for resource group. List of available regions is "
            f"'{','.join(regions())}'.",
        )
    return normal_location(location)


def _patch(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    before = cloud.require_group(subscription, name)
    sent = request.json()
    check_tags(sent)
    _check_members(sent)
    check_guards(cloud, before.id, "write")
    group = replace(before, tags=sent.get("tags", before.tags), managed_by=sent.get("managedBy", before.managed_by))
    cloud.put_group(group)
    return Response(200, _body(group))


def _delete(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    group = cloud.require_group(subscription, name)
    running = cloud.operations.get(group.operation) if group.operation is not None else None
    if running is None:
        check_guards(cloud, group.id, "delete")
        running = _begin_delete(cloud, request, group)
    first = cloud.timing.first_retry_after(POLL_RETRY_AFTER_S)
    return Response(202, headers={"Location": result_url(request, running), **first})


def _begin_delete(cloud: Cloud, request: Request, group: Group) -> Operation:
    contents = cloud.resources.count_types(group.id)
    seconds = group_delete_s(contents, cloud.settings.durations_s)
    operation = cloud.operations.start(
        Operation(
            verb="delete",
            target=group.id,
            type=TYPE,
            body="group",
            location=group.location,
            api_version=request.api_version,
            poll_retry_after_s=POLL_RETRY_AFTER_S,
            started_at=cloud.timing.now(),
            finish_at=cloud.timing.after(seconds),
            caller=request.caller.object_id if request.caller is not None else "",
        )
    )
    cloud.put_group(replace(group, state="Deleting", operation=operation.id))
    return operation


def _check_members(sent: Json) -> None:
    for member in sent:
        if member.lower() not in ("id", "name", "type", "location", "tags", "managedby", "properties"):
            raise invalid_content(
                f"Could not find member '{member}' on object of type 'ResourceGroupDefinition'. Path '{member}', "
                "line 1, position 1."
            )


def _body(group: Group) -> JsonObject:
    body: JsonObject = {
        "id": group.id,
        "name": group.name,
        "type": TYPE,
        "location": group.location,
        "properties": {"provisioningState": group.state},
    }
    if group.tags is not None:
        body["tags"] = {**group.tags}
    if group.managed_by:
        body["managedBy"] = group.managed_by
    return body

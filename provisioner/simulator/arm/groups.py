"""Resource groups.

In: a request. Out: what `Resource Groups` (REST, 2021-04-01) answers. PUT is synchronous; DELETE is answered 202
with a Location alone and ends with an empty 200, or with 409 and the group as it was (recorded: 838 deletes, 7
failures).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..durations import group_delete_s
from ..errors import gateway_error, group_being_deleted, invalid_content, method_not_allowed
from ..json_values import JsonObject
from ..protocol.arm_path import group_id
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from ..state.store import Document
from .body_checks import check_tags, normal_location, regions
from .checks import check_guards
from .cloud import GROUP, Cloud
from .filters import matcher
from .operation_answers import result_url
from .paging import page

TYPE = "Microsoft.Resources/resourceGroups"
NAME = re.compile(r"[-\w._()]{0,89}[-\w_()]")
POLL_RETRY_AFTER_S = 15.0


def list_groups(cloud: Cloud, request: Request, subscription: str) -> Response:
    cloud.require_subscription(subscription)
    matches = matcher(request.query.get("$filter"))
    groups = sorted(
        (group for group in cloud.store.all(GROUP).values() if matches(group)),
        key=lambda group: int(group["sequence"]),
    )
    return page(request, groups, _body, cloud.settings.page_size, lambda group: int(group["sequence"]))


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
    if before is not None and before["operation"] is not None:
        raise group_being_deleted(before["name"])
    location = _location(sent, before)
    check_guards(cloud, before["id"] if before else group_id(cloud.subscription_id, name), "write")
    group: Document = {
        "id": before["id"] if before else group_id(cloud.subscription_id, name),
        "name": before["name"] if before else name,
        "location": location,
        "tags": sent.get("tags"),
        "managedBy": sent.get("managedBy") or (before or {}).get("managedBy"),
        "state": "Succeeded",
        "operation": None,
        "sequence": before["sequence"] if before else cloud.resources.next_sequence(),
        "created_at": before["created_at"] if before else cloud.timing.now(),
    }
    cloud.store.put(GROUP, group["id"].lower(), group)
    return Response(201 if before is None else 200, _body(group))


def _location(sent: JsonObject, before: Document | None) -> str:
    location = sent.get("location")
    if not isinstance(location, str) or not location:
        raise gateway_error(400, "LocationRequired", "The location property is required for this definition.")
    if before is not None:
        if normal_location(location) != before["location"]:
            raise gateway_error(
                409,
                "InvalidResourceGroupLocation",
                f"Invalid resource group location '{location}'. The Resource group already exists in location "
                f"'{before['location']}'.",
            )
        return str(before["location"])
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
    check_guards(cloud, before["id"], "write")
    group: Document = {**before, **{key: sent[key] for key in ("tags", "managedBy") if key in sent}}
    cloud.store.put(GROUP, group["id"].lower(), group)
    return Response(200, _body(group))


def _delete(cloud: Cloud, request: Request, subscription: str, name: str) -> Response:
    group = cloud.require_group(subscription, name)
    running = cloud.operations.get(group["operation"]) if group["operation"] is not None else None
    if running is None:
        check_guards(cloud, group["id"], "delete")
        running = _begin_delete(cloud, request, group)
    first = cloud.timing.first_retry_after(POLL_RETRY_AFTER_S)
    return Response(202, headers={"Location": result_url(request, running), **first})


def _begin_delete(cloud: Cloud, request: Request, group: Document) -> Operation:
    contents = cloud.resources.count_types(group["id"])
    seconds = group_delete_s(contents, cloud.settings.durations_s)
    operation = cloud.operations.start(
        Operation(
            verb="delete",
            target=group["id"],
            type=TYPE,
            body="group",
            location=group["location"],
            api_version=request.api_version,
            poll_retry_after_s=POLL_RETRY_AFTER_S,
            started_at=cloud.timing.now(),
            finish_at=cloud.timing.after(seconds),
            caller=request.caller.object_id if request.caller is not None else "",
        )
    )
    cloud.store.put(GROUP, group["id"].lower(), {**group, "state": "Deleting", "operation": operation.id})
    return operation


def _check_members(sent: JsonObject) -> None:
    for member in sent:
        if member.lower() not in ("id", "name", "type", "location", "tags", "managedby", "properties"):
            raise invalid_content(
                f"Could not find member '{member}' on object of type 'ResourceGroupDefinition'. Path '{member}', "
                "line 1, position 1."
            )


def _body(group: Document) -> JsonObject:
    body: JsonObject = {
        "id": group["id"],
        "name": group["name"],
        "type": TYPE,
        "location": group["location"],
        "properties": {"provisioningState": group["state"]},
    }
    if group["tags"] is not None:
        body["tags"] = group["tags"]
    if group["managedBy"]:
        body["managedBy"] = group["managedBy"]
    return body

"""From an ARM path to the function that answers.

In: an authenticated `Call`. Out: its `Answer`, or ArmError. Names in paths are compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..access.authorize import authorize, without_the_unreadable
from ..arm import deleting, groups, providers, reading, resource_lists, subscriptions, tags, writing
from ..arm.operation_answers import operation_of_token, result_answer, status_answer
from ..errors import ArmError, gateway_error, method_not_allowed
from ..resource_type import ResourceType
from ..state.cloud_state import World
from ..state.operations import Operation
from .arm_path import ArmPath, Block, ResourceId, scope_of
from .wire import Answer, Call


def dispatch(world: World, call: Call) -> Answer:
    """Answer one request, if its caller may make it."""
    permissions = world.permissions
    if permissions is None:
        return _answer(world, call)
    authorize(world, permissions, call)
    return without_the_unreadable(world, permissions, call, _answer(world, call))


def _answer(world: World, call: Call) -> Answer:
    route = _routed(world, call)
    if route is not None:
        return route
    path = call.arm
    return _provider_path(world, call, path) if path.blocks else _plain_path(world, call, path)


def _routed(world: World, call: Call) -> Answer | None:
    """The addresses that resource types bring along."""
    if not world.registry.routes:
        return None
    segments = [segment for segment in call.path.split("/") if segment]
    for route in world.registry.routes:
        names = _match(route.pattern, segments)
        if names is not None and route.method == call.method:
            return route.answer(call, world, names)
    return None


def _match(pattern: str, segments: list[str]) -> Mapping[str, str] | None:
    wanted = pattern.strip("/").split("/")
    if len(wanted) != len(segments):
        return None
    names: dict[str, str] = {}
    for word, segment in zip(wanted, segments, strict=True):
        if word.startswith("{"):
            names[word.strip("{}")] = segment
        elif word.lower() != segment.lower():
            return None
    return names


def _plain_path(world: World, call: Call, path: ArmPath) -> Answer:
    rest = tuple(word.lower() for word in path.rest)
    subscription, group = path.subscription, path.group
    if subscription is not None and group is not None:
        if not rest:
            return groups.one_group(world, call, subscription, group)
        if rest == ("resources",):
            return _only_get(call, resource_lists.list_resources(world, call, subscription, group))
    elif subscription is not None:
        if not rest:
            return _only_get(call, subscriptions.get_subscription(world, call, subscription))
        if rest == ("resourcegroups",):
            return _only_get(call, groups.list_groups(world, call, subscription))
        if rest == ("resources",):
            return _only_get(call, resource_lists.list_resources(world, call, subscription, None))
        if rest == ("locations",):
            return _only_get(call, subscriptions.list_locations(world, call, subscription))
        if rest == ("providers",):
            return _only_get(call, providers.list_providers(world, call, subscription))
        if len(rest) == 2 and rest[0] == "operationresults":
            return result_answer(world, call, _operation(world, operation_of_token(path.rest[1])))
    elif rest == ("subscriptions",):
        return _only_get(call, subscriptions.list_subscriptions(world, call))
    elif rest == ("tenants",):
        return _only_get(call, subscriptions.list_tenants(world, call))
    elif rest == ("providers",):
        return _only_get(call, providers.list_providers(world, call, None))
    raise gateway_error(404, "InvalidUrl", f"The request path '{call.path}' is not a path of the resource manager.")


def _only_get(call: Call, answer: Answer) -> Answer:
    if call.method not in ("GET", "HEAD"):
        raise method_not_allowed(call.method)
    return answer


def _provider_path(world: World, call: Call, path: ArmPath) -> Answer:
    last = path.blocks[-1]
    words = tuple(word.lower() for word in last.types)
    scope = scope_of(path, len(path.blocks) - 1)
    if not last.types or (len(path.blocks) == 1 and path.group is None and words in (("register",), ("unregister",))):
        return providers.one_provider(world, call, last.namespace, last.types[0] if last.types else None)
    if last.namespace.lower() == "microsoft.resources" and words == ("tags",):
        return tags.tags_at_scope(world, call, scope)
    if words[0] == "locations" and len(words) == 2 and len(last.names) == 2 and "operation" in words[1]:
        operation = _operation(world, last.names[1])
        wants_result = words[1] == "operationresults" or call.query.get("monitor", "").lower() == "true"
        return result_answer(world, call, operation) if wants_result else status_answer(world, operation)
    if len(last.types) == len(last.names):
        return _resource(world, call, ResourceId(scope, last.namespace, last.types, last.names))
    return _collection_or_action(world, call, scope, last)


def _operation(world: World, operation_id: str | None) -> Operation:
    operation = world.operations.get(operation_id) if operation_id is not None else None
    if operation is None:
        raise ArmError(404, "NotFound", f"The operation '{operation_id}' could not be found.")
    return operation


def _resource(world: World, call: Call, asked: ResourceId) -> Answer:
    if call.method == "GET" and (part := reading.get_part(world, call, asked)) is not None:
        return part
    type_ = world.registry.find(asked.namespace, asked.types, call.api_version)
    if asked.subscription is not None:
        world.require_subscription(asked.subscription)
        if type_.kept_at_subscription and asked.group is not None:
            world.require_group(asked.subscription, asked.group)
            asked = replace(asked, scope=f"/subscriptions/{asked.subscription}")
    answer: Answer
    match call.method:
        case "GET":
            answer = reading.get(world, call, type_, asked)
        case "HEAD":
            answer = reading.head(world, call, type_, asked)
        case "PUT":
            _check_registered(world, type_)
            answer = writing.put(world, call, type_, asked)
        case "PATCH":
            answer = writing.patch(world, call, type_, asked)
        case "DELETE":
            answer = deleting.delete(world, call, type_, asked)
        case _:
            raise method_not_allowed(call.method)
    if not type_.modelled:
        answer.note = answer.note or "unmodelled type"
    return answer


def _check_registered(world: World, type_: ResourceType) -> None:
    if type_.modelled and not providers.is_registered(world, type_.namespace):
        raise providers.not_registered(type_.namespace)


def _collection_or_action(world: World, call: Call, scope: str, last: Block) -> Answer:
    """One more type than names: a list, or, on POST, an action of the resource before it."""
    if call.method == "POST" and last.names:
        asked = ResourceId(scope, last.namespace, last.types[:-1], last.names)
        type_ = world.registry.find(last.namespace, asked.types, call.api_version)
        action = type_.actions.get(last.types[-1].lower())
        if action is None:
            raise method_not_allowed(call.method)
        return writing.act(world, call, type_, asked, last.types[-1], action)
    if call.method == "GET" and last.names:
        owner = ResourceId(scope, last.namespace, last.types[:-1], last.names)
        if (parts := reading.list_parts(world, call, owner, last.types[-1])) is not None:
            return parts
    type_ = world.registry.find(last.namespace, last.types, call.api_version)
    if call.method != "GET":
        raise method_not_allowed(call.method)
    container = scope
    if last.names:
        container = str(ResourceId(scope, last.namespace, last.types[:-1], last.names))
    return reading.list_(world, call, type_, container)

"""From an ARM path to the function that answers.

In: an authenticated `Request`. Out: its `Response`, or ArmError. Names in paths are compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..arm import deleting, groups, providers, reading, resource_lists, subscriptions, tags, writing
from ..description.resource_type import ResourceType
from ..errors import ArmError, gateway_error, method_not_allowed
from ..protocol.arm_path import ArmPath, Block, ResourceId, scope_of
from ..protocol.wire import Request, Response
from ..state.operations import Operation
from .cloud import Cloud
from .operation_answers import operation_of_token, result_answer, status_answer


def dispatch(cloud: Cloud, request: Request) -> Response:
    """Answer one request, if its caller may make it."""
    authorizer = cloud.authorizer
    if authorizer is None:
        return _answer(cloud, request)
    authorizer.check(request)
    return authorizer.readable(request, _answer(cloud, request))


def _answer(cloud: Cloud, request: Request) -> Response:
    # Routes first: `locations/westus2/vmSizes` would otherwise be a resource of a type that does not exist.
    route = _routed(cloud, request)
    if route is not None:
        return route
    path = request.arm
    return _provider_path(cloud, request, path) if path.blocks else _plain_path(cloud, request, path)


def _routed(cloud: Cloud, request: Request) -> Response | None:
    """The addresses that resource types bring along."""
    if not cloud.registry.routes:
        return None
    segments = [segment for segment in request.path.split("/") if segment]
    for route in cloud.registry.routes:
        names = _match(route.pattern, segments)
        if names is not None and route.method == request.method:
            return route.answer(request, cloud, names)
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


def _plain_path(cloud: Cloud, request: Request, path: ArmPath) -> Response:
    rest = tuple(word.lower() for word in path.rest)
    subscription, group = path.subscription, path.group
    if subscription is not None and group is not None:
        if not rest:
            return groups.one_group(cloud, request, subscription, group)
        if rest == ("resources",):
            return _only_get(request, resource_lists.list_resources(cloud, request, subscription, group))
    elif subscription is not None:
        if not rest:
            return _only_get(request, subscriptions.get_subscription(cloud, request, subscription))
        if rest == ("resourcegroups",):
            return _only_get(request, groups.list_groups(cloud, request, subscription))
        if rest == ("resources",):
            return _only_get(request, resource_lists.list_resources(cloud, request, subscription, None))
        if rest == ("locations",):
            return _only_get(request, subscriptions.list_locations(cloud, request, subscription))
        if rest == ("providers",):
            return _only_get(request, providers.list_providers(cloud, request, subscription))
        if len(rest) == 2 and rest[0] == "operationresults":
            return result_answer(cloud, request, _operation(cloud, operation_of_token(path.rest[1])))
    elif rest == ("subscriptions",):
        return _only_get(request, subscriptions.list_subscriptions(cloud, request))
    elif rest == ("tenants",):
        return _only_get(request, subscriptions.list_tenants(cloud, request))
    elif rest == ("providers",):
        return _only_get(request, providers.list_providers(cloud, request, None))
    raise gateway_error(404, "InvalidUrl", f"The request path '{request.path}' is not a path of the resource manager.")


def _only_get(request: Request, response: Response) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise method_not_allowed(request.method)
    return response


def _provider_path(cloud: Cloud, request: Request, path: ArmPath) -> Response:
    last = path.blocks[-1]
    words = tuple(word.lower() for word in last.types)
    scope = scope_of(path, len(path.blocks) - 1)
    if not last.types or (len(path.blocks) == 1 and path.group is None and words in (("register",), ("unregister",))):
        return providers.one_provider(cloud, request, last.namespace, last.types[0] if last.types else None)
    if last.namespace.lower() == "microsoft.resources" and words == ("tags",):
        return tags.tags_at_scope(cloud, request, scope)
    if words[0] == "locations" and len(words) == 2 and len(last.names) == 2 and "operation" in words[1]:
        operation = _operation(cloud, last.names[1])
        wants_result = words[1] == "operationresults" or request.query.get("monitor", "").lower() == "true"
        return result_answer(cloud, request, operation) if wants_result else status_answer(cloud, operation)
    if len(last.types) == len(last.names):
        return _resource(cloud, request, ResourceId(scope, last.namespace, last.types, last.names))
    return _collection_or_action(cloud, request, scope, last)


def _operation(cloud: Cloud, operation_id: str | None) -> Operation:
    operation = cloud.operations.get(operation_id) if operation_id is not None else None
    if operation is None:
        raise ArmError(404, "NotFound", f"The operation '{operation_id}' could not be found.")
    return operation


def _resource(cloud: Cloud, request: Request, asked: ResourceId) -> Response:
    if request.method == "GET" and (part := reading.get_part(cloud, request, asked)) is not None:
        return part
    type_ = cloud.registry.find(asked.namespace, asked.types, request.api_version)
    if asked.subscription is not None:
        cloud.require_subscription(asked.subscription)
        asked = type_.placement.address(asked, cloud)
    response: Response
    match request.method:
        case "GET":
            response = reading.get(cloud, request, type_, asked)
        case "HEAD":
            response = reading.head(cloud, request, type_, asked)
        case "PUT":
            _check_registered(cloud, type_)
            response = writing.put(cloud, request, type_, asked)
        case "PATCH":
            response = writing.patch(cloud, request, type_, asked)
        case "DELETE":
            response = deleting.delete(cloud, request, type_, asked)
        case _:
            raise method_not_allowed(request.method)
    if not cloud.registry.describes(type_):
        response.note = response.note or "unmodelled type"
    return response


def _check_registered(cloud: Cloud, type_: ResourceType) -> None:
    if cloud.registry.describes(type_) and not providers.is_registered(cloud, type_.namespace):
        raise providers.not_registered(type_.namespace)


def _collection_or_action(cloud: Cloud, request: Request, scope: str, last: Block) -> Response:
    """One more type than names: a list, or, on POST, an action of the resource before it."""
    if request.method == "POST" and last.names:
        asked = ResourceId(scope, last.namespace, last.types[:-1], last.names)
        type_ = cloud.registry.find(last.namespace, asked.types, request.api_version)
        action = type_.actions.get(last.types[-1].lower())
        if action is None:
            raise method_not_allowed(request.method)
        return writing.act(cloud, request, type_, asked, last.types[-1], action)
    if request.method == "GET" and last.names:
        owner = ResourceId(scope, last.namespace, last.types[:-1], last.names)
        if (parts := reading.list_parts(cloud, request, owner, last.types[-1])) is not None:
            return parts
    type_ = cloud.registry.find(last.namespace, last.types, request.api_version)
    if request.method != "GET":
        raise method_not_allowed(request.method)
    container = scope
    if last.names:
        container = str(ResourceId(scope, last.namespace, last.types[:-1], last.names))
    return reading.list_(cloud, request, type_, container)

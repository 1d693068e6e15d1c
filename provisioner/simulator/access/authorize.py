"""The check itself, with Azure's wording, and lists without what the caller may not read.

In: a request. Out: nothing, or 403 AuthorizationFailed or LinkedAuthorizationFailed (wordings: error_bodies of the
recordings; Azure/aad-pod-identity#613).
"""

from __future__ import annotations

from ..arm.cloud import Cloud
from ..errors import ArmError, gateway_error
from ..protocol.arm_path import parse_path
from ..protocol.wire import Caller, Request, Response
from .linked import linked
from .permissions import Permissions
from .required import GROUP_ACTIONS, Required, required


class RoleAuthorizer:
    """Lets callers do what their roles allow."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._permissions = Permissions(cloud)

    def check(self, request: Request) -> None:
        """Raise ArmError unless the caller may make this request."""
        _check(self._cloud, self._permissions, request)

    def readable(self, request: Request, response: Response) -> Response:
        """The answer without what the caller may not read."""
        return _without_the_unreadable(self._cloud, self._permissions, request, response)


def _check(cloud: Cloud, permissions: Permissions, request: Request) -> None:
    caller = request.caller
    needed = required(cloud, request)
    if caller is None or needed is None or permissions.is_owner(caller):
        return
    allowed = (
        permissions.has_any(caller, needed.scope)
        if needed.is_filtered
        else permissions.allows(caller, needed.action, needed.scope)
    )
    if not allowed:
        raise _refused(caller, needed)
    if request.method in ("PUT", "PATCH"):
        _check_linked(cloud, permissions, request, caller, needed)


def _without_the_unreadable(cloud: Cloud, permissions: Permissions, request: Request, response: Response) -> Response:
    """A list of a whole subscription, or of subscriptions, without what the caller may not read."""
    caller, body = request.caller, response.body
    if request.method != "GET" or caller is None or not isinstance(body, dict) or permissions.is_owner(caller):
        return response
    entries = body.get("value")
    needed = required(cloud, request)
    if isinstance(entries, list) and (needed is None or needed.is_filtered):
        body["value"] = [entry for entry in entries if _is_readable(permissions, caller, entry)]
    return response


def _is_readable(permissions: Permissions, caller: Caller, entry: object) -> bool:
    if not isinstance(entry, dict) or not isinstance(identity := entry.get("id"), str):
        return True
    path = parse_path(identity)
    if path.subscription is None:
        return True
    if path.blocks and path.blocks[-1].names:
        type_ = str(entry.get("type") or "/".join((path.blocks[-1].namespace, *path.blocks[-1].types)))
        return permissions.allows(caller, f"{type_}/read", identity)
    if path.group is not None:
        return permissions.allows(caller, f"{GROUP_ACTIONS}/read", identity) or permissions.has_any(caller, identity)
    return bool(path.rest or path.blocks) or permissions.has_any(caller, identity)


def _check_linked(cloud: Cloud, permissions: Permissions, request: Request, caller: Caller, needed: Required) -> None:
    path = request.arm
    if not path.blocks or needed.action.lower().startswith("microsoft.authorization/"):
        return
    type_ = cloud.registry.get(needed.action.rpartition("/")[0])
    if type_ is None:
        return
    try:
        body = request.json()
    except ArmError:
        return  # it is refused for that
    for action, targets in linked(cloud, type_, needed.scope, body).items():
        missing = [target for target in targets if not permissions.allows(caller, action, target)]
        if missing:
            raise _refused_linked(caller, needed, action, missing)


def _who(caller: Caller) -> str:
    return f"The client '{caller.app_id}' with object id '{caller.object_id}'"


def _refused(caller: Caller, needed: Required) -> ArmError:
    return gateway_error(
        403,
        "AuthorizationFailed",
        f"{_who(caller)} does not have authorization to perform action '{needed.action}' over scope '{needed.scope}' "
        "or the scope is invalid. If access was recently granted, please refresh your credentials.",
    )


def _refused_linked(caller: Caller, needed: Required, action: str, targets: list[str]) -> ArmError:
    return gateway_error(
        403,
        "LinkedAuthorizationFailed",
        f"{_who(caller)} has permission to perform action '{needed.action}' on scope '{needed.scope}'; however, it "
        f"does not have permission to perform action '{action}' on the linked scope(s) '{','.join(targets)}' or the "
        "linked scope(s) are invalid.",
    )

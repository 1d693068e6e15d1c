"""Which action a request performs, and over which scope.

In: a request. Out: `Required`, or None for what any caller may do: polling, catalogues, the list of subscriptions.
Names of actions: "Azure resource provider operations".
"""

from __future__ import annotations

from dataclasses import dataclass

from ..arm.cloud import Cloud
from ..arm.request_target import GROUPS, RequestTarget, target_of
from ..protocol.arm_path import parse_path
from ..protocol.wire import Request

GROUP_ACTIONS = "Microsoft.Resources/subscriptions/resourceGroups"
AUTHORIZATION = "microsoft.authorization"
PROVIDERS = "Microsoft.Resources/providers"
VERBS = {"read": "read", "list": "read", "create": "write", "update": "write", "delete": "delete"}


@dataclass(frozen=True)
class Required:
    """An action over a scope; `is_filtered` marks a list of a subscription that shows what the caller may read."""

    action: str
    scope: str
    is_filtered: bool = False


def required(cloud: Cloud, request: Request) -> Required | None:
    """What a request needs."""
    asked = target_of(cloud, request)
    path = request.arm
    if asked.operation == "poll" or (path.subscription is None and not path.blocks):
        return None
    if not path.blocks and path.group is None and not path.rest:
        return Required("Microsoft.Resources/subscriptions/read", asked.target, is_filtered=True)
    is_provider = bool(asked.type) and "/" not in asked.type
    if path.subscription is not None and asked.operation == "list" and (is_provider or asked.type == PROVIDERS):
        # Without it even the list is refused (terraform-provider-azurerm#2678); the tenant's asks for nothing.
        return Required("Microsoft.Resources/subscriptions/providers/read", asked.target)
    if "/" not in asked.type:
        return None
    if asked.is_action:
        word = path.blocks[-1].types[-1]
        return Required(f"{_canonical(cloud, asked)}/{word}/action", asked.target)
    verb = VERBS.get(asked.operation)
    if verb is None:
        return Required(f"{asked.type}/action", asked.target)
    scope = parse_path(asked.target)
    whole = asked.operation == "list" and scope.subscription is not None and scope.group is None and not scope.blocks
    return Required(
        f"{_canonical(cloud, asked)}/{verb}", asked.target, is_filtered=whole and _is_filtered(cloud, request, asked)
    )


def _is_filtered(cloud: Cloud, request: Request, asked: RequestTarget) -> bool:
    """Whether a list of a subscription shows what the caller may read, instead of being refused.

    Resource Manager puts the lists of groups and of tracked resources together by itself. Every other list goes to the
    provider with the subscription as its scope, and so needs the permission there: role assignments, custom roles,
    locks, SKUs, and machines with `statusOnly=true` (published texts of AuthorizationFailed name that scope).
    """
    if not request.arm.blocks:
        return True
    if request.query.get("statusonly", "").lower() == "true":
        return False
    known = cloud.registry.get(asked.type)
    if known is not None and cloud.registry.describes(known):
        return known.placement.tracked
    namespace, _, word = asked.type.partition("/")
    words = cloud.registry.types_of(cloud.registry.namespace(namespace) or namespace)
    return namespace.lower() != AUTHORIZATION and word.lower() in map(str.lower, words)


def _canonical(cloud: Cloud, asked: RequestTarget) -> str:
    """The type as Azure spells it."""
    if asked.type == GROUPS:
        return GROUP_ACTIONS
    known = cloud.registry.get(asked.type)
    return known.type if known is not None else asked.type

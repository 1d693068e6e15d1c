"""Which action a request performs, and over which scope.

In: a request. Out: `Required`, or None for what any caller may do: polling, catalogues, the list of subscriptions.
Names of actions: "Azure resource provider operations".
"""

from __future__ import annotations

from dataclasses import dataclass

from ..arm_path import parse_path
from ..asked import GROUPS, Asked, asked_of
from ..wire import Call
from ..world import World

GROUP_ACTIONS = "Microsoft.Resources/subscriptions/resourceGroups"
PROVIDERS = "Microsoft.Resources/providers"
VERBS = {"read": "read", "list": "read", "create": "write", "update": "write", "delete": "delete"}


@dataclass(frozen=True)
class Required:
    """An action over a scope; `is_filtered` marks the list of a whole subscription, which shows what may be read."""

    action: str
    scope: str
    is_filtered: bool = False


def required(world: World, call: Call) -> Required | None:
    """What a request needs."""
    asked = asked_of(world, call)
    path = call.arm
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
        return Required(f"{_canonical(world, asked)}/{word}/action", asked.target)
    verb = VERBS.get(asked.operation)
    if verb is None:
        return Required(f"{asked.type}/action", asked.target)
    scope = parse_path(asked.target)
    whole = asked.operation == "list" and scope.subscription is not None and scope.group is None and not scope.blocks
    return Required(f"{_canonical(world, asked)}/{verb}", asked.target, is_filtered=whole)


def _canonical(world: World, asked: Asked) -> str:
    """The type as Azure spells it."""
    if asked.type == GROUPS:
        return GROUP_ACTIONS
    known = world.registry.get(asked.type)
    return known.type if known is not None else asked.type

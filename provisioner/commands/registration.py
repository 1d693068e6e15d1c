"""Resource providers that a plan needs and the subscription has not registered: told by ``plan``, mended by ``apply``.

Only the namespaces of what is to be created count: where something is, its provider is registered.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from ..base import arm_id
from ..planning.plan import Plan
from .session import Session

_ALWAYS = frozenset({"microsoft.resources", "microsoft.authorization"})
"""Registered in every subscription ("Azure resource providers and types", section Registration)."""


async def missing(plan: Plan, session: Session) -> list[str]:
    """The namespaces that have to be registered first.

    Raises:
        ExecutionError, AccessError: a read failed; that it is not allowed is no failure.
    """
    created = [change.id for change in plan.pending if change.action in ("create", "replace") and change.id]
    spaces = {arm_id.parse(resource_id).type.partition("/")[0] for resource_id in created}
    needed = {space for space in spaces if space.lower() not in _ALWAYS}
    return await session.providers.unregistered(needed) if needed else []


def tell(namespaces: Sequence[str]) -> None:
    """Say what apply will register."""
    for namespace in namespaces:
        print(f"note: {namespace} is not registered in the subscription; apply registers it", file=sys.stderr)


async def register(namespaces: Sequence[str], session: Session) -> None:
    """Register them, all at once.

    Raises:
        ExecutionError, AccessError: one cannot be registered.
    """
    if namespaces:
        print(f"registering {', '.join(namespaces)} …", file=sys.stderr, flush=True)
        await asyncio.gather(*(session.providers.register(namespace) for namespace in namespaces))

"""Operations that an earlier run began and did not see the end of: found by the state of their objects, waited for.

In: what refresh read. Out: nothing; afterwards everything is read again, so that a plan is made of what came out.
States of provisioning that are no end: REST "Azure asynchronous operations", anything but Succeeded, Failed, Canceled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from . import arm_id, kinds
from .azure.operations import Operations
from .diagnostics import AzureFailure, ExecutionError
from .plan import Actual
from .resource import OWNER_TAG, Body, Kind, Resource

_ENDS = frozenset({"succeeded", "failed", "canceled", ""})
_LOOK_EVERY_S = 5.0
_TIMES_TYPICAL = 10
_AT_LEAST_S = 900.0


@dataclass(frozen=True)
class Busy:
    """An object of this deployment on which an operation runs; ``state`` is Azure's word (``Creating``)."""

    address: str
    kind: Kind
    id: str
    state: str


def busy(resources: Iterable[Resource], actual: Actual, deployment: str) -> list[Busy]:
    """What is declared or owned, is this deployment's, and is not at rest."""
    table = kinds.by_type()
    found: dict[str, Busy] = {}
    for item in resources:
        body = actual.body(item.id) if item.id and item.managed else None
        if body is not None and (body.get("tags") or {}).get(OWNER_TAG) == deployment:
            found[arm_id.key(item.id)] = Busy(item.address, item.kind, item.id, _state(body))
    for key, owned in actual.owned.items():
        kind = table.get(owned.type.lower())
        if kind is not None:
            found.setdefault(key, Busy(owned.id, kind, owned.id, _state(owned.body)))
    return [each for each in found.values() if each.state.lower() not in _ENDS]


async def wait(running: Iterable[Busy], operations: Operations, time_scale: float) -> None:
    """Wait until all of them have come to rest, or are gone.

    Raises:
        ExecutionError: one did not, within ten times what is usual for its kind and at least 15 minutes.
        AccessError: a read was refused.
    """
    await asyncio.gather(*(_wait(each, operations, time_scale) for each in running))


async def _wait(each: Busy, operations: Operations, time_scale: float) -> None:
    budget_s = max(_AT_LEAST_S, _TIMES_TYPICAL * each.kind.typical_s)
    deadline = time.monotonic() + budget_s * time_scale
    while True:
        body = await operations.get(each.kind, each.id)
        if body is None or _state(body).lower() in _ENDS:
            return
        if time.monotonic() > deadline:
            message = f"It is still {_state(body)} after {budget_s / 60:.0f} minutes; an earlier run began that."
            raise ExecutionError(AzureFailure("StillRunning", message, target=each.id))
        await asyncio.sleep(_LOOK_EVERY_S * time_scale)


def _state(body: Body) -> str:
    properties = body.get("properties")
    inner = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(inner or body.get("provisioningState") or "")

"""Operations that an earlier run began and did not see the end of: found by the state of their objects, waited for.

In: what refresh read. Out: nothing; afterwards everything is read again, so that a plan is made of what came out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..azure.history import Verb
from ..azure.operations import Operations
from ..base import arm_id
from ..base.values import Body
from ..resources import kinds
from ..resources.actual_state import ActualState
from ..resources.kind import Kind
from ..resources.resource import OWNER_TAG, Resource
from .recovery import at_rest, is_busy, state
from .timeouts import chosen_s

_DOING: dict[str, Verb] = {"updating": "update", "deleting": "delete"}


@dataclass(frozen=True)
class Busy:
    """An object of this deployment on which an operation runs; ``state`` is Azure's word (``Creating``)."""

    address: str
    kind: Kind
    id: str
    state: str
    timeouts: Mapping[str, str] = field(default_factory=dict)

    @property
    def longest_s(self) -> float | None:
        """What the spec allows the operation that runs, in Azure's seconds; None where it says nothing."""
        return chosen_s(self.timeouts, _DOING.get(self.state.lower(), "create"))


def busy(resources: Iterable[Resource], actual: ActualState, deployment: str) -> list[Busy]:
    """What is declared or owned, is this deployment's, and is not at rest."""
    table = kinds.by_type()
    declared = list(resources)
    limits = {arm_id.key(item.id): item.timeouts for item in declared if item.id}
    found: dict[str, tuple[str, Kind, str, Body]] = {}
    for item in declared:
        body = actual.body(item.id) if item.id and item.managed else None
        if body is not None and (body.get("tags") or {}).get(OWNER_TAG) == deployment:
            found[arm_id.key(item.id)] = (item.address, item.kind, item.id, body)
    for key, owned in actual.owned.items():
        kind = table.get(owned.type.lower())
        if kind is not None:
            found.setdefault(key, (owned.id, kind, owned.id, owned.body))
    return [
        Busy(where, kind, resource_id, state(body), limits.get(key, {}))
        for key, (where, kind, resource_id, body) in found.items()
        if is_busy(body)
    ]


async def wait(running: Iterable[Busy], operations: Operations, time_scale: float) -> None:
    """Wait until all of them have come to rest, or are gone.

    Raises:
        ExecutionError: one did not, within its limit (see ``recovery.at_rest``).
        AccessError: a read was refused.
    """
    await asyncio.gather(*(at_rest(operations, each.kind, each.id, time_scale, each.longest_s) for each in running))

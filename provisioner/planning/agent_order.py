"""What the agent of a machine carries out (extensions): one at a time, and not while the machine itself changes.

In: a plan's changes and steps. Out: edges. Pure. The refusal: 409 ``Conflict``, "The request failed due to conflict
with a concurrent request." What left the spec is deleted after the machine's own change and before anything is
installed, since a machine takes one extension of a handler.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..base import arm_id
from ..resources.steps import Delete
from .edges import Planned
from .step_graph import Edge

_WHY = "the VM's agent carries out one change at a time"


def one_at_a_time(planned: Planned) -> Iterator[Edge]:
    """Deletes one after another behind their machine; everything else of that machine's agent behind them."""
    by_agent = [
        address for address, change in planned.changes.items() if change.kind.operations.one_at_a_time_in_parent
    ]
    machines = {arm_id.key(change.id): address for address, change in planned.changes.items()} if by_agent else {}
    last: dict[str, tuple[str, ...]] = {}
    for address in by_agent:
        delete = planned.step(address, Delete)
        if delete is None or planned.changes[address].action != "delete":
            continue
        machine = _parent(planned, address)
        before = last.get(machine, planned.ends(machines[machine]) if machine in machines else ())
        yield from (Edge(delete.id, on, why=_WHY) for on in before)
        last[machine] = (delete.id,)
    for address in by_agent if last else ():
        if planned.changes[address].action in ("create", "update", "replace"):
            first = next(step for step in planned.steps[address] if step.sends)
            yield from (Edge(first.id, on, why=_WHY) for on in last.get(_parent(planned, address), ()))


def _parent(planned: Planned, address: str) -> str:
    return arm_id.key(planned.changes[address].id).rsplit("/", 2)[0]

"""Changes to steps: what each change does by itself, what the steps wait for, which delays they put up with.

In: decided changes. Out: steps by address, or a cycle. Pure. Steps are compiled once all actions are decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ..comparison.rendering import OwnedIds
from ..resources.steps import LOCK_REMOVED, NEW_PRINCIPAL, NOT_VISIBLE_YET, Step, Tolerated, Wait
from . import agent_order, default_steps, deletion_order, edges, management_locks
from .edges import Planned
from .entanglement import Entanglement
from .plan import Change
from .step_graph import Edge, Linked, linked

Rule = Callable[[Planned], Iterable[Edge]]
RULES: tuple[Rule, ...] = (
    edges.declared,
    edges.deleted_with,
    edges.released,
    deletion_order.used,
    deletion_order.emptied,
    deletion_order.listed_in_parent,
    agent_order.one_at_a_time,
    management_locks.around_locks,
)
"""Each looks at all changes and steps, and proposes edges; their order does not matter."""


def compiled(
    changes: Mapping[str, Change],
    needs: Mapping[str, Mapping[str, Wait]],
    entangled: Entanglement,
    owned: OwnedIds,
    rules: Sequence[Rule] = RULES,
) -> Linked:
    """The steps of all changes.

    Args:
        needs: what each change waits for according to the spec, by address.
        rules: what proposes edges, in any order.
    """
    own = {address: default_steps.steps(change, entangled, owned) for address, change in changes.items()}
    planned = Planned(changes, own, needs)
    graph = linked(own, (edge for rule in rules for edge in rule(planned)))
    return replace(graph, steps=_tolerant(changes, graph.steps, needs))


def _tolerant(
    changes: Mapping[str, Change], steps: Mapping[str, tuple[Step, ...]], needs: Mapping[str, Mapping[str, Wait]]
) -> dict[str, tuple[Step, ...]]:
    """The steps with the errors that are a delay for them, because of what the run has just done before them."""
    owner = {step.id: step.change for change in steps.values() for step in change}
    result = {}
    for address, own in steps.items():
        before = {owner[on] for step in own for on in step.depends_on} | set(needs.get(address, ()))
        tolerated = _tolerated(changes, address, sorted(before - {address}))
        result[address] = tuple(replace(step, tolerates=tolerated) for step in own) if tolerated else own
    return result


def _tolerated(changes: Mapping[str, Change], address: str, before: list[str]) -> tuple[Tolerated, ...]:
    known = [changes[other] for other in before if other in changes]
    made = [change.id for change in (changes[address], *known) if change.action in ("create", "replace")]
    lifted = [
        change.kind.rights.lock.scope(change.id)
        for change in known
        if change.kind.rights.lock is not None and change.action in ("delete", "update")
    ]
    found = [Tolerated(NOT_VISIBLE_YET, tuple(made))] if made else []
    if any("principal_id" in change.kind.schema.outputs for change in known):
        # Azure itself made the principal: it exists, if not yet everywhere.
        found.append(Tolerated(NEW_PRINCIPAL))
    if lifted:
        found.append(Tolerated(LOCK_REMOVED, tuple(lifted)))
    return tuple(found)

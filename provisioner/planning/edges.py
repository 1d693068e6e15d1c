"""What steps wait for: independent rules, each of which looks at all changes and proposes edges.

In: changes, their steps, how they hang together. Out: edges. Pure. No rule sees what another one proposes, so their
order does not matter; ``step_graph`` puts them together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..base.values import Ref, leaves
from ..resources.steps import Delete, DeletedWith, Detach, Operation, Patch, Put, Step, Strength, Wait
from .plan import Change, Steps
from .references import referred
from .step_graph import Edge

_WRITES = (Put, Patch)
_LETS_GO = (Delete, DeletedWith, Detach)


@dataclass(frozen=True)
class Planned:
    """The changes of a plan and their steps by address; ``needs`` says what the spec has each wait for."""

    changes: Mapping[str, Change]
    steps: Steps
    needs: Mapping[str, Mapping[str, Wait]] = field(default_factory=dict)
    _references: dict[str, list[str]] = field(default_factory=dict)

    def references(self, address: str) -> list[str]:
        """The ARM IDs in the actual body of a change's object."""
        if address not in self._references:
            self._references[address] = referred(self.changes[address])
        return self._references[address]

    def step(self, address: str, *operations: type[Operation]) -> Step | None:
        """The first step of a change with one of these operations."""
        return next((step for step in self.steps.get(address, ()) if isinstance(step.operation, operations)), None)

    def write(self, address: str) -> Step | None:
        """The step that writes the change's own object."""
        steps = self.steps.get(address, ())
        own = self.changes[address].id
        return next((step for step in steps if isinstance(step.operation, _WRITES) and step.resource_id == own), None)

    def is_requested(self, address: str) -> bool:
        """Whether the change sends requests."""
        return any(step.sends for step in self.steps.get(address, ()))

    def ends(self, address: str) -> tuple[str, ...]:
        """The steps that a change is done with; of one that does nothing, those of what it needs."""
        found: dict[str, None] = {}
        todo, seen = [address], set()
        while todo:
            current = todo.pop()
            if current in seen or current not in self.changes:
                continue
            seen.add(current)
            steps = self.steps.get(current, ())
            if steps:
                found[steps[-1].id] = None
            else:
                todo.extend(self.needs.get(current, ()))
        return tuple(found)


def declared(planned: Planned) -> Iterator[Edge]:
    """A change waits for what its entry in the spec refers to, or names in ``after``."""
    for address, needs in planned.needs.items():
        steps = planned.steps.get(address, ())
        if not steps:
            continue
        write = planned.write(address) or steps[-1]
        first = next((step for step in steps if step.sends), write)
        unknown = _unknown(write)
        for need, wait in needs.items():
            other = planned.changes.get(need)
            if other is None:
                continue
            is_new = isinstance(write.operation, Put) and planned.changes[address].action != "update"
            is_required = is_new or need in unknown or other.action in ("create", "replace")
            # Between two updates it is a matter of order only: both objects exist.
            strength: Strength = "required" if is_required else "optional"
            value = planned.write(need) if wait == "value" else None
            how: Wait = "done" if value is None else "value"
            for on in planned.ends(need) if value is None else (value.id,):
                why = f"it uses {need}"
                yield Edge(write.id, on, how, strength, why)
                # Nothing is taken apart, or stopped, before what the new form needs is ready, where that is possible.
                yield from (Edge(step.id, on, how, "optional", why) for step in _before(steps, write))
        for need in _needs_of_replaced(planned, address) if first is not write else ():
            # A machine whose interface is replaced cannot wait for that, but for the network that it goes to.
            yield from (Edge(first.id, on, "done", "optional", f"it uses {need}") for on in planned.ends(need))


def _before(steps: tuple[Step, ...], write: Step) -> list[Step]:
    """The first step with a request, and the one after a detach, if they are not the write itself."""
    first = next((step for step in steps if step.sends), write)
    after = [later for step, later in itertools.pairwise(steps) if isinstance(step.operation, Detach)]
    return [step for step in [first, *after] if step is not write]


def _needs_of_replaced(planned: Planned, address: str) -> list[str]:
    """What the replaced objects need that an object needs, directly or through others that are replaced."""
    found: dict[str, None] = {}
    todo = [address]
    while todo:
        for need in planned.needs.get(todo.pop(), ()):
            change = planned.changes.get(need)
            if change is not None and change.action == "replace" and need not in found:
                todo.append(need)
            found[need] = None
    # What it needs itself has its own way of waiting: a grant waits for a value only.
    return [need for need in found if need not in planned.needs[address]]


def _unknown(step: Step) -> set[str]:
    """The addresses of whose values a body is made that are known only by then."""
    if not isinstance(step.operation, _WRITES):
        return set()
    return {leaf.address for leaf in leaves(step.operation.desired) if isinstance(leaf, Ref)}


def deleted_with(planned: Planned) -> Iterator[Edge]:
    """What Azure deletes with another object is gone when that is."""
    for steps in planned.steps.values():
        for step in steps:
            if isinstance(step.operation, DeletedWith):
                parent = planned.step(step.operation.address, Delete, DeletedWith)
                if parent is not None:
                    yield Edge(step.id, parent.id, why=f"it is deleted with {step.operation.address}")


def released(planned: Planned) -> Iterator[Edge]:
    """Azure deletes nothing that is in use: what is replaced is deleted once its users have let go of it."""
    targets = {
        arm_id.key(change.id): step
        for address, change in planned.changes.items()
        if change.action == "replace" and (step := planned.step(address, Delete)) is not None
    }
    for address in planned.changes if targets else ():
        lets_go = planned.step(address, *_LETS_GO)
        if lets_go is None:
            continue
        keys = {key for text in planned.references(address) for key in arm_id.upwards(text)}
        for key in keys & targets.keys():
            target = targets[key]
            if target.change != address and not _is_deleted_with(lets_go, target):
                # Deletes of two objects that refer to each other have no order that lets go of both first.
                strength: Strength = "required" if isinstance(lets_go.operation, Detach) else "preferred"
                yield Edge(target.id, lets_go.id, strength=strength, why=f"{address} uses it")


def _is_deleted_with(step: Step, target: Step) -> bool:
    return isinstance(step.operation, DeletedWith) and step.operation.address == target.change

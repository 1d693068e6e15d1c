"""The steps of a change by itself: what is detached, deleted and written, before anybody waits for anything.

In: a decided change, and what it is entangled with. Out: its steps in order. Pure. What is special about a kind is
completed by the kind's ``steps`` hook.
"""

from __future__ import annotations

from dataclasses import replace

from ..base.values import Body
from ..comparison import rendering
from ..comparison.rendering import OwnedIds
from ..resources import provisioning_state
from ..resources.steps import (
    Delete,
    DeletedWith,
    Dependency,
    Detach,
    Keep,
    Operation,
    Patch,
    Put,
    Step,
    Verb,
)
from . import parts, power
from .entanglement import Entanglement
from .plan import Change


def steps(change: Change, entangled: Entanglement, owned: OwnedIds) -> tuple[Step, ...]:
    """The steps of one change, each after the one before it; none for a change that does nothing."""
    if change.action == "no-op":
        return ()
    operations = _operations(change, entangled, owned)
    default = tuple(
        Step(f"{change.address}:{name}", change.address, operation, change.kind, change.id, verb=verb)
        for name, operation, verb in operations
    )
    return _in_sequence(change.kind.steps(change, default))


def _operations(change: Change, entangled: Entanglement, owned: OwnedIds) -> list[tuple[str, Operation, Verb | None]]:
    address, desired = change.address, change.desired or {}
    if change.action in ("delete", "replace"):
        parent = entangled.deleted_with.get(address)
        deletion = DeletedWith(parent) if parent else Delete(entangled.contents.get(address))
        result: list[tuple[str, Operation, Verb | None]] = []
        if address in entangled.keeps:
            result.append(("keep", Keep(entangled.keeps[address]), None))
        result.append(("delete", deletion, None if parent else "delete"))
        if change.action == "replace":
            result.append(("create", Put(desired), "create"))
        return result
    if change.action == "create":
        return [("create", Put(desired), "create")]
    result = []
    detach = Detach(entangled.detaches[address]) if address in entangled.detaches else None
    if detach is not None:
        result.append(("detach", detach, None))
    if detach is not None or _writes(change):
        result.append(("update", _update(change, desired, detach, owned), "update"))
    return result


def _writes(change: Change) -> bool:
    """Whether an update writes the object itself: a machine can be started only."""
    return bool(power.others(change.differences)) or provisioning_state.has_failed(change.actual or {})


def _update(change: Change, desired: Body, detach: Detach | None, owned: OwnedIds) -> Put | Patch:
    drops = frozenset(name.lower() for _, name in parts.dropped(change))
    if not change.kind.operations.patch:
        return Put(desired, drops)
    changed = [item.path for item in power.others(change.differences)]
    paths = rendering.patch_paths(change.kind, desired, changed, detach, owned, change.actual or {})
    return Patch(desired, paths, drops)


def _in_sequence(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Each step waits for the one before it, but for one that follows a failure too: that names what it follows."""
    result: list[Step] = []
    for step in steps:
        follows = result and not step.depends_on
        result.append(replace(step, depends_on={result[-1].id: Dependency()}) if follows else step)
    return tuple(result)

"""What management locks stand in the way of, and which of our own go first or last.

In: changes and the locks that are there. Out: the changes in order, and problems. Pure. What a lock forbids, at its
scope and beneath: "Lock your resources to protect your infrastructure"; what is above a lock cannot be deleted either.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body
from ..resources import kinds
from ..resources.facts import LockFacts
from ..resources.steps import Delete, Step
from .edges import Planned
from .plan import Change, Steps
from .step_graph import Edge

_VERBS = {"create": "created", "update": "changed", "replace": "replaced", "delete": "deleted"}


@dataclass(frozen=True)
class _Lock:
    """A lock as it is while changes are carried out."""

    scope: str
    is_read_only: bool

    def forbids(self, change: Change, steps: Iterable[Step]) -> bool:
        """Whether it forbids a request among the steps of a change."""
        requests = [step for step in steps if step.sends and change.kind.rights.lock is None]
        deletes = any(isinstance(step.operation, Delete) for step in requests)
        key = arm_id.key(change.id)
        if key == self.scope or key.startswith(f"{self.scope}/"):
            return deletes or (self.is_read_only and bool(requests))
        return deletes and self.scope.startswith(f"{key}/")


def around_locks(planned: Planned) -> Iterator[Edge]:
    """What a lock forbids waits until it is removed or lowered, and goes before it is put on or raised."""
    locks = [
        change
        for change in planned.changes.values()
        if change.kind.rights.lock is not None and change.action != "no-op"
    ]
    near = _ScopeIndex(planned.changes.values() if locks else ())
    for lock in locks:
        before, after = _lock(lock.id, lock.actual), _lock(lock.id, lock.desired)
        for change in near.of(before.scope):
            steps = planned.steps[change.address]
            is_lifted = lock.actual is not None and (lock.action == "delete" or not after.forbids(change, steps))
            if is_lifted and before.forbids(change, steps):
                yield from _behind(planned, change.address, lock.address, "a lock on it is removed first")
            elif lock.action != "delete" and after.forbids(change, steps):
                yield from _behind(planned, lock.address, change.address, "the lock would forbid it")


def _behind(planned: Planned, address: str, other: str, why: str) -> Iterator[Edge]:
    first = next(step for step in planned.steps[address] if step.sends)
    yield from (Edge(first.id, end, why=why) for end in planned.ends(other))


def keeps(resource_id: str, locks: Iterable[Body]) -> bool:
    """Whether a lock keeps an object from being deleted."""
    key = arm_id.key(resource_id)
    scopes = [_lock(body["id"], body).scope for body in locks]
    return any(key == scope or key.startswith(f"{scope}/") or scope.startswith(f"{key}/") for scope in scopes)


class _ScopeIndex:
    """Changes by the scopes that they are at and beneath."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self._at: dict[str, Change] = {}
        self._beneath: dict[str, list[Change]] = {}
        for change in changes:
            self._at[arm_id.key(change.id)] = change
            for scope in arm_id.upwards(change.id):
                self._beneath.setdefault(scope, []).append(change)

    def of(self, scope: str) -> list[Change]:
        """Those at a scope, beneath it and above it."""
        above = [self._at[step] for step in arm_id.upwards(scope) if step != scope and step in self._at]
        return [*self._beneath.get(scope, ()), *above]


def problems(changes: Iterable[Change], steps: Steps, locks: Iterable[Body]) -> list[Diagnostic]:
    """What cannot be done since a lock forbids it that stays as it is."""
    every = list(changes)
    pending = [change for change in every if change.action != "no-op"]
    ours = {arm_id.key(change.id): change for change in every if change.kind.rights.lock is not None}
    near = _ScopeIndex(pending if locks else ())
    result = []
    for body in locks:
        own = ours.get(arm_id.key(body["id"]))
        if own is not None and own.action == "delete":
            continue
        # One whose level changes is for a moment what it was or will be; both have to let a change pass.
        levels = [_lock(body["id"], body), *([_lock(own.id, own.desired)] if own is not None and own.desired else [])]
        result += [
            _problem(change, body, own)
            for change in near.of(levels[0].scope)
            if all(lock.forbids(change, steps[change.address]) for lock in levels)
        ]
    return result


@functools.cache
def _facts() -> LockFacts:
    return next(kind.rights.lock for kind in kinds.all_kinds() if kind.rights.lock is not None)


def _lock(resource_id: str, body: Body | None) -> _Lock:
    return _Lock(arm_id.key(_facts().scope(resource_id)), _facts().is_read_only(body))


def _problem(change: Change, body: Body, own: Change | None) -> Diagnostic:
    name, notes, scope = arm_id.parse(body["id"]).name, _facts().notes(body), _facts().scope(body["id"])
    what = "is read only" if _facts().is_read_only(body) else "cannot be deleted"
    if own is not None and own.managed and own.action != "delete":
        hint = f"remove {own.address} from the spec for this apply, and put it back afterwards"
    else:
        hint = f"remove the lock: az lock delete --ids {body['id']}; or leave this out: --exclude {change.address}"
    summary = f"{change.address} cannot be {_VERBS[change.action]} because of a lock"
    reason = f'{scope} {what}, by the lock "{name}"' + (f": {notes}" if notes else ".")
    return error("PV3501", summary, *change.path, reason=reason, hint=hint)

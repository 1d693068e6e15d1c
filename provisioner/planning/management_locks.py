"""What management locks stand in the way of, and which of our own go first or last.

In: changes and the locks that are there. Out: the changes in order, and problems. Pure. What a lock forbids, at its
scope and beneath: "Lock your resources to protect your infrastructure"; what is above a lock cannot be deleted either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..base import arm_id
from ..base.diagnostics import AzureFailure
from ..base.values import Body
from ..resources.kinds import management_lock
from .plan import Change, Problem

_REFUSED = "ScopeLocked"
_LIFTING = ("delete", "update")
_VERBS = {"create": "created", "update": "changed", "replace": "made anew", "delete": "deleted"}


@dataclass(frozen=True)
class _Lock:
    """A lock as it is while changes are carried out."""

    scope: str
    is_read_only: bool

    def forbids(self, change: Change) -> bool:
        if change.action == "no-op" or change.deleted_with or change.kind is management_lock.KIND:
            return False
        key = arm_id.key(change.id)
        deletes = change.action in ("delete", "replace")
        if key == self.scope or key.startswith(f"{self.scope}/"):
            return deletes or self.is_read_only
        return deletes and self.scope.startswith(f"{key}/")


def in_order(changes: Mapping[str, Change]) -> dict[str, Change]:
    """The same changes: what a lock forbids waits until it is off, and goes before it is on."""
    found = dict(changes)
    locks = [change for change in changes.values() if change.kind is management_lock.KIND and change.action != "no-op"]
    near = _Near(changes.values() if locks else ())
    for lock in locks:
        before, after = _lock(lock.id, lock.actual), _lock(lock.id, lock.body)
        for change in near.of(before.scope):
            address = change.address
            is_lifted = lock.actual is not None and (lock.action == "delete" or not after.forbids(change))
            if is_lifted and before.forbids(change):
                found[address] = _behind(found[address], lock.address)
                needs = {need: wait for need, wait in found[lock.address].needs.items() if need != address}
                found[lock.address] = replace(found[lock.address], needs=needs)
            elif lock.action != "delete" and after.forbids(change):
                found[lock.address] = _behind(found[lock.address], address)
    return found


def keeps(resource_id: str, locks: Iterable[Body]) -> bool:
    """Whether a lock keeps an object from being deleted."""
    key = arm_id.key(resource_id)
    scopes = [arm_id.key(management_lock.scope(body["id"])) for body in locks]
    return any(key == scope or key.startswith(f"{scope}/") or scope.startswith(f"{key}/") for scope in scopes)


def is_still_regarded(failure: AzureFailure, before: Iterable[Change]) -> bool:
    """Whether Azure refuses a change for a lock that went, or was lowered, among the changes ``before`` it.

    It takes its time to forget one: hashicorp/terraform-provider-azurerm#5025.
    """
    if failure.code != _REFUSED:
        return False
    lifted = [change for change in before if change.kind is management_lock.KIND and change.action in _LIFTING]
    return any(management_lock.scope(lock.id).lower() in failure.message.lower() for lock in lifted)


class _Near:
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


def problems(changes: Iterable[Change], locks: Iterable[Body]) -> list[Problem]:
    """What cannot be done since a lock forbids it that stays as it is."""
    pending = [change for change in changes if change.action != "no-op"]
    ours = {arm_id.key(change.id): change for change in changes if change.kind is management_lock.KIND}
    near = _Near(pending if locks else ())
    found = []
    for body in locks:
        own = ours.get(arm_id.key(body["id"]))
        if own is not None and own.action == "delete":
            continue
        # One whose level changes is for a moment what it was or will be; both have to let a change pass.
        there = [_lock(body["id"], body), *([_lock(own.id, own.body)] if own is not None and own.body else [])]
        concerned = near.of(there[0].scope)
        found += [_problem(change, body, own) for change in concerned if all(lock.forbids(change) for lock in there)]
    return found


def _behind(change: Change, address: str) -> Change:
    return replace(change, needs={**change.needs, address: "done"})


def _lock(resource_id: str, body: Body | None) -> _Lock:
    return _Lock(arm_id.key(management_lock.scope(resource_id)), management_lock.is_read_only(body))


def _problem(change: Change, body: Body, own: Change | None) -> Problem:
    name, notes = arm_id.parse(body["id"]).name, management_lock.notes(body)
    scope = management_lock.scope(body["id"])
    what = "is read only" if management_lock.is_read_only(body) else "cannot be deleted"
    if own is not None and own.managed and own.action != "delete":
        hint = f"take {own.address} out of the spec for this apply, and put it back afterwards"
    else:
        hint = f"have it taken off: az lock delete --ids {body['id']}; or leave this out: --exclude {change.address}"
    return Problem(
        "PV3501",
        change.path,
        f"a lock keeps {change.address} from being {_VERBS[change.action]}",
        f'{scope} {what}, by the lock "{name}"' + (f": {notes}" if notes else "."),
        hint,
    )

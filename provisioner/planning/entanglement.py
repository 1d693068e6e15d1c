"""How the changes of a plan hang together: what is deleted with what, and what is detached from what.

In: decided changes. Out: ``Entanglement``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..base import arm_id
from ..base.values import Body
from ..comparison import detaching
from ..resources.steps import GroupContents
from .plan import Change
from .references import referred

_KEPT = "kept, since Azure would delete it too"


@dataclass(frozen=True)
class Entanglement:
    """By address of a change.

    deleted_with: of an object that Azure deletes together with another, the address of that one's change.
    detaches: of an object that is kept, the ARM IDs of what it has to let go of before it refers to it again.
    keeps: of an object that is deleted, the ARM IDs of what Azure would delete with it, and the plan does not.
    contents: of a resource group that is deleted, what may be in it.
    """

    deleted_with: Mapping[str, str] = field(default_factory=dict)
    detaches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    contents: Mapping[str, GroupContents] = field(default_factory=dict)


def entangled(
    changes: Mapping[str, Change], dependents: Mapping[str, set[str]], contents: Mapping[str, GroupContents]
) -> Entanglement:
    """How changes hang together.

    Args:
        dependents: for each address those that need it according to the spec.
        contents: what may be in each resource group that is deleted.
    """
    deleted_with = dict(_deleted_with(changes, contents))
    detaches: dict[str, tuple[str, ...]] = {}
    for address, target in changes.items():
        for user in sorted(dependents.get(address, ())):
            if user in changes and changes[user].action == "update" and has_to_let_go(changes[user], target):
                detaches[user] = (*detaches.get(user, ()), target.id)
    return Entanglement(deleted_with, detaches, dict(_kept(changes, deleted_with)), contents)


def _kept(changes: Mapping[str, Change], deleted_with: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Addresses of what is deleted, with what it would take along: a data disk with ``deleteOption: Delete``."""
    gone = {arm_id.key(change.id) for change in changes.values() if change.action in ("delete", "replace")}
    for address, change in changes.items():
        if change.action in ("delete", "replace") and change.actual is not None and address not in deleted_with:
            along = change.kind.replacement.attached_along(change.actual)
            if kept := tuple(each for each in along if arm_id.key(each) not in gone):
                yield address, kept


def with_notes(changes: Mapping[str, Change], keeps: Mapping[str, tuple[str, ...]]) -> dict[str, Change]:
    """The changes, with a note on each that says what it keeps."""
    return {
        address: replace(change, notes=(*change.notes, *(f"{_KEPT}: {each}" for each in keeps.get(address, ()))))
        if address in keeps
        else change
        for address, change in changes.items()
    }


def has_to_let_go(user: Change, target: Change) -> bool:
    """Whether an object refers to another one that is not, or will not be, what it refers to.

    An identity that was deleted, and created again under its ID, is none to a machine until it is taken off and
    assigned again. Meanwhile the machine shows null for its principal: Azure/aad-pod-identity#725.
    """
    if target.action == "replace":
        return refers_to(user, target)
    held = _held(user.actual, target.id)
    if held is None or target.action == "create":
        # Any other reference (a role's assignable scope) is a name, which is right again once the object exists.
        return held is not None
    principal = target.kind.value("principal_id", target.actual)
    return principal is not None and str(held.get("principalId", principal)).lower() != str(principal).lower()


def _held(body: Body | None, resource_id: str) -> Body | None:
    """What an object holds of a user-assigned identity; None where the identity is not assigned to it."""
    identities = ((body or {}).get("identity") or {}).get("userAssignedIdentities") or {}
    return next((value or {} for key, value in identities.items() if arm_id.same(key, resource_id)), None)


def refers_to(user: Change, target: Change) -> bool:
    """Whether the object of one change refers to that of another, or to something in it."""
    return any(detaching.is_at(text, target.id) for text in referred(user))


def lies_in(inner: Change, outer: Change) -> bool:
    """Whether the object of one change is, by its ARM ID, inside that of another."""
    return arm_id.key(inner.id).startswith(f"{arm_id.key(outer.id)}/")


def _deleted_with(changes: Mapping[str, Change], contents: Mapping[str, GroupContents]) -> Iterator[tuple[str, str]]:
    """Pairs of addresses: what is deleted, and by the delete of what."""
    gone = {arm_id.key(change.id): change for change in changes.values() if change.action in ("delete", "replace")}
    whole_groups = {changes[address].id for address, found in contents.items() if not found.is_emptied}
    for change in gone.values():
        for above in list(arm_id.upwards(change.id))[1:]:
            outer = gone.get(above)
            if outer is not None and _goes_with(change, outer, is_whole_group=outer.id in whole_groups):
                yield change.address, outer.address
                break


def _goes_with(change: Change, outer: Change, is_whole_group: bool) -> bool:
    if is_whole_group:
        # Grants and locks are deleted before: they can stand in the way of the group's own delete.
        return change.kind.scope != "any"
    if change.action == "replace":
        return outer.action == "replace"
    return change.kind.nested and arm_id.key(change.id).rsplit("/", 2)[0] == arm_id.key(outer.id)

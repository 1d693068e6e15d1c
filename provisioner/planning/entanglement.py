"""How the changes of a plan hang together: what is deleted with what, and what is detached from what.

In: decided changes. Out: ``Entanglement``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..comparison import detaching
from ..resources.steps import GroupContents
from .plan import Change
from .references import referred


@dataclass(frozen=True)
class Entanglement:
    """By address of a change.

    deleted_with: of an object that Azure deletes together with another, the address of that one's change.
    detaches: of an object that is kept, the ARM IDs of objects that it refers to and that are replaced.
    contents: of a resource group that is deleted, what may be in it.
    """

    deleted_with: Mapping[str, str] = field(default_factory=dict)
    detaches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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
        for user in sorted(dependents.get(address, ())) if target.action == "replace" else ():
            if user in changes and changes[user].action == "update" and refers_to(changes[user], target):
                detaches[user] = (*detaches.get(user, ()), target.id)
    return Entanglement(deleted_with, detaches, contents)


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

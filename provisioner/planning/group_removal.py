"""Deletes of resource groups: last, and only of those that contain nothing of other owners.

In: what a deployment deletes, and what is in its groups. Out: changes that delete or keep a group. Pure.

Deleting a group deletes everything in it, and Azure accepts no condition for that request (docs/decisions/0009). So
``execution.group_check`` looks again right before it, at what ``GroupContents`` lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from ..base import arm_id
from ..comparison.group_contents import foreign, is_group, named, with_companions
from ..resources import kinds
from ..resources.actual_state import ActualState, OwnedObject
from ..resources.graph import Wait
from ..resources.kinds import management_lock, resource_group, role_assignment, role_definition
from .plan import Change, GroupContents
from .reasons import Reason, ReasonCode

_OF_ACCESS = (role_assignment.KIND, role_definition.KIND, management_lock.KIND)
_IN_ONE_REQUEST = (
    "deleted in one request (--delete-group): resources of others that Azure does not list yet are deleted too"
)


def keep_shared(gone: dict[str, OwnedObject], actual: ActualState, addresses: Mapping[str, str]) -> list[Change]:
    """Take the groups with resources of others out of ``gone``; a change that does nothing says why for each."""
    kept = []
    for key in [key for key, item in gone.items() if is_group(item)]:
        item = gone[key]
        owned = with_companions(gone) - {key}
        if others := foreign(actual.group_members.get(key, ()), owned):
            del gone[key]
            address = addresses.get(key) or f"{resource_group.KIND.name}/{arm_id.parse(item.id).name}"
            notes = tuple(f"not owned: {each}" for each in named(others))
            why = (Reason(ReasonCode.GROUP_IS_SHARED),)
            kept.append(
                Change(address, resource_group.KIND, item.id, "no-op", why, actual=item.body, path=(), notes=notes)
            )
    return kept


def checked(
    changes: Iterable[Change], gone: Mapping[str, OwnedObject], actual: ActualState, one_request: bool
) -> list[Change]:
    """The same deletes; those of groups know what may be in the group by then."""
    found = list(changes)
    groups = {arm_id.key(item.id): item.address for item in found if item.kind is resource_group.KIND}
    contents = {key: _contents(key, gone, actual, one_request) for key in groups}
    first = {item.address for item in found if item.kind in _OF_ACCESS}
    if one_request:
        found = [_with_group(item, groups, first) for item in found]
    return [
        replace(item, contents=contents[key]) if (key := arm_id.key(item.id)) in contents else item for item in found
    ]


def _contents(group: str, gone: Mapping[str, OwnedObject], actual: ActualState, one_request: bool) -> GroupContents:
    inside = {key: item for key, item in gone.items() if key.startswith(f"{group}/")}
    owned = with_companions(inside)
    listed = {arm_id.key(item.id) for item in actual.group_members.get(group, ()) if item.is_listed}
    types = {item.type.lower() for item in inside.values()}
    asked = [kind for kind in kinds.all_kinds() if kind.type.lower() in types and kind.taggable and not kind.nested]
    return GroupContents(
        owned=frozenset(owned),
        witnesses=frozenset(owned & listed),
        kinds=tuple(asked),
        is_emptied=not one_request,
    )


def _with_group(change: Change, groups: Mapping[str, str], first: Set[str]) -> Change:
    """What lies in a group that is deleted in one request needs none; only grants, roles and locks go before it."""
    key = arm_id.key(change.id)
    if key in groups:
        needs: dict[str, Wait] = {other: wait for other, wait in change.needs.items() if other in first}
        return replace(change, needs=needs, notes=(*change.notes, _IN_ONE_REQUEST))
    group = next((address for group, address in groups.items() if key.startswith(f"{group}/")), "")
    if not group or change.kind in (role_assignment.KIND, management_lock.KIND):
        return change
    return replace(change, deleted_with=group, needs={group: "done"}, reasons=(Reason(ReasonCode.DELETED_WITH_GROUP),))

"""Deletes of resource groups: last, and only of those that contain nothing of other owners.

In: what a deployment deletes, and what is in its groups. Out: changes that delete or keep a group. Pure.

Deleting a group deletes everything in it, and Azure accepts no condition for that request (docs/decisions/0009). So
``execution.group_check`` looks again right before it, at what ``GroupContents`` lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..base import arm_id
from ..comparison.group_contents import foreign, is_group, named, with_companions
from ..resources import kinds
from ..resources.actual_state import ActualState, OwnedObject
from ..resources.steps import GroupContents
from .plan import Change
from .reasons import Reason, ReasonCode

_IN_ONE_REQUEST = (
    "deleted in one request (--delete-group), together with resources of others that Azure does not list yet"
)


def keep_shared(gone: dict[str, OwnedObject], actual: ActualState, addresses: Mapping[str, str]) -> list[Change]:
    """Take the groups with resources of others out of ``gone``; a change that does nothing says why for each."""
    kept = []
    for key in [key for key, item in gone.items() if is_group(item)]:
        item = gone[key]
        owned = with_companions(gone) - {key}
        if others := foreign(actual.group_members.get(key, ()), owned):
            del gone[key]
            address = addresses.get(key) or f"{kinds.container().name}/{arm_id.parse(item.id).name}"
            notes = tuple(f"not owned: {each}" for each in named(others))
            why = (Reason(ReasonCode.GROUP_IS_SHARED),)
            kept.append(
                Change(address, kinds.container(), item.id, "no-op", why, actual=item.body, path=(), notes=notes)
            )
    return kept


def contents(
    deletes: Iterable[Change], gone: Mapping[str, OwnedObject], actual: ActualState, one_request: bool
) -> dict[str, GroupContents]:
    """What may be in each group that is deleted, by the address of that change.

    Args:
        one_request: groups are deleted with everything in them, and are not emptied first.
    """
    return {
        change.address: _contents(arm_id.key(change.id), gone, actual, one_request)
        for change in deletes
        if change.kind.is_container
    }


def with_reasons(deletes: Iterable[Change], groups: Mapping[str, GroupContents]) -> list[Change]:
    """The deletes where groups go in one request: those in a group say so, and so does the group."""
    found = list(deletes)
    prefixes = tuple(f"{arm_id.key(change.id)}/" for change in found if change.address in groups)
    result = []
    for change in found:
        if change.address in groups:
            result.append(replace(change, notes=(*change.notes, _IN_ONE_REQUEST)))
        elif change.kind.scope != "any" and arm_id.key(change.id).startswith(prefixes):
            result.append(replace(change, reasons=(Reason(ReasonCode.DELETED_WITH_GROUP),)))
        else:
            result.append(change)
    return result


def _contents(group: str, gone: Mapping[str, OwnedObject], actual: ActualState, one_request: bool) -> GroupContents:
    inside = {key: item for key, item in gone.items() if key.startswith(f"{group}/")}
    owned = with_companions(inside)
    listed = {arm_id.key(item.id) for item in actual.group_members.get(group, ()) if item.is_listed}
    types = {item.type.lower() for item in inside.values()}
    asked = [
        kind for kind in kinds.all_kinds() if kind.type.lower() in types and kind.ownership.taggable and not kind.nested
    ]
    return GroupContents(
        owned=frozenset(owned),
        witnesses=frozenset(owned & listed),
        kinds=tuple(asked),
        is_emptied=not one_request,
    )

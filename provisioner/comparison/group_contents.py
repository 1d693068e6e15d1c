"""What is in a resource group, and what of it belongs to a deployment.

In: Azure Resource Manager's list of the group, which lags, and the objects that were read from the providers, whose
lists do not. Out: ``GroupMember`` values, sorted. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from ..base import arm_id
from ..base.values import Body
from ..resources import kinds
from ..resources.actual_state import GroupMember, OwnedObject
from . import ownership_tags

_MOST_NAMED = 10


def group_members(
    group: str, listed: Iterable[Body], bodies: Mapping[str, Body], were_read: set[str], deployment: str
) -> tuple[GroupMember, ...]:
    """Everything in a group, but for the deployment's own lock.

    Args:
        group: the ARM ID of the group.
        listed: Resource Manager's list of the group.
        bodies: everything that was read, by ID key, of this group and others.
        were_read: the names of the kinds of which all in the group were read.
    """
    found = {arm_id.key(body["id"]): body for body in listed if not ownership_tags.is_lock(body, deployment)}
    read = {
        key: body
        for key, body in bodies.items()
        if key.startswith(f"{arm_id.key(group)}/")
        and (kind := kinds.of(body)) is not None
        and kind.ownership.taggable
        and not ownership_tags.is_lock(body, deployment)
    }
    # Resource Manager's list shows for minutes what was deleted; the list of its provider does not.
    gone = {
        key
        for key, body in found.items()
        if key not in read and (kind := kinds.of(body)) is not None and kind.name in were_read
    }
    return tuple(
        GroupMember(str(body["id"]), key in found, key in read)
        for key, body in {**found, **read}.items()
        if key not in gone
    )


def foreign(contents: Iterable[GroupMember], owned: Set[str]) -> list[GroupMember]:
    """What neither is nor lies in anything in ``owned`` (ID keys)."""
    found = [item for item in contents if not any(step in owned for step in arm_id.upwards(item.id))]
    return sorted(found, key=lambda item: item.id)


def with_companions(owned: Mapping[str, OwnedObject]) -> Set[str]:
    """The ID keys of what is owned, and of what Azure deletes together with it (a machine's OS disk)."""
    by_type = kinds.by_type()
    known = [(by_type.get(item.type.lower()), item.body) for item in owned.values()]
    # What the deployment does not own, but Azure deletes with what it owns, does not keep a group.
    along = {
        arm_id.key(each) for kind, body in known if kind is not None for each in kind.replacement.deletes_along(body)
    }
    return owned.keys() | along


def named(contents: Iterable[GroupMember]) -> list[str]:
    """IDs for people: the first ones, and how many more."""
    found = [item.id for item in contents]
    more = len(found) - _MOST_NAMED
    return found[:_MOST_NAMED] + ([f"and {more} more"] if more > 0 else [])


def is_group(item: OwnedObject) -> bool:
    return arm_id.is_resource_group(item.id)

"""What lives in a resource group, whoever owns it.

In: ARM's list of the group, which is behind, and what was read of it from the providers, which is not. Out: IDs, each
with the ID of its manager. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from . import arm_id, kinds, marks
from .leaves import Body


def inhabitants(
    group: str, listed: Iterable[Body], bodies: Mapping[str, Body], were_read: set[str], deployment: str
) -> tuple[tuple[str, str], ...]:
    """The (ID, ID of the manager or nothing) of each, but for the deployment's own lock.

    Args:
        group: the ARM ID of the group.
        bodies: everything that was read, by ID key, of this group and others.
        were_read: the names of the kinds of which all in the group were read.
    """
    found = {arm_id.key(body["id"]): body for body in listed if not marks.is_lock(body, deployment)}
    there = {
        key: body
        for key, body in bodies.items()
        if key.startswith(f"{arm_id.key(group)}/") and (kind := kinds.of(body)) is not None and kind.taggable
    }
    gone = {
        key
        for key, body in found.items()
        if key not in there and (kind := kinds.of(body)) is not None and kind.name in were_read
    }
    everyone = {**found, **there}
    return tuple(
        (str(body["id"]), str(body.get("managedBy") or "")) for key, body in everyone.items() if key not in gone
    )

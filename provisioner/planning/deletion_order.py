"""The order of deletes: users before what they use, parts before what they are in.

In: a plan's changes and steps. Out: edges. Pure. Azure refuses to delete what is in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base import arm_id
from ..resources.steps import Delete, DeletedWith, Step, Strength
from . import parts
from .edges import Planned
from .grants import principal
from .plan import Change
from .step_graph import Edge

_LEAST_SLASHES = 4
"""Of a resource group's ID: nothing above it is deleted."""


def used(planned: Planned) -> Iterator[Edge]:
    """A delete waits for every change of what refers to its object, lies in it, or is granted to its principal."""
    deletes = _deletes(planned)
    if not deletes:
        return
    by_id = {arm_id.key(change.id): address for address, (change, _) in deletes.items()}
    by_principal = {
        str(found).lower(): address
        for address, (change, _) in deletes.items()
        if (found := principal(change)) is not None
    }
    for address, user in planned.changes.items():
        if planned.step(address, DeletedWith) is not None:
            continue
        for target in _targets(user, planned.references(address), by_id, by_principal) - {address}:
            # Two networks that are peered refer to each other, and Azure deletes either one first.
            strength: Strength = "preferred" if address in deletes else "required"
            for end in planned.ends(address):
                yield Edge(deletes[target][1].id, end, strength=strength, why=f"{address} uses it")


def _deletes(planned: Planned) -> dict[str, tuple[Change, Step]]:
    return {
        address: (change, delete)
        for address, change in planned.changes.items()
        if change.action == "delete" and (delete := planned.step(address, Delete)) is not None
    }


def _targets(
    user: Change, references: list[str], by_id: Mapping[str, str], by_principal: Mapping[str, str]
) -> set[str]:
    """The addresses of deletes whose objects this one needs."""
    own = arm_id.key(user.id)
    keys = {key for text in (*references, own) for key in arm_id.upwards(text) if key.count("/") >= _LEAST_SLASHES}
    found = {by_id[key] for key in (keys & by_id.keys()) - {own}}
    holder = user.kind.rights.principal_granted(user.actual) if user.actual else ""
    return found | ({by_principal[holder]} if holder in by_principal else set())


def emptied(planned: Planned) -> Iterator[Edge]:
    """An update that drops a part (a subnet) waits until what lies there has been deleted.

    What can itself only be deleted after that update is not waited for: Azure then says what is still in use.
    """
    dropped = {
        arm_id.key(f"{change.id}/{path.rpartition('.')[2]}/{name}"): update
        for address, change in planned.changes.items()
        if change.action == "update" and (update := planned.write(address)) is not None
        for path, name in parts.dropped(change)
    }
    for address, (_, delete) in _deletes(planned).items() if dropped else ():
        keys = {key for text in planned.references(address) for key in arm_id.upwards(text)}
        for key in keys & dropped.keys():
            yield Edge(dropped[key].id, delete.id, strength="preferred", why=f"{address} is in a part that it drops")


def listed_in_parent(planned: Planned) -> Iterator[Edge]:
    """Objects without tags, which a tag of their parent lists, are deleted one by one, and before that list changes.

    A list that is short of an object which still exists would make it an object without an owner.
    """
    last: dict[str, str] = {}
    for change, delete in _deletes(planned).values():
        if change.kind.ownership.in_parent_tag:
            holder = arm_id.key(change.id).rsplit("/", 2)[0]
            if holder in last:
                yield Edge(delete.id, last[holder], why="such objects of one parent are deleted one by one")
            last[holder] = delete.id
    for address, change in planned.changes.items() if last else ():
        write = planned.write(address)
        before = last.get(arm_id.key(change.id))
        if before and write is not None and change.action in ("update", "replace"):
            first = next(step for step in planned.steps[address] if step.sends)
            yield Edge(first.id, before, why="its tag lists what is deleted before")

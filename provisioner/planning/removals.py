"""What goes: deletes of what left the spec, and the plan of ``destroy``.

In: what a deployment owns in Azure. Out: delete changes, each behind everything that still refers to its object, grants
before their principals. Pure. Nothing that another owns is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..base import arm_id
from ..base.values import Body, value_at
from ..comparison import merging
from ..resources import kinds
from ..resources.actual_state import ActualState, OwnedObject
from ..resources.graph import Wait
from ..resources.kinds import existing, role_assignment
from ..resources.resource import Kind, Resource
from . import grants, group_removal, impact, management_locks
from .plan import Change, Plan
from .reasons import Reason, ReasonCode


def owned_grants(actual: ActualState, deployment: str) -> dict[str, OwnedObject]:
    """Role assignments that a deployment made, by ID key."""
    return {
        arm_id.key(body["id"]): OwnedObject(body["id"], role_assignment.KIND.type, body)
        for body in actual.assignments
        if role_assignment.owner(body["properties"].get("description")) == deployment
    }


def destroy(
    actual: ActualState,
    deployment: str,
    cloud: str,
    resources: Iterable[Resource] = (),
    delete_group: bool = False,
) -> Plan:
    """Everything that a deployment owns, backwards. A resource group goes last, if it holds nothing else.

    ``resources`` are the spec's: what is among them goes by its address there, within the limits that it sets.
    ``delete_group``: a group goes in one request, with everything in it.
    """
    gone = {**actual.owned, **owned_grants(actual, deployment)}
    entries = {arm_id.key(item.id): item for item in resources if item.id}
    addresses = {key: item.address for key, item in entries.items()}
    kept = group_removal.keep_shared(gone, actual, addresses)
    changes = deletions(gone, {}, Reason(ReasonCode.DESTROYED), addresses)
    limited = [
        replace(change, timeouts=entries[key].timeouts) if (key := arm_id.key(change.id)) in entries else change
        for change in changes
    ]
    checked = {item.address: item for item in group_removal.checked(limited, gone, actual, delete_group)}
    ordered = management_locks.in_order(checked).values()
    return Plan(deployment, cloud, (*map(impact.graded, grants.told(ordered, {}, actual.role_names)), *kept))


def deletions(
    gone: Mapping[str, OwnedObject],
    others: Mapping[str, Change],
    reason: Reason,
    addresses: Mapping[str, str] | None = None,
) -> list[Change]:
    """A delete for each of ``gone``; ``others`` are the plan's other changes, which may still refer to them.

    ``addresses`` are those of the spec, by ID key; what has none goes by its kind and name.
    """
    changes: dict[str, Change] = {}
    for key, item in gone.items():
        change = _delete(item, reason, (addresses or {}).get(key, ""))
        if change.address in changes or change.address in others:
            change = replace(change, address=item.id)
        changes[change.address] = change
    by_id = {arm_id.key(change.id): change.address for change in changes.values()}
    for change in changes.values():
        parent = by_id.get(arm_id.key(change.id).rsplit("/", 2)[0]) if change.kind.nested else None
        if parent is not None:
            changes[change.address] = replace(change, deleted_with=parent, needs={parent: "done"})
    by_principal = {
        str(principal).lower(): change.address
        for change in changes.values()
        if (principal := grants.principal(change)) is not None
    }
    needs: dict[str, dict[str, Wait]] = {address: {} for address in changes}
    for user in (*changes.values(), *others.values()):
        if user.deleted_with:
            continue
        for target in _references(user, by_id, by_principal):
            if target != user.address:
                needs[target][user.address] = "done"
    return [
        change if change.deleted_with else replace(change, needs=needs[change.address]) for change in changes.values()
    ]


def emptied_first(changes: Mapping[str, Change]) -> dict[str, Change]:
    """The same changes: an update that drops a part (a subnet) waits until what lies there has been deleted.

    What can itself only be deleted after that update is not waited for: Azure then says what is still in use.
    """
    found = dict(changes)
    dropped = {part: change.address for change in changes.values() for part in _dropped_parts(change)}
    for change in changes.values() if dropped else ():
        if change.action != "delete" or change.deleted_with:
            continue
        steps = {step for text in referred(change) for step in arm_id.upwards(text)}
        for address in {dropped[step] for step in steps & dropped.keys()}:
            if not _hangs_on(found, change.address, address):
                found[address] = replace(found[address], needs={**found[address].needs, change.address: "done"})
    return found


def _dropped_parts(change: Change) -> list[str]:
    """The ID keys of the parts that an update leaves out."""
    if change.action != "update" or change.actual is None or change.body is None:
        return []
    return [
        arm_id.key(f"{change.id}/{path.rpartition('.')[2]}/{name}")
        for path, name in parts_left_out(change.kind, change.actual, change.body)
    ]


def parts_left_out(kind: Kind, actual: Body, body: Body) -> list[tuple[str, str]]:
    """The parts that a body leaves out of an object: (path of their list, name)."""
    kept = {(path, name.lower()) for path in kind.parts for name in _names(body, path)}
    gone = [(path, name) for path in kind.parts for name in _names(actual, path)]
    return [(path, name) for path, name in gone if (path, name.lower()) not in kept]


def _names(body: Body, path: str) -> list[str]:
    return [str(item["name"]) for item in value_at(body, tuple(path.split("."))) or []]


def _hangs_on(changes: Mapping[str, Change], address: str, other: str) -> bool:
    """Whether a change waits for another, directly or not."""
    seen: set[str] = set()
    todo = [address]
    while todo:
        current = todo.pop()
        if current == other:
            return True
        if current in changes and current not in seen:
            seen.add(current)
            todo.extend(changes[current].needs)
    return False


def _delete(item: OwnedObject, reason: Reason, address: str) -> Change:
    kind = kinds.by_type().get(item.type.lower(), existing.KIND)
    name = "/".join(arm_id.parse(item.id).names)
    label = item.type.rpartition("/")[2] if kind is existing.KIND else kind.name
    return Change(address or f"{label}/{name}", kind, item.id, "delete", (reason,), actual=item.body)


def _references(change: Change, by_id: Mapping[str, str], by_principal: Mapping[str, str]) -> set[str]:
    """The addresses of deletes whose objects this one needs: refers to, lies in, or is granted to."""
    found: set[str] = set()
    own = arm_id.key(change.id)
    for text in (*referred(change), own):
        candidate = arm_id.key(text)
        while candidate.count("/") >= 4:
            if candidate in by_id and candidate != own:
                found.add(by_id[candidate])
            candidate = candidate.rpartition("/")[0]
    if change.kind is role_assignment.KIND and change.actual:
        principal = str(change.actual["properties"].get("principalId", "")).lower()
        if principal in by_principal:
            found.add(by_principal[principal])
    return found


def referred(change: Change) -> list[str]:
    """The ARM IDs in an actual body, but for what the service wrote into it (back-references)."""
    if not change.actual:
        return []
    return list(_ids(merging.merged_body({}, change.actual, change.kind.rules, lambda resource_id: False)))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if arm_id.looks_like_id(value):
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _ids(key)
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)

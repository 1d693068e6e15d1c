"""What goes: deletes of what left the spec, and the plan of ``destroy``.

In: what a deployment owns in Azure. Out: delete changes. Pure. Nothing that another owns is ever deleted. Their order:
``deletion_order``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..base import arm_id
from ..comparison.rendering import OwnedIds
from ..resources import kinds
from ..resources.actual_state import ActualState, OwnedObject
from ..resources.resource import Resource
from . import grants, group_removal, impact
from .compile import compiled
from .entanglement import entangled, with_notes
from .plan import Change, Plan, by_address
from .reasons import Reason, ReasonCode


def owned_grants(actual: ActualState, deployment: str) -> dict[str, OwnedObject]:
    """Role assignments that a deployment made, by ID key."""
    return {
        arm_id.key(body["id"]): OwnedObject(body["id"], kind.type, body)
        for body in actual.assignments
        if (kind := kinds.of_id(body["id"])) is not None and kind.rights.granted_by(body) == deployment
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
    deletes = [
        replace(change, timeouts=entries[key].timeouts) if (key := arm_id.key(change.id)) in entries else change
        for change in deletions(gone, {}, Reason(ReasonCode.DESTROYED), addresses)
    ]
    contents = group_removal.contents(deletes, gone, actual, delete_group)
    if delete_group:
        deletes = group_removal.with_reasons(deletes, contents)
    changes = by_address((*map(impact.graded, grants.described(deletes, {}, actual.role_names)), *kept))
    together = entangled(changes, {}, contents)
    changes = with_notes(changes, together.keeps)
    steps = compiled(changes, {}, together, OwnedIds(actual.owned.keys())).steps
    return Plan(deployment, cloud, tuple(changes.values()), steps=steps)


def deletions(
    gone: Mapping[str, OwnedObject],
    others: Mapping[str, Change],
    reason: Reason,
    addresses: Mapping[str, str] | None = None,
) -> list[Change]:
    """A delete for each of ``gone``; ``others`` are the plan's other changes.

    ``addresses`` are those of the spec, by ID key; what has none goes by its kind and name.
    """
    changes: dict[str, Change] = {}
    for key, item in gone.items():
        change = _delete(item, reason, (addresses or {}).get(key, ""))
        if change.address in changes or change.address in others:
            change = replace(change, address=item.id)
        changes[change.address] = change
    return list(changes.values())


def _delete(item: OwnedObject, reason: Reason, address: str) -> Change:
    kind = kinds.by_type().get(item.type.lower(), kinds.external())
    name = "/".join(arm_id.parse(item.id).names)
    label = item.type.rpartition("/")[2] if kind.is_external else kind.name
    return Change(address or f"{label}/{name}", kind, item.id, "delete", (reason,), actual=item.body)

"""What follows from objects that are replaced or created again: what is replaced too, and what is attached again.

In: the changes of a plan in the making. Out: the same changes, with what a replace means for them. Pure.

Azure refuses to delete what is in use. So whoever refers to an object that is replaced either lets go of it first by a
write of its own (a public address taken off an interface) or, where that cannot be done, is replaced too (a machine
whose interface goes; ``Kind.replace_triggered_by``). What lies inside goes with it.
"""

from __future__ import annotations

from dataclasses import replace

from ..comparison.differences import Difference
from .context import PlanContext
from .entanglement import has_to_let_go, lies_in
from .plan import Change
from .reasons import Reason, ReasonCode

_OBJECT = "(the object itself)"


def propagate(context: PlanContext) -> None:
    """Complete ``context.changes`` in place, following the graph from what is replaced to what hangs on it."""
    dependents = context.graph.dependents()
    for address in context.graph.order():
        change = context.changes.get(address)
        if change is None:
            continue
        for other in sorted(dependents[address]):
            user = context.changes.get(other)
            if user is not None and user.actual is not None and user.managed and user.action != "replace":
                context.changes[other] = _follow(context, change, user)


def _follow(context: PlanContext, target: Change, user: Change) -> Change:
    """What a change of ``target`` means for ``user``, which exists and depends on it."""
    is_replaced = target.action == "replace"
    if is_replaced and lies_in(user, target):
        return _replaced(context, user, target.address)
    if not has_to_let_go(user, target):
        return user
    if is_replaced and target.kind.name in user.kind.replacement.triggered_by:
        return _replaced(context, user, target.address)
    return _attached_again(context, user, target)


def _replaced(context: PlanContext, user: Change, caused_by: str) -> Change:
    resource = context.graph.resources[user.address]
    desired = context.marked(resource, context.bound(resource.body))
    why = Reason(ReasonCode.DEPENDENCY_REPLACED, caused_by)
    found = (*user.differences, Difference(_OBJECT, user.id, "replaced", immutable=True))
    return replace(user, action="replace", reasons=(why,), desired=desired, differences=found)


def _attached_again(context: PlanContext, user: Change, target: Change) -> Change:
    """An update in two writes: without the reference, and, once the other object exists again, with it."""
    resource = context.graph.resources[user.address]
    desired = user.desired if user.desired is not None else context.bound(resource.body)
    code = ReasonCode.DEPENDENCY_REPLACED if target.action == "replace" else ReasonCode.DEPENDENCY_RECREATED
    return replace(
        user,
        action="update",
        reasons=user.reasons or (Reason(code, target.address),),
        differences=(*user.differences, Difference(f"reference to {target.address}", target.id, "replaced")),
        desired=context.marked(resource, desired),
    )

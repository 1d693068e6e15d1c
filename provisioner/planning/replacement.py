"""What a replace drags along: who must let go of the old object first, who falls with it, who is attached again.

In: the changes of a plan in the making. Out: the same changes, completed. Pure.

Azure refuses to delete what is in use. So whoever refers to an object that is made anew either lets go of it first by a
write of its own (a public address taken off an interface) or, where that cannot be done, is made anew too (a machine
whose interface goes; ``Kind.replace_triggered_by``). What lies inside goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..base import arm_id
from ..comparison import detaching, merging, ownership_tags
from ..comparison.context import OurParts
from ..comparison.differences import Difference
from ..resources.resource import Resource
from . import bodies
from .context import PlanContext
from .plan import Change
from .reasons import Reason, ReasonCode
from .removals import referred

_OBJECT = "(the object itself)"


def complete(context: PlanContext) -> None:
    """Complete ``context.changes`` in place, following the graph from what is replaced to what hangs on it."""
    dependents = context.graph.dependents()
    for address in context.graph.order():
        change = context.changes.get(address)
        if change is None or change.action != "replace":
            continue
        for other in sorted(dependents[address]):
            if other in context.changes:
                _follow(context, address, other)
    late = _late_needs(context)
    for address, needs in late.items():
        context.changes[address] = replace(context.changes[address], reattach_after=needs)


def _follow(context: PlanContext, address: str, other: str) -> None:
    """What the replace of ``address`` means for ``other``, which depends on it."""
    target, user = context.changes[address], context.changes[other]
    if user.actual is None or not user.managed:
        return
    if arm_id.key(user.id).startswith(f"{arm_id.key(target.id)}/"):
        context.changes[other] = replace(_anew(context, user, address), deleted_with=address)
        return
    if not any(detaching.is_at(text, target.id) for text in referred(user)):
        return
    if user.action != "replace" and target.kind.name in user.kind.replace_triggered_by:
        user = _anew(context, user, address)
    elif user.action != "replace":
        user = _let_go(context, user, target)
    context.changes[other] = user
    context.changes[address] = replace(target, delete_after=(*target.delete_after, other))


def _anew(context: PlanContext, user: Change, caused_by: str) -> Change:
    if user.action == "replace":
        return user
    resource: Resource = context.graph.resources[user.address]
    body = bodies.new(resource, context.bound(resource.body), context)
    why = Reason(ReasonCode.DEPENDENCY_REPLACED, caused_by)
    found = (*user.differences, Difference(_OBJECT, user.id, "made anew", immutable=True))
    return replace(user, action="replace", reasons=(why,), body=body, differences=found, detach_body=None)


def _let_go(context: PlanContext, user: Change, target: Change) -> Change:
    """An update in two writes: without the reference, and, once the other is there again, with it."""
    resource: Resource = context.graph.resources[user.address]
    rules = user.kind.rules
    actual = user.actual or {}
    targets = (*user.detaches, target.id)
    without = detaching.detached(actual, targets, rules, context.is_ours)
    desired = context.marked(resource, user.desired or context.bound(resource.body))
    body, companion_patch = user.body, user.companion_patch
    links = OurParts(is_existing=context.is_existing)
    if user.kind.operations.patch:
        groups = detaching.changed_groups(without, merging.merged_body({}, actual, rules, context.is_ours))
        found = [*(item.path for item in user.differences), *groups, "tags"]
        body = merging.patch_body(desired, actual, rules, context.is_ours, found, links)
        without = detaching.only(without, groups)
        (body, companion_patch), (without, _) = (
            user.kind.companion_patch(body, actual),
            user.kind.companion_patch(without, actual),
        )
    elif user.action != "update":
        body = merging.merged_body(desired, actual, rules, context.is_ours, links)
    body = ownership_tags.drop_outdated_tags(body or {}, desired)
    return replace(
        user,
        action="update",
        reasons=user.reasons or (Reason(ReasonCode.DEPENDENCY_REPLACED, target.address),),
        differences=(*user.differences, Difference(f"reference to {target.address}", target.id, "made anew")),
        body=body,
        companion_patch=companion_patch,
        detach_body=without,
        detaches=targets,
    )


def _late_needs(context: PlanContext) -> dict[str, frozenset[str]]:
    """For each change that lets go of something: those of its needs that cannot come about before it has."""
    changes = context.changes
    letting_go = {other for change in changes.values() for other in change.delete_after}
    result = {}
    for address in letting_go:
        late = frozenset(need for need in changes[address].needs if _waits_for(changes, need, address))
        if late:
            result[address] = late
    return result


def _waits_for(changes: Mapping[str, Change], address: str, target: str) -> bool:
    """Whether a change cannot end before ``target`` has let go."""
    seen: set[str] = set()
    todo = [address]
    while todo:
        current = todo.pop()
        change = changes.get(current)
        if change is None or current in seen:
            continue
        seen.add(current)
        if target in change.delete_after:
            return True
        todo.extend(change.needs)
    return False

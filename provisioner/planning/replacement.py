"""What a replace drags along: who must let go of the old object first, who falls with it, who is attached again.

In: the changes of a plan in the making. Out: the same changes, completed. Pure.

Azure refuses to delete what is in use. So whoever refers to an object that is made anew either lets go of it first by a
write of its own (a public address taken off an interface) or, where that cannot be done, is made anew too (a machine
whose interface goes; ``Kind.follows``). What lies inside goes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..base import arm_id
from ..comparison import detaching, merging
from ..comparison.context import OurParts
from ..comparison.differences import Difference
from ..resources.resource import Resource
from . import bodies
from .context import Known
from .plan import Change
from .reasons import Reason, ReasonCode
from .removals import referred

_OBJECT = "(the object itself)"


def complete(known: Known) -> None:
    """Complete ``known.changes`` in place, following the graph from what is replaced to what hangs on it."""
    dependents = known.graph.dependents()
    for address in known.graph.order():
        change = known.changes.get(address)
        if change is None or change.action != "replace":
            continue
        for other in sorted(dependents[address]):
            if other in known.changes:
                _follow(known, address, other)
    late = _late_needs(known)
    for address, needs in late.items():
        known.changes[address] = replace(known.changes[address], needs_late=needs)


def _follow(known: Known, address: str, other: str) -> None:
    """What the replace of ``address`` means for ``other``, which depends on it."""
    target, user = known.changes[address], known.changes[other]
    if user.actual is None or not user.managed:
        return
    if arm_id.key(user.id).startswith(f"{arm_id.key(target.id)}/"):
        known.changes[other] = replace(_anew(known, user, address), within=address)
        return
    if not any(detaching.is_at(text, target.id) for text in referred(user)):
        return
    if user.action != "replace" and target.kind.name in user.kind.follows:
        user = _anew(known, user, address)
    elif user.action != "replace":
        user = _let_go(known, user, target)
    known.changes[other] = user
    known.changes[address] = replace(target, gone_after=(*target.gone_after, other))


def _anew(known: Known, user: Change, because: str) -> Change:
    if user.action == "replace":
        return user
    resource: Resource = known.graph.resources[user.address]
    body = bodies.new(resource, known.bound(resource.body), known)
    why = Reason(ReasonCode.DEPENDENCY_REPLACED, because)
    found = (*user.differences, Difference(_OBJECT, user.id, "made anew", immutable=True))
    return replace(user, action="replace", reasons=(why,), body=body, differences=found, release=None)


def _let_go(known: Known, user: Change, target: Change) -> Change:
    """An update in two writes: without the reference, and, once the other is there again, with it."""
    resource: Resource = known.graph.resources[user.address]
    rules = user.kind.rules
    actual = user.actual or {}
    targets = (*user.lets_go_of, target.id)
    without = detaching.detached(actual, targets, rules, known.is_ours)
    desired = known.marked(resource, user.desired or known.bound(resource.body))
    body, aside = user.body, user.aside
    links = OurParts(is_existing=known.is_existing)
    if user.kind.operations.patch:
        groups = detaching.changed_groups(without, merging.merged_body({}, actual, rules, known.is_ours))
        found = [*(item.path for item in user.differences), *groups, "tags"]
        body = merging.patch_body(desired, actual, rules, known.is_ours, found, links)
        without = detaching.only(without, groups)
        (body, aside), (without, _) = user.kind.aside(body, actual), user.kind.aside(without, actual)
    elif user.action != "update":
        body = merging.merged_body(desired, actual, rules, known.is_ours, links)
    return replace(
        user,
        action="update",
        reasons=user.reasons or (Reason(ReasonCode.DEPENDENCY_REPLACED, target.address),),
        differences=(*user.differences, Difference(f"reference to {target.address}", target.id, "made anew")),
        body=body,
        aside=aside,
        release=without,
        lets_go_of=targets,
    )


def _late_needs(known: Known) -> dict[str, frozenset[str]]:
    """For each change that lets go of something: those of its needs that cannot come about before it has."""
    changes = known.changes
    letting_go = {other for change in changes.values() for other in change.gone_after}
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
        if target in change.gone_after:
            return True
        todo.extend(change.needs)
    return False

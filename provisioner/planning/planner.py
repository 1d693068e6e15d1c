"""Desired against actual: the plan.

In: a graph of resources, ``Actual`` and options. Out: a ``Plan``, or problems that stop it. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from ..base import arm_id
from ..base.values import Body
from ..comparison import detaching, differences, merging, ownership_tags, tag_differences
from ..resources import provisioning_state, reserved_tags
from ..resources.actual_state import ActualState
from ..resources.graph import Graph
from ..resources.resource import Mend, Resource
from . import (
    bodies,
    children_in_parent_tag,
    extension_order,
    grants,
    group_removal,
    impact,
    in_use,
    management_locks,
    power,
    removals,
    repair,
    replacement,
    takeover,
)
from .context import Known
from .decision import decide
from .normalize import listed_parts, normalized, our_parts
from .plan import Change, Options, Plan, Problem
from .reasons import Reason, ReasonCode


def plan(graph: Graph, actual: ActualState, options: Options) -> tuple[Plan, list[Problem]]:
    """What brings ``actual`` to what the graph's resources say, deletes of what left the spec included."""
    known = Known(graph, actual, options)
    known.identify()
    _decide(known)
    if options.removals:
        for change in children_in_parent_tag.in_turn(known, _removals(known)):
            known.changes[change.address] = change
        known.changes = removals.emptied_first(known.changes)
    power.complete(known)
    extension_order.complete(known)
    known.changes = management_locks.in_order(known.changes)
    known.problems += management_locks.problems(known.changes.values(), actual.locks)
    known.problems += in_use.problems(known.changes.values(), actual.owned)
    changes = [
        impact.graded(change) for change in grants.told(known.changes.values(), graph.resources, actual.role_names)
    ]
    _check_protection(known, changes)
    unseen = frozenset(change.address for change in changes if change.actual is None) & actual.unseen
    ours, existing = frozenset(known.ours), frozenset(known.existing)
    return Plan(options.deployment, options.cloud, tuple(changes), ours, existing, unseen), known.problems


def _decide(known: Known) -> None:
    """Fill ``known.changes``, until every value is bound in the knowledge of what is replaced.

    A machine can be replaced only because of what it depends on (its availability set). Its principal then changes, so
    the grants and texts that were bound to the old one are decided again, which can replace more.
    """
    identified = list(known.problems)
    while True:
        for address in known.graph.order():
            if address in known.ids:
                known.changes[address] = _change(known.graph.resources[address], known)
        own = _replaced(known)
        replacement.complete(known)
        if _replaced(known) <= own | known.replaced:
            return
        known.replaced |= _replaced(known)
        known.changes.clear()
        known.forget_problems(identified)


def _replaced(known: Known) -> set[str]:
    return {change.address for change in known.changes.values() if change.action == "replace"}


def rebased(change: Change, fresh: Body, plan: Plan) -> Change:
    """An update of a plan, planned again on what is there now: somebody else has changed the object meanwhile."""
    ours = plan.ours
    parts = listed_parts(change.kind, fresh, lambda name: arm_id.key(name) in plan.existing)
    desired = change.desired or {}
    body = merging.merged_body(desired, fresh, change.kind.rules, lambda name: arm_id.key(name) in ours, parts)
    release = change.release
    if release is not None:
        release = detaching.detached(fresh, change.lets_go_of, change.kind.rules, lambda name: arm_id.key(name) in ours)
    return replace(change, body=ownership_tags.without_stale(body, desired), release=release, actual=fresh)


def _change(resource: Resource, known: Known) -> Change:
    """What happens to one resource, once everything that it needs has been decided."""
    change = _as_it_is(resource, known)
    if not resource.managed:
        return _only_read(change, known)
    bound: Body = known.bound(resource.body)
    if resource.grantee is not None and change.actual is None:
        equal = _equal_grant(bound, change.id, known)
        if equal is not None:
            return replace(change, id=str(equal["id"]), actual=equal, reasons=(Reason(ReasonCode.GRANTED_ALREADY),))
    parent_is_new = _parent_is_new(resource, known)
    if arm_id.key(change.id) in known.actual.vouched and not parent_is_new:
        # It was not read, since a list showed in its tags that it is as the spec wants it.
        return replace(change, desired=bound)
    if change.actual is None or parent_is_new:
        return _created(resource, change, bound, known)
    if not takeover.may_write(resource, change.id, change.actual, known):
        return change
    return _compared(resource, change, bound, change.actual, known)


def _as_it_is(resource: Resource, known: Known) -> Change:
    identity = known.ids[resource.address]
    return Change(
        resource.address,
        resource.kind,
        identity,
        "no-op",
        actual=known.actual.body(identity),
        needs=known.graph.needs[resource.address],
        path=resource.path,
        managed=resource.managed,
        lifecycle=resource.lifecycle,
        timeouts=resource.timeouts,
    )


def _only_read(change: Change, known: Known) -> Change:
    if change.actual is None:
        hint = "check its name, group and subscription, and that you may read it"
        known.problem("PV3201", change.path, f"{change.address} does not exist: {change.id}", hint=hint)
    return replace(change, reasons=(Reason(ReasonCode.READ_ONLY),))


def _created(resource: Resource, change: Change, bound: Body, known: Known) -> Change:
    why: tuple[Reason, ...] = ()
    if change.actual is not None:
        why = (Reason(ReasonCode.PARENT_REPLACED),)
    elif resource.address in known.actual.unseen:
        why = (Reason(ReasonCode.MAY_EXIST),)
    body = bodies.new(resource, bound, known)
    # What is there goes with its parent, so nothing of it is compared or kept.
    return replace(change, action="create", reasons=why, body=body, desired=bound, actual=None)


def _compared(resource: Resource, change: Change, bound: Body, actual: Body, known: Known) -> Change:
    """What happens to a resource that exists: normalize, compare, decide, render."""
    kind, tags = resource.kind, actual.get("tags")
    parts = our_parts(resource, actual, known)
    desired = normalized(resource, bound, actual, parts, known)
    fingerprint = ownership_tags.fingerprint(resource.body, kind.rules)
    of_bodies = differences.differences(desired, actual, kind.rules, known.is_ours, parts)
    found = [
        *of_bodies,
        *tag_differences.of_hidden_values(desired, tags, fingerprint, kind.rules, known.will_change),
        *tag_differences.of_copied_tags(tags, change.id),
    ]
    decision = decide(found, _repair(resource, change, actual, known), actual)
    change = replace(
        change,
        action=decision.action,
        reasons=decision.reasons,
        mends=decision.mends,
        notes=_notes(resource, desired, actual),
    )
    if decision.action == "no-op":
        return replace(change, desired=desired)
    marked = known.marked(resource, desired)
    cause = tag_differences.cause(of_bodies, tags, fingerprint)
    change = replace(change, differences=tuple(found), desired=marked, cause=cause)
    if decision.action == "replace":
        return replace(change, body=bodies.new(resource, bound, known))
    body, aside = bodies.update(kind, marked, actual, found, known.is_ours, parts)
    return replace(change, body=body, aside=aside)


def _repair(resource: Resource, change: Change, actual: Body, known: Known) -> Mend | None:
    """How the object is repaired; None where its last operation succeeded."""
    if not provisioning_state.has_failed(actual):
        return None
    return repair.mend(resource, actual, management_locks.keeps(change.id, known.actual.locks))


def _notes(resource: Resource, desired: Body, actual: Body) -> tuple[str, ...]:
    """What somebody else put inside the object, and is left alone."""
    if resource.unlisted != "warn":
        return ()
    foreign = differences.unlisted(desired, actual, resource.kind.rules, resource.kind.parts)
    return tuple(f"left alone, not in the spec: {path}" for path in foreign)


def _parent_is_new(resource: Resource, known: Known) -> bool:
    if not resource.kind.nested:
        return False
    own = arm_id.key(known.ids[resource.address])
    return any(
        known.changes[other].action in ("create", "replace") and own.startswith(f"{arm_id.key(known.ids[other])}/")
        for other in known.graph.needs[resource.address]
    )


def _equal_grant(desired: Body, identity: str, known: Known) -> Body | None:
    """The same role for the same principal at the same scope, under another name."""
    wanted = desired["properties"]
    if not isinstance(wanted["principalId"], str):
        return None
    scope = arm_id.key(arm_id.parse(identity).scope)
    return known.granted.get((scope, wanted["principalId"].lower(), arm_id.role_guid(wanted["roleDefinitionId"])))


def _removals(known: Known) -> list[Change]:
    """Deletes of what this deployment owns and the spec no longer names, but for groups with resources of others."""
    wanted = {arm_id.key(change.id) for change in known.changes.values()}
    owned = {**known.actual.owned, **removals.owned_grants(known.actual, known.options.deployment)}
    gone = {key: item for key, item in owned.items() if key not in wanted}
    kept = group_removal.keep_shared(gone, known.actual, {})
    deletes = removals.deletions(gone, known.changes, Reason(ReasonCode.NOT_IN_SPEC))
    return [*group_removal.checked(deletes, gone, known.actual, one_request=False), *kept]


def _check_protection(known: Known, changes: list[Change]) -> None:
    """What is protected may not be deleted or made anew, whatever the spec says now."""
    for change in changes:
        for problem in protection(change):
            known.problem(problem.code, problem.path, problem.summary, problem.reason, problem.hint)


_UNCHANGED = "take the change back, or say `lifecycle: {replace: ask}` if it is meant"
_UNPROTECT = "apply the spec with `lifecycle: {prevent_destroy: false}` for it first, if this is meant"


def protection(change: Change) -> list[Problem]:
    """Why a delete or replace is forbidden, if it is; a resource group that is kept is neither."""
    if change.action not in ("replace", "delete"):
        return []
    found: list[tuple[str, str, str]] = []
    tags = (change.actual or {}).get("tags") or {}
    if change.lifecycle.get("prevent_destroy") or reserved_tags.PROTECT_TAG in tags:
        found.append(("PV3401", f"{change.address} is protected, and the plan would {change.action} it", _UNPROTECT))
    if change.action == "replace" and change.lifecycle.get("replace") == "never":
        found.append(("PV3402", f"{change.address} must not be replaced, and the change needs it", _UNCHANGED))
    return [Problem(code, change.path, summary, change.reason, hint) for code, summary, hint in found]

"""Desired against actual: the plan.

In: a graph of resources, ``Actual`` and options. Out: a ``Plan``, or problems that stop it. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body
from ..comparison import differences, ownership_tags, tag_differences
from ..resources import provisioning_state, reserved_tags
from ..resources.actual_state import ActualState
from ..resources.facts import Repair
from ..resources.graph import Graph
from ..resources.resource import Resource
from ..resources.steps import GroupContents
from . import (
    entanglement,
    grants,
    group_removal,
    impact,
    in_use,
    management_locks,
    notes,
    occupied,
    power,
    removals,
    repair,
    replacement,
    takeover,
)
from .compile import compiled
from .context import PlanContext
from .decision import decide
from .normalize import normalized, our_parts, written
from .plan import Change, Options, Plan, by_address
from .reasons import Reason, ReasonCode


def plan(graph: Graph, actual: ActualState, options: Options) -> tuple[Plan, list[Diagnostic]]:
    """What brings ``actual`` to what the graph's resources say, deletes of what left the spec included.

    First what happens to each resource is decided, then the steps are compiled from all decisions together.
    """
    context = PlanContext(graph, actual, options)
    context.identify()
    _decide(context)
    contents = _remove(context) if options.removals else {}
    power.start_machines(context)
    described = grants.described(context.changes.values(), graph.resources, actual.role_names)
    changes = by_address(power.stopped(impact.graded(change), actual) for change in described)
    entangled = entanglement.entangled(changes, graph.dependents(), contents)
    changes = entanglement.with_notes(changes, entangled.keeps)
    graph_of_steps = compiled(changes, graph.needs, entangled, context.owned)
    unseen = frozenset(address for address, change in changes.items() if change.actual is None) & actual.unseen
    result = Plan(
        options.deployment,
        options.cloud,
        tuple(changes.values()),
        frozenset(context.ours),
        frozenset(context.existing),
        unseen,
        graph_of_steps.steps,
    )
    _check(context, result, graph_of_steps.cycle)
    return result, context.problems


def _check(context: PlanContext, result: Plan, cycle: tuple[str, ...]) -> None:
    """Add the problems of a plan as a whole to ``context``."""
    locked = management_locks.problems(result.changes, result.steps, context.actual.locks)
    context.problems += locked
    context.problems += in_use.problems(result.changes, context.actual.owned)
    context.problems += occupied.left_behind(result.changes)
    context.problems += occupied.siblings(result.changes, context.actual)
    context.problems += occupied.problems(result.changes, result.steps, result.owned)
    for change in result.changes:
        for problem in protection(change):
            context.report(problem)
    if cycle and not locked:
        # Steps that a lock forbids before and after its change wait for it in a circle: that is reported already.
        path = context.changes[cycle[0].rpartition(":")[0]].path
        hint = "apply the changes one after another, each with --target"
        reason = " → ".join(cycle)
        context.report(error("PV3503", "steps of this plan wait for each other", *path, reason=reason, hint=hint))


_MOVED = (
    "its tags are on {}: if it was moved there, move it back with `az resource move`, or declare its group; "
    "otherwise this creates another one"
)


def _decide(context: PlanContext) -> None:
    """Fill ``context.changes``, until every value is bound in the knowledge of what is replaced.

    A machine can be replaced only because of what it depends on (its availability set). Its principal then changes, so
    the grants and texts that were bound to the old one are decided again, which can replace more.
    """
    identified = list(context.problems)
    while True:
        for address in context.graph.order():
            if address in context.ids:
                context.changes[address] = _change(context.graph.resources[address], context)
        own = _replaced(context)
        replacement.propagate(context)
        if _replaced(context) <= own | context.replaced:
            return
        context.replaced |= _replaced(context)
        context.changes.clear()
        context.forget_problems(identified)


def _replaced(context: PlanContext) -> set[str]:
    return {change.address for change in context.changes.values() if change.action == "replace"}


def _change(resource: Resource, context: PlanContext) -> Change:
    """What happens to one resource, once everything that it needs has been decided."""
    change = _as_it_is(resource, context)
    if not resource.managed:
        return _only_read(change, context)
    bound: Body = context.bound(resource.body)
    if resource.assignment_key is not None and change.actual is None:
        equal = _equal_grant(bound, change.id, context)
        if equal is not None:
            return replace(change, id=str(equal["id"]), actual=equal, reasons=(Reason(ReasonCode.GRANTED_ALREADY),))
    parent_is_new = _parent_is_new(resource, context)
    if arm_id.key(change.id) in context.actual.unread_but_unchanged and not parent_is_new:
        # It was not read, since a list showed in its tags that it is as the spec wants it.
        return replace(change, desired=bound)
    if change.actual is None or parent_is_new:
        return _created(resource, change, bound, context)
    if not takeover.may_write(resource, change.id, change.actual, context):
        return change
    return _compared(resource, change, bound, change.actual, context)


def _as_it_is(resource: Resource, context: PlanContext) -> Change:
    resource_id = context.ids[resource.address]
    return Change(
        resource.address,
        resource.kind,
        resource_id,
        "no-op",
        actual=context.actual.body(resource_id),
        path=resource.path,
        managed=resource.managed,
        lifecycle=resource.lifecycle,
        timeouts=resource.timeouts,
    )


def _only_read(change: Change, context: PlanContext) -> Change:
    if change.actual is None:
        hint = "check its name, group and subscription, and your permission to read it"
        context.error("PV3201", f"{change.address} does not exist: {change.id}", *change.path, hint=hint)
    return replace(change, reasons=(Reason(ReasonCode.READ_ONLY),))


def _created(resource: Resource, change: Change, bound: Body, context: PlanContext) -> Change:
    why: tuple[Reason, ...] = ()
    if change.actual is not None:
        why = (Reason(ReasonCode.PARENT_REPLACED),)
    elif resource.address in context.actual.unseen:
        why = (Reason(ReasonCode.MAY_EXIST),)
    elsewhere = context.actual.moved.get(arm_id.key(change.id))
    notes = (_MOVED.format(elsewhere),) if elsewhere else ()
    desired = context.marked(resource, bound)
    # What is there goes with its parent, so nothing of it is compared or kept.
    return replace(change, action="create", reasons=why, desired=desired, actual=None, notes=notes)


def _compared(resource: Resource, change: Change, bound: Body, actual: Body, context: PlanContext) -> Change:
    """What happens to a resource that exists: normalize, compare, decide, render."""
    kind, tags = resource.kind, actual.get("tags")
    parts = our_parts(resource, actual, context)
    desired = normalized(resource, bound, actual, parts, context)
    fingerprint = ownership_tags.fingerprint(resource.body, kind.rules)
    of_bodies = differences.differences(desired, actual, kind.rules, context.is_ours, parts)
    found = [
        *of_bodies,
        *tag_differences.of_hidden_values(desired, tags, fingerprint, kind.rules, context.will_change),
        *tag_differences.of_copied_tags(tags, change.id),
    ]
    if not found and tag_differences.is_of_another_spec(tags, fingerprint):
        found = tag_differences.of_left_paths(tags, context.marked(resource, desired)["tags"])
    decision = decide(found, _repair(resource, change, actual, context), actual)
    change = replace(
        change,
        action=decision.action,
        reasons=decision.reasons,
        impact=decision.impact,
        notes=notes.of(resource, desired, actual, decision.action, written(resource, actual, context)),
    )
    if decision.action == "no-op":
        return replace(change, desired=desired)
    # A new object is made as the spec says it: what others keep in the old one goes with that.
    marked = context.marked(resource, bound if decision.action == "replace" else desired)
    cause = tag_differences.cause(of_bodies, tags, fingerprint)
    return replace(change, differences=tuple(found), desired=marked, cause=cause)


def _repair(resource: Resource, change: Change, actual: Body, context: PlanContext) -> Repair | None:
    """How the object is repaired; None where its last operation succeeded."""
    if not provisioning_state.has_failed(actual):
        return None
    return repair.mend(resource, actual, management_locks.keeps(change.id, context.actual.locks))


def _parent_is_new(resource: Resource, context: PlanContext) -> bool:
    if not resource.kind.nested:
        return False
    own = arm_id.key(context.ids[resource.address])
    return any(
        context.changes[other].action in ("create", "replace") and own.startswith(f"{arm_id.key(context.ids[other])}/")
        for other in context.graph.needs[resource.address]
    )


def _equal_grant(desired: Body, resource_id: str, context: PlanContext) -> Body | None:
    """The same role for the same principal at the same scope, under another name."""
    wanted = desired["properties"]
    if not isinstance(wanted["principalId"], str):
        return None
    scope = arm_id.key(arm_id.parse(resource_id).scope)
    return context.granted.get((scope, wanted["principalId"].lower(), arm_id.role_guid(wanted["roleDefinitionId"])))


def _remove(context: PlanContext) -> dict[str, GroupContents]:
    """Add deletes of what this deployment owns and the spec no longer names; groups are kept for others' resources.

    Returns: what may be in each group that is deleted, by the address of the change.
    """
    wanted = {arm_id.key(change.id) for change in context.changes.values()}
    owned = {**context.actual.owned, **removals.owned_grants(context.actual, context.options.deployment)}
    gone = {key: item for key, item in owned.items() if key not in wanted}
    kept = group_removal.keep_shared(gone, context.actual, {})
    deletes = removals.deletions(gone, context.changes, Reason(ReasonCode.NOT_IN_SPEC))
    context.changes |= by_address([*deletes, *kept])
    return group_removal.contents(deletes, gone, context.actual, one_request=False)


_UNCHANGED = "revert the change, or set `lifecycle: {replace: ask}` if it is intended"
_UNPROTECT = "set `lifecycle: {prevent_destroy: false}`, apply, and try again, if the deletion is intended"


def protection(change: Change) -> list[Diagnostic]:
    """Why a delete or replace is forbidden, if it is; a resource group that is kept is neither."""
    if change.action not in ("replace", "delete"):
        return []
    found = []
    tags = (change.actual or {}).get("tags") or {}
    if change.lifecycle.get("prevent_destroy") or reserved_tags.PROTECT_TAG in tags:
        summary = f"{change.address} is protected by `prevent_destroy`, but the plan would {change.action} it"
        found.append(error("PV3401", summary, *change.path, reason=change.reason, hint=_UNPROTECT))
    if change.action == "replace" and change.lifecycle.get("replace") == "never":
        summary = f"{change.address} must not be replaced, but the change requires it"
        found.append(error("PV3402", summary, *change.path, reason=change.reason, hint=_UNCHANGED))
    return found

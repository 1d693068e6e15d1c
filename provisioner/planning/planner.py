"""Desired against actual: the plan.

In: a graph of resources, ``Actual`` and options. Out: a ``Plan``, or problems that stop it. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from ..base import arm_id
from ..base.values import Body, value_at
from ..comparison import differences, merging, ownership_tags
from ..comparison.context import IsOurs, OurParts
from ..comparison.differences import Difference
from ..resources import provisioning_state, reserved_tags
from ..resources.actual_state import ActualState
from ..resources.graph import Graph
from ..resources.kinds import resource_group
from ..resources.resource import OWNER_TAG, Kind, Resource, Rules
from . import (
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
)
from .context import Known
from .plan import Change, Options, Plan, Problem

READ = "read only"
UNSEEN = "it may exist: you have no permission to list what is at its scope"
_SECRET = "(not shown)"


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
    parts = _listed_parts(change.kind, fresh, lambda name: arm_id.key(name) in plan.existing)
    desired = change.desired or {}
    body = merging.merged_body(desired, fresh, change.kind.rules, lambda name: arm_id.key(name) in ours, parts)
    release = change.release
    if release is not None:
        release = replacement.released(change.kind, fresh, change.lets_go_of, lambda name: arm_id.key(name) in ours)
    return replace(change, body=ownership_tags.without_stale(body, desired), release=release, actual=fresh)


def _change(resource: Resource, known: Known) -> Change:
    identity = known.ids[resource.address]
    actual = known.actual.body(identity)
    change = Change(
        resource.address,
        resource.kind,
        identity,
        "no-op",
        actual=actual,
        needs=known.graph.needs[resource.address],
        path=resource.path,
        managed=resource.managed,
        lifecycle=resource.lifecycle,
        timeouts=resource.timeouts,
    )
    if not resource.managed:
        if actual is None:
            hint = "check its name, group and subscription, and that you may read it"
            known.problem("PV3201", resource.path, f"{resource.address} does not exist: {identity}", hint=hint)
        return replace(change, reason=READ)
    desired: Body = known.bound(resource.body)
    if resource.grantee is not None and actual is None:
        equal = _equal_grant(desired, identity, known)
        if equal is not None:
            return replace(change, id=str(equal["id"]), actual=equal, reason="granted already under another name")
    if arm_id.key(identity) in known.actual.vouched and not _parent_is_new(resource, known):
        return replace(change, desired=desired)
    if actual is None or _parent_is_new(resource, known):
        reason = UNSEEN if resource.address in known.actual.unseen else ""
        reason = reason if actual is None else "what it lies in is made anew"
        body = merging.new_body(known.marked(resource, desired))
        return replace(change, action="create", reason=reason, body=body, desired=desired, actual=None)
    if not _may_write(resource, identity, actual, known):
        return change
    return _compared(resource, change, desired, actual, known)


def _compared(resource: Resource, change: Change, desired: Body, actual: Body, known: Known) -> Change:
    rules = resource.kind.rules
    parts = _parts(resource, actual, known)
    desired = resource.kind.adjust(desired, actual, lambda name: known.is_ours(name) or parts.has(name))
    desired = children_in_parent_tag.with_list(resource, _protected(resource, desired, actual), actual, known)
    desired = merging.without(desired, resource.lifecycle.get("ignore_changes", ()))
    found = differences.differences(desired, actual, rules, known.is_ours, parts)
    echoed, hidden = ownership_tags.halves(actual.get("tags"))
    now, now_hidden = ownership_tags.fingerprint(resource.body, rules).split("-")
    is_drift = echoed == now and not _is_of_marks(found)
    if hidden:
        # The hash holds the names of values that Azure decides, not the values: those of a replaced object will differ.
        values = {path: value_at(desired, tuple(path.split("."))) for path in rules.write_only}
        is_other = hidden != now_hidden
        spoken = {path: value for path, value in values.items() if value is not None}
        changed = [path for path, value in spoken.items() if is_other or known.will_change(value)]
        found += [Difference(path, _SECRET, _SECRET) for path in changed]
    if ownership_tags.are_copied(actual.get("tags"), change.id):
        # Somebody moved it here, or made it with the tags of another: from now on it is known to be ours.
        found.append(Difference(f"tags.{reserved_tags.SPEC_TAG}", "that of another resource", "its own"))
    failed = None
    if provisioning_state.has_failed(actual):
        failed = repair.mend(resource, actual, management_locks.keeps(change.id, known.actual.locks))
    if not found and failed is None:
        return replace(change, desired=desired, notes=_notes(resource, desired, actual))
    fixed = [item.path for item in found if item.immutable]
    marked = known.marked(resource, desired)
    change = replace(
        change,
        differences=tuple(found),
        desired=marked,
        cause="drift" if is_drift else "spec" if echoed else "",
        notes=_notes(resource, desired, actual),
    )
    why = repair.reason(failed, actual) if failed is not None else ""
    if fixed or (failed is not None and failed.how != "write"):
        reason = f"{', '.join(fixed)} cannot be changed in place" if fixed else why
        body = merging.new_body(known.marked(resource, known.bound(resource.body)))
        mends = failed is not None and failed.how == "remake"
        return replace(change, action="replace", reason=reason, body=body, mends=mends)
    if resource.kind.operations.patch:
        changed = [item.path for item in found] or _changeable(marked, rules)
        body = merging.patch_body(marked, actual, rules, known.is_ours, [*changed, "tags"], parts)
    else:
        body = merging.merged_body(marked, actual, rules, known.is_ours, parts)
    body, aside = resource.kind.aside(ownership_tags.without_stale(body, marked), actual)
    return replace(change, action="update", reason=why, body=body, aside=aside)


def _changeable(desired: Body, rules: Rules) -> list[str]:
    """The groups of properties that a PATCH may name: it knows no location, nor what a thing was made of."""
    groups = [f"properties.{name}" for name in desired.get("properties", {})]
    return [group for group in groups if not any(f"{path}.".startswith(f"{group}.") for path in rules.immutable)]


def _is_of_marks(found: list[Difference]) -> bool:
    """Whether nothing differs but tags that say what the fingerprint does not: the parts, the protection."""
    return all(
        item.path.startswith((f"tags.{reserved_tags.PARTS_TAG}", f"tags.{reserved_tags.PROTECT_TAG}")) for item in found
    )


def _protected(resource: Resource, desired: Body, actual: Body) -> Body:
    """Protection is compared like a property, so that switching it on or off is a change."""
    has = reserved_tags.PROTECT_TAG in (actual.get("tags") or {})
    if not resource.kind.taggable or bool(resource.lifecycle.get("prevent_destroy")) == has:
        return desired
    return {**desired, "tags": {**desired.get("tags", {}), reserved_tags.PROTECT_TAG: None if has else "true"}}


def _parts(resource: Resource, actual: Body, known: Known) -> OurParts:
    if resource.unlisted == "remove":
        return OurParts(frozenset(resource.kind.parts), lambda name: True, known.is_existing)
    return _listed_parts(resource.kind, actual, known.is_existing)


def _listed_parts(kind: Kind, actual: Body, is_existing: IsOurs) -> OurParts:
    ours = ownership_tags.Parts(actual.get("tags"))
    return OurParts(frozenset(kind.parts), lambda name: name in ours, is_existing)


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


def _may_write(resource: Resource, identity: str, actual: Body, known: Known) -> bool:
    """Whether the object is this deployment's, or may be taken over."""
    kind = resource.kind
    if not kind.taggable and kind.owner is None and not kind.listed:
        return True
    owner = kind.owner(actual) if kind.owner else (actual.get("tags") or {}).get(OWNER_TAG, "")
    if kind.listed and arm_id.key(identity) in known.actual.owned:
        owner = known.options.deployment
    if owner == known.options.deployment or (not owner and known.options.adopt):
        return True
    refer = "declare it `existing: true`" if kind is resource_group.KIND else "refer to it under `existing:`"
    if owner:
        summary = f'{resource.address} belongs to the deployment "{owner}"'
        hint = f"give it another name, or {refer}"
        known.problem("PV3301", resource.path, summary, reason=identity, hint=hint)
    else:
        summary = f"{resource.address} exists already and belongs to no deployment"
        hint = f"take it over with --adopt, or {refer}"
        known.problem("PV3302", resource.path, summary, reason=identity, hint=hint)
    return False


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
    deletes = removals.deletions(gone, known.changes, "it is no longer in the spec")
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

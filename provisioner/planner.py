"""Desired against actual: the plan.

In: a graph of resources, ``Actual`` and options. Out: a ``Plan``, or problems that stop it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from . import arm_id, diff, removals
from .diff import Difference
from .graph import Graph
from .kinds import role_assignment
from .plan import Actual, Change, Plan, Problem
from .resource import OWNER_TAG, Body, Grantee, Leaf, Lookup, Ref, Resource, substitute, value_at

READ = "read only"


@dataclass(frozen=True)
class Options:
    """What the user allows: ``adopt`` takes over what exists and nobody owns; ``removals`` also plans deletes."""

    deployment: str
    cloud: str
    adopt: bool = False
    removals: bool = True


@dataclass
class _State:
    """What is known while a plan is made, in the graph's order."""

    graph: Graph
    actual: Actual
    options: Options
    ids: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ours: set[str] = field(default_factory=set)

    def is_ours(self, identity: str) -> bool:
        return arm_id.key(identity) in self.ours


def plan(graph: Graph, actual: Actual, options: Options) -> tuple[Plan, list[Problem]]:
    """What brings ``actual`` to what the graph's resources say, deletes of what left the spec included."""
    state = _State(graph, actual, options)
    _identify(state)
    state.ours = {arm_id.key(item) for item in state.ids.values()} | set(actual.owned)
    for address in graph.order():
        resource = graph.resources[address]
        if address in state.ids:
            state.changes[address] = _change(resource, state)
    if options.removals:
        for change in _removals(state):
            state.changes[change.address] = change
    return Plan(options.deployment, options.cloud, tuple(state.changes.values())), state.problems


def _identify(state: _State) -> None:
    """The ID of every resource; those of role assignments are made of looked-up roles."""
    for resource in state.graph.resources.values():
        if resource.id:
            state.ids[resource.address] = resource.id
    for resource in state.graph.resources.values():
        if resource.grantee is None:
            continue
        parts = _settled(resource, resource.grantee, state)
        if parts is not None:
            scope, principal, role = parts
            name = role_assignment.name(scope, principal, role)
            state.ids[resource.address] = arm_id.resource(scope, role_assignment.KIND.type, name)


def _settled(resource: Resource, grantee: Grantee, state: _State) -> tuple[str, str, str] | None:
    values = []
    for part in (grantee.scope, grantee.principal, grantee.role):
        value = _bound(part, state)
        if isinstance(value, Lookup):
            _unknown_role(resource, value, state)
            return None
        values.append(str(value))
    return values[0], values[1], values[2]


def _unknown_role(resource: Resource, lookup: Lookup, state: _State) -> None:
    found = _definitions(lookup, state)
    if lookup.what == "deployer":
        problem = Problem(
            "PV3102", resource.path, "it cannot be told who is deploying", hint="name the principal's GUID"
        )
    elif found:
        problem = Problem(
            "PV3103", (*resource.path, "role"), f'there are {len(found)} roles named "{lookup.name}"',
            reason=", ".join(found), hint="name the role by its GUID",
        )  # fmt: skip
    else:
        problem = Problem(
            "PV3101", (*resource.path, "role"), f'there is no role "{lookup.name}" at this scope',
            hint="`az role definition list --output table` lists them; or name the role by its GUID",
        )  # fmt: skip
    if problem not in state.problems:
        state.problems.append(problem)


def _definitions(lookup: Lookup, state: _State) -> tuple[str, ...]:
    scope = _bound(lookup.scope, state) if lookup.scope else ""
    definitions = state.actual.role_definitions
    name = lookup.name.lower()
    return definitions.get((arm_id.key(str(scope)), name)) or definitions.get(("", name), ())


def _bound(value: Any, state: _State) -> Any:
    """``value`` with everything replaced that is known before apply; what is not stays a leaf."""
    return substitute(value, lambda leaf: _known(leaf, state))


def _known(leaf: Leaf, state: _State) -> Any:
    if isinstance(leaf, Ref):
        if leaf.attribute == "id":
            return f"{state.ids[leaf.address]}{leaf.child}" if leaf.address in state.ids else leaf
        change = state.changes.get(leaf.address)
        resource = state.graph.resources.get(leaf.address)
        if change is None or resource is None or change.action in ("create", "replace"):
            return leaf
        value = value_at(change.actual, resource.kind.outputs[leaf.attribute].path)
        return leaf if value is None else value
    if isinstance(leaf, Lookup):
        if leaf.what == "deployer":
            return state.actual.deployer or leaf
        found = _definitions(leaf, state)
        return found[0] if len(found) == 1 else leaf
    return leaf


def _change(resource: Resource, state: _State) -> Change:
    identity = state.ids[resource.address]
    actual = state.actual.body(identity)
    change = Change(
        resource.address,
        resource.kind,
        identity,
        "no-op",
        actual=actual,
        needs=state.graph.needs[resource.address],
        path=resource.path,
        managed=resource.managed,
    )
    if not resource.managed:
        if actual is None:
            _missing(resource, identity, state)
        return replace(change, reason=READ)
    desired: Body = _bound(resource.body, state)
    if resource.grantee is not None and actual is None:
        equal = _equal_grant(desired, identity, state)
        if equal is not None:
            return replace(change, id=str(equal["id"]), actual=equal, reason="granted already under another name")
    if actual is None or _parent_is_new(resource, state):
        reason = "" if actual is None else "its machine is made anew"
        return replace(change, action="create", reason=reason, body=diff.new_body(desired), actual=None)
    if not _may_write(resource, identity, actual, state):
        return change
    desired = resource.kind.adjust(desired, actual, state.is_ours)
    return _compared(resource, change, desired, actual, state)


def _compared(resource: Resource, change: Change, desired: Body, actual: Body, state: _State) -> Change:
    rules = resource.kind.rules
    ignored = tuple(resource.lifecycle.get("ignore_changes", ()))
    found = [item for item in diff.differences(desired, actual, rules, state.is_ours) if not _is_in(item, ignored)]
    if _is_failed(actual):
        reason = "its last operation failed"
    elif not found:
        return change
    else:
        reason = ""
    fixed = [item.path for item in found if item.immutable]
    if fixed:
        reason = f"{', '.join(fixed)} cannot be changed in place"
        return replace(change, action="replace", reason=reason, differences=tuple(found), body=diff.new_body(desired))
    if resource.kind.operations.patch and found:
        body = diff.patch_body(desired, actual, rules, state.is_ours, found)
    else:
        body = diff.merged_body(desired, actual, rules, state.is_ours)
    return replace(change, action="update", reason=reason, differences=tuple(found), body=body)


def _is_in(item: Difference, paths: tuple[str, ...]) -> bool:
    return any(item.path == path or item.path.startswith((f"{path}.", f"{path}[")) for path in paths)


def _is_failed(actual: Body) -> bool:
    return str((actual.get("properties") or {}).get("provisioningState", "")).lower() == "failed"


def _parent_is_new(resource: Resource, state: _State) -> bool:
    if not resource.kind.nested:
        return False
    return any(
        state.changes[other].action in ("create", "replace")
        and _contains(state.ids[other], state.ids[resource.address])
        for other in state.graph.needs[resource.address]
    )


def _contains(outer: str, inner: str) -> bool:
    return arm_id.key(inner).startswith(arm_id.key(outer) + "/")


def _missing(resource: Resource, identity: str, state: _State) -> None:
    hint = "check its name, group and subscription, and that you may read it"
    state.problems.append(Problem("PV3201", resource.path, f"{resource.address} does not exist: {identity}", hint=hint))


def _may_write(resource: Resource, identity: str, actual: Body, state: _State) -> bool:
    """Whether the object is this deployment's, or may be taken over."""
    if not resource.kind.taggable:
        return True
    owner = (actual.get("tags") or {}).get(OWNER_TAG, "")
    if owner == state.options.deployment or (not owner and state.options.adopt):
        return True
    if owner:
        state.problems.append(
            Problem("PV3301", resource.path, f'{resource.address} belongs to the deployment "{owner}"', reason=identity,
                    hint="give it another name, or refer to it under `existing:`")
        )  # fmt: skip
    else:
        state.problems.append(
            Problem("PV3302", resource.path, f"{resource.address} exists already and belongs to no deployment",
                    reason=identity, hint="take it over with --adopt, or refer to it under `existing:`")
        )  # fmt: skip
    return False


def _equal_grant(desired: Body, identity: str, state: _State) -> Body | None:
    """The same role for the same principal at the same scope, under another name."""
    wanted = desired["properties"]
    if not isinstance(wanted["principalId"], str):
        return None
    scope = arm_id.key(arm_id.parse(identity).scope)
    for body in state.actual.assignments:
        have = body["properties"]
        if (
            arm_id.key(have.get("scope", "")) == scope
            and have["principalId"].lower() == wanted["principalId"].lower()
            and _guid(have["roleDefinitionId"]) == _guid(wanted["roleDefinitionId"])
        ):
            return body
    return None


def _guid(role_definition: str) -> str:
    return role_definition.rpartition("/")[2].lower()


def _removals(state: _State) -> list[Change]:
    """Deletes of what this deployment owns and the spec no longer names."""
    wanted = {arm_id.key(change.id) for change in state.changes.values()}
    grants = removals.owned_grants(state.actual, state.options.deployment)
    gone = {key: item for key, item in {**state.actual.owned, **grants}.items() if key not in wanted}
    return removals.deletions(gone, state.changes, "it is no longer in the spec")

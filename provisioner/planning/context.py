"""What is known while a plan is made: IDs, looked-up roles, values that Azure holds already.

In: a graph, ``Actual`` and options. Out: ``PlanContext``, which binds leaves as far as they are known. Pure.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body, Leaf, Lookup, Path, Ref, Text, leaves, substitute
from ..comparison import merging, ownership_tags
from ..comparison.rendering import OwnedIds
from ..resources import reserved_tags, written_paths
from ..resources.actual_state import ActualState
from ..resources.facts import AssignmentKey
from ..resources.graph import Graph
from ..resources.resource import Resource, listed_in_parents
from ..spec.expressions.interpolation import as_text
from .plan import Change, Options


def without_value(reference: Ref, path: Path) -> Diagnostic:
    """The problem of a thing outside of the deployment that has no such value; ``path`` is where it is declared."""
    summary = f'{reference.address} has no value "{reference.attribute}" in Azure'
    return error("PV3104", summary, *path, hint="run `az resource show --ids …` to list its properties")


@dataclass
class PlanContext:
    """Grows in the graph's order: ``changes`` holds what has been decided so far.

    ``replaced`` holds the addresses that an earlier pass found to be replaced: their values change, whatever they are.
    """

    graph: Graph
    actual: ActualState
    options: Options
    ids: dict[str, str] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    ours: set[str] = field(default_factory=set)
    existing: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    _told: set[Diagnostic] = field(default_factory=set)

    @property
    def owned(self) -> OwnedIds:
        return OwnedIds(self.ours, self.existing)

    def is_ours(self, resource_id: str) -> bool:
        """Whether an ID names a resource of this deployment: the spec makes it, or it carries the owner's mark."""
        return arm_id.key(resource_id) in self.ours

    def is_existing(self, resource_id: str) -> bool:
        """Whether an ID names a resource of others to which the spec refers."""
        return arm_id.key(resource_id) in self.existing

    def error(self, code: str, summary: str, *at: str | int, hint: str, reason: str = "") -> None:
        self.report(error(code, summary, *at, reason=reason, hint=hint))

    def report(self, problem: Diagnostic) -> None:
        if problem not in self._told:
            self._told.add(problem)
            self.problems.append(problem)

    def forget_problems(self, kept: list[Diagnostic]) -> None:
        """Keep only these problems: the others belong to decisions that are made again."""
        self.problems[:] = kept
        self._told = set(kept)

    def bound(self, value: Any) -> Any:
        """``value`` with everything replaced that is known before apply; what is not stays a leaf."""
        return substitute(value, self._leaf)

    def will_change(self, value: Any) -> bool:
        """Whether a value in a bound body is one that this plan changes."""
        return any(isinstance(leaf, Ref) and leaf.attribute != "id" and self._changes(leaf) for leaf in leaves(value))

    def _changes(self, reference: Ref) -> bool:
        """Whether the plan creates or replaces the object, or updates what the value is made of."""
        change = self.changes.get(reference.address)
        if reference.address in self.replaced or (change is not None and change.action in ("create", "replace")):
            return True
        output = change.kind.output(reference.attribute) if change is not None and change.action == "update" else None
        if change is None or output is None:
            return False
        return any(item.is_at(path) for item in change.differences for path in output.made_of)

    def _leaf(self, leaf: Leaf) -> Any:
        if isinstance(leaf, Ref):
            if leaf.attribute == "id":
                return f"{self.ids[leaf.address]}{leaf.child}" if leaf.address in self.ids else leaf
            change = self.changes.get(leaf.address)
            resource = self.graph.resources.get(leaf.address)
            if change is None or resource is None or self._changes(leaf):
                return leaf
            value = resource.kind.value(leaf.attribute, change.actual)
            if value is None and not resource.managed and change.actual is not None:
                self.report(without_value(leaf, resource.path))
            return leaf if value is None else value
        if isinstance(leaf, Text):
            return self._text(leaf)
        if isinstance(leaf, Lookup):
            if leaf.what == "deployer":
                return self.actual.deployer or leaf
            found = self._definitions(leaf)
            return found[0] if len(found) == 1 else leaf
        return leaf

    def _text(self, text: Text) -> Text | str:
        """A text with the parts put in that are known; plain where all of them are, and it is sent as it is."""
        parts = tuple(self._in_text(part) if isinstance(part, Ref) else part for part in text.parts)
        is_plain = not text.base64 and all(isinstance(part, str) for part in parts)
        return "".join(map(str, parts)) if is_plain else Text(parts, text.base64)

    def _in_text(self, reference: Ref) -> str | Ref:
        value = self._leaf(reference)
        if isinstance(value, (list, Mapping)):
            what = "a list" if isinstance(value, list) else "a mapping"
            summary = f'{reference.address} has {what} as its "{reference.attribute}", but a string is required'
            hint = "name one of its values, or use it as a whole value"
            self.error("PV3104", summary, *self.graph.resources[reference.address].path, hint=hint)
            return ""
        return value if isinstance(value, (str, Ref)) else as_text(value)

    def _definitions(self, lookup: Lookup) -> tuple[str, ...]:
        scope = self.bound(lookup.scope) if lookup.scope else ""
        definitions = self.actual.role_definitions
        name = lookup.name.lower()
        return definitions.get((arm_id.key(str(scope)), name)) or definitions.get(("", name), ())

    def marked(self, resource: Resource, desired: Body) -> Body:
        """A desired body with the tags that the program writes by itself."""
        if not resource.kind.ownership.taggable:
            return desired
        tags = {
            **desired.get("tags", {}),
            reserved_tags.SPEC_TAG: ownership_tags.spec_tag_value(resource.body, resource.kind.rules, resource.id),
            **ownership_tags.parts_tags([*self._parts_of(resource), *self.listed_in(resource)]),
            **self._paths_of(resource),
        }
        if resource.lifecycle.get("prevent_destroy"):
            tags[reserved_tags.PROTECT_TAG] = "true"
        return {**desired, "tags": tags}

    def _parts_of(self, resource: Resource) -> list[str]:
        """The names of the parts that the spec lists.

        Not those of the body that is written: that one also carries what other users and tools put into the object
        (identities that Azure Policy assigns to a machine), and a part in the tag is deleted once the spec lacks it.
        """
        bound = self.bound(resource.body)
        listed = resource.kind.ownership.part_names(bound)
        ignored = resource.lifecycle.get("ignore_changes", ())
        if not ignored:
            return listed
        # A part at an ignored path is not written; it stays ours if an earlier apply wrote it.
        written = set(resource.kind.ownership.part_names(merging.without(bound, ignored)))
        before = ownership_tags.Parts((self.actual.body(self.ids[resource.address]) or {}).get("tags"))
        return [name for name in listed if name in written or name in before]

    def _paths_of(self, resource: Resource) -> dict[str, str]:
        """The tags that tell which optional properties the deployment wrote."""
        kind, bound, ignored = resource.kind, self.bound(resource.body), resource.lifecycle.get("ignore_changes", ())
        wrote = set(written_paths.places(merging.without(bound, ignored), kind))
        if ignored:
            # What is at an ignored path is not written; it stays ours if an earlier apply wrote it.
            actual = self.actual.body(self.ids[resource.address]) or {}
            before = written_paths.WrittenPaths(actual.get("tags"))
            left_alone = set(written_paths.places(actual, kind)) - set(
                written_paths.places(merging.without(actual, ignored), kind)
            )
            wrote |= {place for place in left_alone if place in before}
        return written_paths.tags(wrote, kind.ownership.part_names(bound))

    def listed_in(self, resource: Resource) -> set[str]:
        """The names of the objects in a resource that only its tag says to be the deployment's."""
        return self._listed.get(arm_id.key(resource.id), set())

    @functools.cached_property
    def _listed(self) -> dict[str, set[str]]:
        return listed_in_parents(self.graph.resources.values())

    @functools.cached_property
    def owned_in(self) -> dict[str, set[str]]:
        """The names of what is owned and was read, by the keys of all that it lies in."""
        found: dict[str, set[str]] = {}
        for item in self.actual.owned.values():
            own, *holders = arm_id.upwards(item.id)
            for holder in holders if own in self.actual.bodies else ():
                found.setdefault(holder, set()).add(arm_id.parse(item.id).name)
        return found

    @functools.cached_property
    def granted(self) -> dict[tuple[str, str, str], Body]:
        """Role assignments that are there, by scope, principal and role in small letters; the first of equal ones."""
        found: dict[tuple[str, str, str], Body] = {}
        for body in self.actual.assignments:
            have = body["properties"]
            scope, role = arm_id.key(have.get("scope", "")), arm_id.role_guid(have["roleDefinitionId"])
            found.setdefault((scope, have["principalId"].lower(), role), body)
        return found

    def identify(self) -> None:
        """Settle the ID of every resource; those of role assignments are made of looked-up roles."""
        resources = self.graph.resources.values()
        self.ids |= {resource.address: resource.id for resource in resources if resource.id}
        for resource in resources:
            parts = self._settled(resource, resource.assignment_key) if resource.assignment_key else None
            if parts is not None:
                name = resource.kind.schema.assignment_name(*parts)
                self.ids[resource.address] = arm_id.resource(parts[0], resource.kind.type, name)
        managed = {address for address, item in self.graph.resources.items() if item.managed}
        self.ours = {arm_id.key(item) for address, item in self.ids.items() if address in managed}
        self.ours |= set(self.actual.owned)
        self.existing = {arm_id.key(item) for address, item in self.ids.items() if address not in managed} - self.ours

    def _settled(self, resource: Resource, assignment_key: AssignmentKey) -> tuple[str, str, str] | None:
        values = []
        for part in (assignment_key.scope, assignment_key.principal, assignment_key.role):
            value = self.bound(part)
            if isinstance(value, Lookup):
                self._unknown(resource, value)
                return None
            values.append(str(value))
        return values[0], values[1], values[2]

    def _unknown(self, resource: Resource, lookup: Lookup) -> None:
        found = self._definitions(lookup)
        role = (*resource.path, "role")
        if lookup.what == "deployer":
            hint = "name the principal's GUID"
            self.error("PV3102", "cannot determine who is deploying", *resource.path, hint=hint)
        elif found:
            summary = f'{len(found)} roles are named "{lookup.name}"'
            self.error("PV3103", summary, *role, reason=", ".join(found), hint="name the role by its GUID")
        else:
            hint = "run `az role definition list --output table` to list the roles, or name the role by its GUID"
            self.error("PV3101", f'the role "{lookup.name}" does not exist at this scope', *role, hint=hint)

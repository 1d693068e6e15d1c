"""Plans as values: what is there, what would change, and why.

In: nothing. Out: ``Actual``, ``Change``, ``Plan`` and the plan's JSON form (``docs/reference/json.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base.values import Body, Detached, Lookup, Path, Ref, Secret, Text, Unset
from ..comparison.differences import Difference
from ..comparison.merging import new_body
from ..comparison.rendering import OwnedIds, render
from ..comparison.tag_differences import Cause
from ..resources import reserved_tags
from ..resources.facts import Impact
from ..resources.kind import Kind
from ..resources.steps import Delete, DeletedWith, Step
from .reasons import Reason, joined

FORMAT_VERSION = 1
Action = Literal["create", "update", "replace", "delete", "no-op"]
Steps = Mapping[str, tuple[Step, ...]]
"""The steps of each change in order, by the change's address."""
ACTIONS: tuple[Action, ...] = ("create", "update", "replace", "delete", "no-op")


@dataclass(frozen=True)
class Options:
    """What the user allows.

    adopt: take over existing resources that no deployment owns.
    adopt_from: take over existing resources of this deployment.
    removals: also plan deletes.
    """

    deployment: str
    cloud: str
    adopt: bool = False
    removals: bool = True
    adopt_from: str = ""


@dataclass(frozen=True)
class Change:
    """One resource and what happens to it: what a person reviews. ``Plan.steps`` say how it is carried out.

    actual: the object as it is now.
    desired: what the spec wants, with the ownership tags where it is to be written; None for a delete.
    cause: a changed spec or drift, if the tags on the object tell.
    title: what a grant gives, and of one that is deleted to whom.
    timeouts: the spec's own limits (``{"create": "40m"}``).
    """

    address: str
    kind: Kind
    id: str
    action: Action
    reasons: tuple[Reason, ...] = ()
    differences: tuple[Difference, ...] = ()
    actual: Body | None = None
    desired: Body | None = None
    path: Path = ()
    managed: bool = True
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    cause: Cause = ""
    impact: Impact = "none"
    impact_reason: str = ""
    notes: tuple[str, ...] = ()
    timeouts: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def reason(self) -> str:
        """The reasons as one text; empty where the change needs no explanation."""
        return joined(self.reasons)

    @property
    def type(self) -> str:
        return self.kind.type or str((self.actual or {}).get("type", ""))

    @property
    def wanted(self) -> Any:
        """What the spec wants, for people and JSON and without our marks; None for a delete and what is only read."""
        if self.desired is None:
            return None
        body = new_body(self.desired) if self.action in ("create", "replace") else self.desired
        tags = {name: value for name, value in body.get("tags", {}).items() if not reserved_tags.is_reserved(name)}
        bare = {name: value for name, value in body.items() if name != "tags"}
        return plain({**bare, "tags": tags} if tags else bare)

    def to_json(self, details: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {
            "address": self.address,
            "kind": self.kind.name,
            "type": self.type,
            "id": self.id,
            "action": self.action,
            "about": self.title,
            "reason": self.reason,
            "impact": self.impact,
            "impact_reason": self.impact_reason,
            "cause": self.cause,
            "differences": [
                {
                    "path": item.path,
                    "operation": item.operation,
                    "before": plain(item.before),
                    "after": plain(item.after),
                    "immutable": item.immutable,
                }
                for item in self.differences
            ],
        }
        return found | ({"desired": self.wanted} if details else {})


@dataclass(frozen=True)
class Plan:
    """An ordered, immutable set of changes. Things that are only read are not in the JSON form.

    ``steps`` are those of each change, by its address; a change that does nothing has none.
    ``ours`` are the ID keys of what the spec makes and the deployment owns, ``existing`` those of resources of others
    to which the spec refers. ``unseen`` are the addresses of changes to create what may exist: Azure refuses the lists
    that would show it.
    """

    deployment: str
    cloud: str
    changes: tuple[Change, ...]
    ours: frozenset[str] = frozenset()
    existing: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    steps: Steps = field(default_factory=dict)

    @property
    def owned(self) -> OwnedIds:
        return OwnedIds(self.ours, self.existing)

    def sends(self, address: str) -> bool:
        """Whether carrying out a change makes a request: not for what Azure deletes together with something else."""
        return any(step.sends for step in self.steps.get(address, ()))

    def waits_for(self, address: str) -> list[str]:
        """The addresses of the other changes that one waits for before its first step."""
        own = self.steps.get(address, ())
        return list(dict.fromkeys(on.rpartition(":")[0] for on in own[0].depends_on)) if own else []

    def bodies(self, change: Change) -> Iterator[Body]:
        """The bodies that a change sends, as far as they are known before it is carried out."""
        fresh = change.actual
        for step in self.steps.get(change.address, ()):
            if isinstance(step.operation, (Delete, DeletedWith)):
                fresh = None
            is_own = step.resource_id == change.id
            body = render(step.operation, step.kind, self.owned, fresh if is_own else {})
            if body is not None:
                yield body

    @property
    def pending(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.action != "no-op")

    def count(self, action: Action) -> int:
        return sum(change.action == action and change.managed for change in self.changes)

    def to_json(self, details: bool = False) -> dict[str, Any]:
        """``details``: with the whole of what the spec wants of each."""
        return {
            "format_version": FORMAT_VERSION,
            "deployment": self.deployment,
            "cloud": self.cloud,
            "changes": [change.to_json(details) for change in self.changes if change.managed],
            "summary": {action: self.count(action) for action in ACTIONS},
        }


def plain(value: Any) -> Any:
    """A value for people and JSON: leaves as text, secrets struck out."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items() if not _is_absent(item)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value if not _is_absent(item)]
    if isinstance(value, (Secret, Lookup, Detached)):
        return str(value)
    if isinstance(value, Unset):
        return value.default
    if isinstance(value, Ref):
        return f"(known after apply: {value})"
    if isinstance(value, Text):
        is_known = value.is_secret or all(isinstance(part, str) for part in value.parts)
        return str(value) if is_known else f"(known after apply: {value})"
    return value


def _is_absent(value: object) -> bool:
    return isinstance(value, Unset) and value.default is None


def by_address(changes: Iterable[Change]) -> dict[str, Change]:
    return {change.address: change for change in changes}

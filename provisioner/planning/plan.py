"""Plans as values: what is there, what would change, and why.

In: nothing. Out: ``Actual``, ``Change``, ``Plan`` and the plan's JSON form (``docs/json.md``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..base.values import Body, Detached, Lookup, Path, Ref, Secret, Text
from ..comparison.differences import Difference
from ..comparison.tag_differences import Cause
from ..resources import reserved_tags
from ..resources.graph import Wait
from ..resources.resource import CompanionPatch, Impact, Kind
from .reasons import Reason, joined

FORMAT_VERSION = 1
Action = Literal["create", "update", "replace", "delete", "no-op"]
ACTIONS: tuple[Action, ...] = ("create", "update", "replace", "delete", "no-op")


@dataclass(frozen=True)
class GroupContents:
    """What may be in a resource group when it is deleted.

    owned: ID keys of what the deployment owns in it, and of what Azure deletes together with that.
    witnesses: those of them that Resource Manager's list showed: once it no longer does, the list is recent.
    kinds: the kinds whose providers are asked what is in the group.
    is_emptied: the run deletes all of ``owned`` first; otherwise the group is deleted in one request.
    """

    owned: frozenset[str]
    witnesses: frozenset[str]
    kinds: tuple[Kind, ...]
    is_emptied: bool


@dataclass(frozen=True)
class Problem:
    """Why a plan cannot be made, at a place in the spec."""

    code: str
    path: Path
    summary: str
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Options:
    """What the user allows: ``adopt`` takes over what exists and nobody owns; ``removals`` also plans deletes."""

    deployment: str
    cloud: str
    adopt: bool = False
    removals: bool = True


@dataclass(frozen=True)
class Change:
    """One resource and what happens to it.

    body: what a create or update writes; values that only Azure can know are bound when it is written.
    actual: the object as it is now.
    desired: what the spec wants, for planning again.
    needs: the addresses of other changes, and what this one waits for at each.
    cause: a changed spec or drift, if the tags on the object tell.
    deleted_with: the address of the delete that removes this object implicitly (its parent or resource group); no
        request is sent for it.
    detach_body, detaches: written first, to detach the objects with these IDs, which are replaced.
    delete_after: a replacement deletes its object when these changes have detached it.
    reattach_after: those of ``needs`` that come about only after this change has detached something.
    timeouts: the spec's own limits (``{"create": "40m"}``).
    is_repair: a replacement loses nothing, since the object has failed.
    title: what a grant gives, and of one that is deleted to whom.
    power_before: the power state out of which a machine is deallocated before the change; empty if it is not.
    start_after: the machine is started after everything else is written to it.
    companion_patch: written on another object before ``body``.
    contents: what can be in a resource group that is deleted.
    """

    address: str
    kind: Kind
    id: str
    action: Action
    reasons: tuple[Reason, ...] = ()
    differences: tuple[Difference, ...] = ()
    body: Body | None = None
    actual: Body | None = None
    needs: Mapping[str, Wait] = field(default_factory=dict)
    deleted_with: str = ""
    path: Path = ()
    managed: bool = True
    desired: Body | None = None
    lifecycle: Mapping[str, Any] = field(default_factory=dict)
    cause: Cause = ""
    impact: Impact = "none"
    impact_reason: str = ""
    notes: tuple[str, ...] = ()
    detach_body: Body | None = None
    detaches: tuple[str, ...] = ()
    delete_after: tuple[str, ...] = ()
    reattach_after: frozenset[str] = frozenset()
    timeouts: Mapping[str, str] = field(default_factory=dict)
    is_repair: bool = False
    title: str = ""
    start_after: bool = False
    power_before: str = ""
    companion_patch: CompanionPatch | None = None
    contents: GroupContents | None = None

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
        body = self.body if self.action in ("create", "replace") else self.desired
        if body is None:
            return None
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
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (Secret, Lookup, Detached)):
        return str(value)
    if isinstance(value, Ref):
        return f"(known after apply: {value})"
    if isinstance(value, Text):
        is_known = value.is_secret or all(isinstance(part, str) for part in value.parts)
        return str(value) if is_known else f"(known after apply: {value})"
    return value


def by_address(changes: Iterable[Change]) -> dict[str, Change]:
    return {change.address: change for change in changes}

"""One declared thing, resolved: what the planner compares with Azure.

In: nothing. Out: frozen dataclasses. No I/O, no Azure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from ..base import arm_id
from ..base.values import Body, Path
from .facts import AssignmentKey
from .kind import Kind

OWNER_TAG = "provisioner-deployment"
"""The tag that names the deployment which owns a resource; in a role assignment's description: ``[tag: name]``."""


class Lifecycle(TypedDict, total=False):
    """``lifecycle:`` of an entry."""

    prevent_destroy: bool
    ignore_changes: list[str]
    replace: Literal["ask", "allow", "never"]


@dataclass(frozen=True)
class Resource:
    """One declared thing, resolved: its ID and the body that Azure should hold.

    ``id`` is empty for a role assignment until its role has been looked up; ``assignment_key`` then says what makes its
    name. ``path`` is its place in the spec, for diagnostics. ``after`` holds addresses that go first without being
    referred to. ``managed`` is false for things that are only read. ``unlisted`` says what becomes of parts of others.
    """

    address: str
    kind: Kind
    id: str
    body: Body
    path: Path = ()
    assignment_key: AssignmentKey | None = None
    after: tuple[str, ...] = ()
    managed: bool = True
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    unlisted: Literal["keep", "warn", "remove"] = "keep"
    timeouts: Mapping[str, str] = field(default_factory=dict)


def listed_in_parents(resources: Iterable[Resource]) -> dict[str, set[str]]:
    """The names of objects that take no tags, by the ID key of what they lie in: a tag there lists them."""
    found: dict[str, set[str]] = {}
    for item in resources:
        if item.kind.ownership.in_parent_tag:
            found.setdefault(arm_id.key(item.id).rsplit("/", 2)[0], set()).add(arm_id.parse(item.id).name)
    return found

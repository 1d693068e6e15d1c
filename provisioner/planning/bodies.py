"""The bodies that a change writes: of a new object, and of an update in the way that its kind is updated.

In: a desired body with the ownership tags, the body in Azure, the differences. Out: a request's body. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..base.values import Body
from ..comparison import merging, ownership_tags
from ..comparison.context import IsOurs, OurParts
from ..comparison.differences import Difference
from ..resources.resource import CompanionPatch, Kind, Resource, Rules
from .context import PlanContext


def new(resource: Resource, bound: Body, context: PlanContext) -> Body:
    """The body of a create or replace.

    Args:
        bound: as the spec says it, and not as compared with an object: what others keep in that object goes with it.
    """
    return merging.new_body(context.marked(resource, bound))


def update(
    kind: Kind, marked: Body, actual: Body, found: Sequence[Difference], is_ours: IsOurs, parts: OurParts
) -> tuple[Body, CompanionPatch | None]:
    """The body of an update, and what is written before it on another object.

    Args:
        marked: the compared body with the ownership tags.
        found: the differences; none where a failed object is written again.
    """
    if kind.operations.patch:
        changed = [item.path for item in found] or _patchable(marked, kind.rules)
        # The fingerprint is in the tags, and each update writes it.
        body = merging.patch_body(marked, actual, kind.rules, is_ours, [*changed, "tags"], parts)
    else:
        body = merging.merged_body(marked, actual, kind.rules, is_ours, parts)
    return kind.companion_patch(ownership_tags.drop_outdated_tags(body, marked), actual)


def _patchable(desired: Body, rules: Rules) -> list[str]:
    """The groups of properties that a PATCH may name: it knows no location, nor what a thing was made of."""
    groups = [f"properties.{name}" for name in desired.get("properties", {})]
    return [group for group in groups if not any(f"{path}.".startswith(f"{group}.") for path in rules.immutable)]

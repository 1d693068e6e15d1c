"""Objects that take no tags and lie in one that does: the tag of parts of what they lie in lists them.

In: what is known of a plan in the making. Out: tags. Pure.
"""

from __future__ import annotations

import functools

from ..base import arm_id
from ..base.values import Body
from ..comparison import ownership_tags
from ..resources import kinds, reserved_tags
from ..resources.resource import Resource
from .context import PlanContext


def with_list(resource: Resource, desired: Body, actual: Body, context: PlanContext) -> Body:
    """A desired body whose tags list what lies in it, compared like properties.

    Where nothing is removed, what has left the spec stays in the list.
    """
    if resource.kind.type.lower() not in _holders():
        return desired
    names = context.listed_in(resource)
    if not context.options.removals:
        names = names | context.owned_in.get(arm_id.key(resource.id), set())
    wanted = ownership_tags.parts_tags(names)
    present = {tag for tag in actual.get("tags") or {} if tag.startswith(reserved_tags.PARTS_TAG)}
    stale: dict[str, None] = dict.fromkeys(present - set(wanted))
    return {**desired, "tags": {**desired.get("tags", {}), **wanted, **stale}} if wanted or stale else desired


@functools.cache
def _holders() -> frozenset[str]:
    """The ARM types that such objects lie in."""
    return frozenset(kind.type.rpartition("/")[0].lower() for kind in kinds.all_kinds() if kind.ownership.in_parent_tag)

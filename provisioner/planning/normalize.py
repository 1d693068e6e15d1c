"""The desired body of a resource that exists, in the form in which it is compared with the actual body.

In: a resource, its bound body, the body in Azure. Out: a body, and which parts of the object the deployment made. Pure.
"""

from __future__ import annotations

from ..base.values import Body
from ..comparison import leaving, merging, ownership_tags
from ..comparison.context import IsOurs, OurParts
from ..resources import reserved_tags
from ..resources.kind import Kind
from ..resources.resource import Resource
from ..resources.written_paths import WrittenPaths
from . import children_in_parent_tag
from .context import PlanContext


def normalized(resource: Resource, bound: Body, actual: Body, parts: OurParts, context: PlanContext) -> Body:
    """``bound`` in view of ``actual``: with what other users and tools keep inside, and without the ignored paths."""
    desired = resource.kind.rules.normalize_desired(
        bound, actual, lambda name: context.is_ours(name) or parts.has(name)
    )
    desired = _with_protection(resource, desired, actual)
    desired = children_in_parent_tag.with_list(resource, desired, actual, context)
    desired = leaving.with_unset(desired, actual, resource.kind, written(resource, actual, context))
    # Last, so that a path at which one of the steps before has put a value can be ignored too.
    ignored = resource.lifecycle.get("ignore_changes", ())
    return merging.kept_inside(merging.without(desired, ignored), actual, ignored, resource.kind.rules)


def written(resource: Resource, actual: Body, context: PlanContext) -> WrittenPaths:
    """Which optional properties of an object the deployment wrote; copied tags say nothing of it."""
    tags = actual.get("tags")
    is_copy = ownership_tags.belong_to_another_resource(tags, context.ids[resource.address])
    return WrittenPaths(None if is_copy else tags)


def our_parts(resource: Resource, actual: Body, context: PlanContext) -> OurParts:
    """Which parts inside an object the spec decides on: with ``unlisted: remove`` all, otherwise those it made."""
    if resource.unlisted == "remove":
        return OurParts(frozenset(resource.kind.ownership.parts), lambda name: True, context.is_existing)
    return listed_parts(resource.kind, actual, context.is_existing)


def listed_parts(kind: Kind, actual: Body, is_existing: IsOurs) -> OurParts:
    """Which parts inside an object the deployment made, according to the object's tags.

    Args:
        is_existing: whether an ID names a resource of others to which the spec refers.
    """
    ours = ownership_tags.Parts(actual.get("tags"))
    return OurParts(frozenset(kind.ownership.parts), lambda name: name in ours, is_existing)


def _with_protection(resource: Resource, desired: Body, actual: Body) -> Body:
    """Protection is compared like a property, so that switching it on or off is a change."""
    has = reserved_tags.PROTECT_TAG in (actual.get("tags") or {})
    if not resource.kind.ownership.taggable or bool(resource.lifecycle.get("prevent_destroy")) == has:
        return desired
    return {**desired, "tags": {**desired.get("tags", {}), reserved_tags.PROTECT_TAG: None if has else "true"}}

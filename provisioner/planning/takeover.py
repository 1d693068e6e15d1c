"""Whether the plan may write an object that exists: one of this deployment, or one that it may take over.

In: a resource and the object's body. Out: a yes, or a problem. Pure.
"""

from __future__ import annotations

from ..base import arm_id
from ..base.values import Body
from ..resources.resource import OWNER_TAG, Resource
from .context import PlanContext


def may_write(resource: Resource, resource_id: str, actual: Body, context: PlanContext) -> bool:
    """Whether the object is this deployment's, or may be taken over; where not, ``context`` has the problem."""
    if not _has_owner(resource):
        return True
    owner = _owner(resource, resource_id, actual, context)
    options = context.options
    if owner == options.deployment or (options.adopt if not owner else owner == options.adopt_from):
        return True
    refer = resource.kind.schema.refer_instead
    if owner:
        summary = f'{resource.address} belongs to the deployment "{owner}"'
        hint = f"choose another name, or {refer}; to take it over, pass --adopt-from {owner}"
        context.error("PV3301", summary, *resource.path, reason=resource_id, hint=hint)
    else:
        summary = f"{resource.address} exists already and belongs to no deployment"
        hint = f"take it over with --adopt, or {refer}"
        context.error("PV3302", summary, *resource.path, reason=resource_id, hint=hint)
    return False


def _has_owner(resource: Resource) -> bool:
    """Whether objects of the kind say in some way which deployment owns them."""
    return (
        resource.kind.ownership.taggable
        or resource.kind.ownership.owner is not None
        or resource.kind.ownership.in_parent_tag
    )


def _owner(resource: Resource, resource_id: str, actual: Body, context: PlanContext) -> str:
    kind = resource.kind
    if kind.ownership.in_parent_tag and arm_id.key(resource_id) in context.actual.owned:
        # The object takes no tags: the tag of its parent lists it, and was read with what the deployment owns.
        return context.options.deployment
    return str(kind.ownership.owner(actual) if kind.ownership.owner else (actual.get("tags") or {}).get(OWNER_TAG, ""))

"""Whether the plan may write an object that exists: one of this deployment, or one that it may take over.

In: a resource and the object's body. Out: a yes, or a problem. Pure.
"""

from __future__ import annotations

from ..base import arm_id
from ..base.values import Body
from ..resources.kinds import resource_group
from ..resources.resource import OWNER_TAG, Resource
from .context import Known


def may_write(resource: Resource, identity: str, actual: Body, known: Known) -> bool:
    """Whether the object is this deployment's, or may be taken over; where not, ``known`` has the problem."""
    if not _has_owner(resource):
        return True
    owner = _owner(resource, identity, actual, known)
    if owner == known.options.deployment or (not owner and known.options.adopt):
        return True
    refer = "declare it `existing: true`" if resource.kind is resource_group.KIND else "refer to it under `existing:`"
    if owner:
        summary = f'{resource.address} belongs to the deployment "{owner}"'
        hint = f"give it another name, or {refer}"
        known.problem("PV3301", resource.path, summary, reason=identity, hint=hint)
    else:
        summary = f"{resource.address} exists already and belongs to no deployment"
        hint = f"take it over with --adopt, or {refer}"
        known.problem("PV3302", resource.path, summary, reason=identity, hint=hint)
    return False


def _has_owner(resource: Resource) -> bool:
    """Whether objects of the kind say in some way which deployment owns them."""
    return resource.kind.taggable or resource.kind.owner is not None or resource.kind.listed


def _owner(resource: Resource, identity: str, actual: Body, known: Known) -> str:
    kind = resource.kind
    if kind.listed and arm_id.key(identity) in known.actual.owned:
        # The object takes no tags: the tag of its parent lists it, and was read with what the deployment owns.
        return known.options.deployment
    return str(kind.owner(actual) if kind.owner else (actual.get("tags") or {}).get(OWNER_TAG, ""))

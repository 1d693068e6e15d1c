"""The stored resource that a request names, or the 404 that Azure gives for it.

In: a type, an ID. Out: the resource, or ArmError. Nothing is changed.
"""

from __future__ import annotations

from ..description.resource_type import ResourceType
from ..errors import provider_not_found, resource_not_found
from ..protocol.arm_path import ResourceId
from ..state.resources import Resource
from .cloud import Cloud


def require(cloud: Cloud, type_: ResourceType, asked: ResourceId) -> Resource:
    """The stored resource, or the 404 that Azure gives for it."""
    if asked.subscription is not None and asked.group is not None:
        cloud.require_group(asked.subscription, asked.group)
    resource = cloud.get(str(asked))
    if resource is not None:
        return resource
    parent = asked.parent
    if parent is not None and cloud.get(str(parent)) is None:
        parent_type = cloud.registry.find(parent.namespace, parent.types, "")
        raise resource_not_found(parent_type.type, "/".join(parent.names), asked.group or "")
    if type_.containment.embedded_in is not None:
        raise provider_not_found(cloud.canonical(asked, type_))
    raise resource_not_found(type_.type, "/".join(asked.names), asked.group or "")

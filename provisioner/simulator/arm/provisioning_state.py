"""`properties.provisioningState`: where a type has one, and setting it on a body and its parts.

In: a type and a body. Out: the body with another state.
"""

from __future__ import annotations

from ..description.resource_type import ResourceType
from ..json_values import JsonObject
from ..protocol.json_paths import entries_at, write
from ..state.resources import Resource
from .body_checks import schema_of
from .cloud import Cloud

FAILURE = "failure"
"""Where a resource keeps, unseen, why its last operation failed: the instance view tells it."""


def set_state(type_: ResourceType, body: JsonObject, state: str) -> None:
    """Set `properties.provisioningState`, on parts too, where the type has one."""
    model = schema_of(type_)
    properties = model.sub_model("properties") if model is not None else None
    if model is not None and (properties is None or properties.find("provisioningState") is None):
        return
    write(body, "properties.provisioningState", state)
    for path in type_.body.parts:
        for part in entries_at(body, path):
            part.setdefault("properties", {})["provisioningState"] = state


def with_state(cloud: Cloud, resource: Resource, state: str) -> JsonObject:
    """A copy of a resource's body in another state."""
    body = cloud.editable(resource)
    set_state(cloud.type_of(resource), body, state)
    return body

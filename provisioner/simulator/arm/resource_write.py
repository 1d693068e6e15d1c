"""One write in the making: what a resource type's hooks see and alter.

In: the request's body, cleaned, and what is stored. Out: `ResourceWrite`, whose `body` becomes the resource.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..description.resource_type import ResourceType
from ..json_values import Json
from ..protocol.arm_path import ResourceId, parse_id
from ..protocol.wire import Caller

if TYPE_CHECKING:
    from ..state.resources import Resource
    from .cloud import Cloud


@dataclass(kw_only=True)
class ResourceWrite:
    """A resource about to be written.

    Attributes:
        verb: "create" or "update"; in `finish` of a delete never seen; an action's name for an action.
        id: as Azure will spell it.
        before: the stored resource, None for a new one.
        body: the whole new body (id, name, type, location, properties ...), to be altered in place by hooks.
        sent: what the client sent, cleaned; not to be altered.
        hidden: kept with the resource and never answered; write-only values stand under their path.
        secrets: secret values of this request by path; gone when it is answered.
        parent: the parent's body (the new one when both are written at once), for a child type.
        siblings: for an embedded child: the bodies of the others that will stand beside it, by lower-case name.
        again_at: set by `finish` when there is more to do: the moment at which it wants to be asked again.
        output: set by `finish`: what polling the operation and its result URL answer in the end (`runCommand`).
    """

    cloud: Cloud
    type: ResourceType
    verb: str
    method: Literal["PUT", "PATCH", "POST"] = "PUT"
    id: str
    before: Resource | None
    body: Json
    sent: Json = field(default_factory=dict)
    hidden: Json = field(default_factory=dict)
    secrets: Json = field(default_factory=dict)
    api_version: str = ""
    caller: Caller | None = None
    parent: Json | None = None
    siblings: Mapping[str, Json] = field(default_factory=dict)
    again_at: float | None = None
    output: Json | None = None

    @property
    def parsed(self) -> ResourceId:
        parsed = parse_id(self.id)
        assert parsed is not None, self.id
        return parsed

    @property
    def name(self) -> str:
        return self.parsed.name

    @property
    def properties(self) -> Json:
        """`body["properties"]`, made when it is not there."""
        properties: Json = self.body.setdefault("properties", {})
        return properties

    @property
    def location(self) -> str:
        """The region of the resource, or of its parent."""
        own = self.body.get("location") or (self.parent or {}).get("location")
        return str(own or self.cloud.location_of(self.id) or "global")

    @property
    def key(self) -> str:
        return self.id.lower()

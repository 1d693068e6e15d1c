"""Something outside of the deployment that the spec refers to: read, never written.

REST: https://learn.microsoft.com/rest/api/resources/resources/get-by-id, each type under its own API version."""

from __future__ import annotations

from ...base import arm_id
from ...spec.checks.existing_not_named import is_named
from ..entry import Context, Entry
from ..facts import Operations, Output, Ownership, Replacement, Schema
from ..kind import Kind
from . import resource_group


def resource_id(entry: Entry, context: Context) -> str:
    """The ID that an entry gives, or what it is made of; the group's where it says neither, which is reported there."""
    data = entry.data
    if "id" in data:
        return str(data["id"])
    group = context.arm_id(context.group)
    if not is_named(data):
        return group
    scope = arm_id.subscription(data["subscription"]) if "subscription" in data else context.subscription
    group_name = data.get("resource_group") or arm_id.group_of(group)
    if data["type"].lower() == resource_group.KIND.type.lower():
        return f"{scope}/resourceGroups/{data['name']}"
    return arm_id.resource(f"{scope}/resourceGroups/{group_name}", data["type"], *data["name"].split("/"))


KIND = Kind(
    name="existing",
    type="",
    scope="any",
    schema=Schema(
        sections=("existing/*",),
        resource_id=resource_id,
        outputs={
            "principal_id": Output(("properties", "principalId"), early=True),
            "client_id": Output(("properties", "clientId"), early=True),
            "location": Output(("location",), early=True),
        },
        exposes_all_properties=True,
    ),
    operations=Operations("resource", "resources", get="get_by_id"),
    ownership=Ownership(taggable=False),
    replacement=Replacement(
        # An owned object whose type has no kind is deleted as this one.
        when_deleted=("data-loss", "all its contents will be lost"),
        when_replaced=("data-loss", "all its contents will be lost"),
    ),
)

"""Resource group. REST: https://learn.microsoft.com/rest/api/resources/resource-groups (2025-04-01)."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import Import, Operations, Replacement, Rules, Schema, Timing
from ..kind import Kind, name_of
from ._bodies import EVERYWHERE_READ_ONLY, place


def body(entry: Entry, context: Context) -> Body:
    return place(entry, context)


def resource_id(entry: Entry, context: Context) -> str:
    return f"{context.subscription}/resourceGroups/{name_of(KIND, entry)}"


def entry(body: Body, find: Find) -> Body:
    return {}


KIND = Kind(
    name="resource_group",
    type="Microsoft.Resources/resourceGroups",
    scope="subscription",
    is_container=True,
    schema=Schema(
        refer_instead="declare it `existing: true`",
        sections=("resource_group",),
        body=body,
        resource_id=resource_id,
        name_rule=(r"[-\w._()]{0,89}[-\w_()]", "1 to 90 letters, digits and - _ . ( ), not ending in a dot"),
    ),
    operations=Operations("resource", "resource_groups", put="create_or_update"),
    rules=Rules(immutable=("location",), read_only=(*EVERYWHERE_READ_ONLY, "managedBy")),
    replacement=Replacement(
        when_deleted=("data-loss", "everything in it will be lost"),
        when_replaced=("data-loss", "everything in it will be lost"),
    ),
    importing=Import(entry=entry),
    timing=Timing(typical_s=1),
)

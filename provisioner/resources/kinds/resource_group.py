"""Resource group. REST: https://learn.microsoft.com/rest/api/resources/resource-groups (2025-04-01)."""

from __future__ import annotations

from ...base.values import Body
from ..resource import Context, Entry, Find, Kind, Operations, Rules
from ._bodies import EVERYWHERE_READ_ONLY, place


def body(entry: Entry, context: Context) -> Body:
    return place(entry, context)


def entry(body: Body, find: Find) -> Body:
    return {}


KIND = Kind(
    name="resource_group",
    type="Microsoft.Resources/resourceGroups",
    operations=Operations("resource", "resource_groups", put="create_or_update"),
    sections=("resource_group",),
    scope="subscription",
    body=body,
    name_rule=(r"[-\w._()]{0,89}[-\w_()]", "1 to 90 letters, digits and - _ . ( ), not ending in a dot"),
    rules=Rules(immutable=("location",), read_only=(*EVERYWHERE_READ_ONLY, "managedBy")),
    entry=entry,
    when_deleted=("data-loss", "everything in it will be lost"),
    when_replaced=("data-loss", "everything in it will be lost"),
    typical_s=1,
)

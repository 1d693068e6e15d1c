"""Small pieces that several kinds' bodies are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resource import DETACHED, Context, Entry

NETWORK_NAME = (
    r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?",
    "1 to 80 letters, digits, underscores, dots and hyphens; a letter or digit first, none of . - last",
)
"""Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""

CACHING = {"none": "None", "read_only": "ReadOnly", "read_write": "ReadWrite"}

EVERYWHERE_READ_ONLY = (
    "id", "name", "type", "etag", "systemData", "properties.provisioningState", "properties.resourceGuid",
)  # fmt: skip


def compact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without the entries that nobody gave. (``None`` in a finished body means "must be absent".)"""
    return {key: value for key, value in values.items() if value is not None}


def place(entry: Entry, context: Context) -> dict[str, Any]:
    """The location of an entry, its own or the deployment's."""
    return {"location": entry.data.get("location") or context.location}


def link(entry: Entry, context: Context, section: str, key: str, *at: str | int) -> Any:
    """``{"id": reference}`` for a property that names another resource, or DETACHED where it names none."""
    holder: Any = entry.data
    for step in at:
        holder = holder[step]
    value = holder.get(key)
    if value is None:
        return DETACHED
    return {"id": context.ref(section, value, *at, key)}

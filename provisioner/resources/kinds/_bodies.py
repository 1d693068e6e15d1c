"""Small pieces that several kinds' bodies are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...base.values import DETACHED, Detached, Link, Ref, value_at
from ..entry import Context, Entry

NETWORK_NAME = (
    r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?",
    "1 to 80 letters, digits, underscores, dots and hyphens; a letter or digit first, none of . - last",
)
"""Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"""

CACHING = {"none": "None", "read_only": "ReadOnly", "read_write": "ReadWrite"}
SPOKEN_CACHING = {theirs.lower(): ours for ours, theirs in CACHING.items()}
"""The other way round, for Azure's words in lower case."""

COMPUTE_LEAST_POLL_S = 4.0
"""Compute answers 45 questions about the operations of one machine at once and 15 a minute after that ("Compute
throttling limits"), so nothing there is asked for more often than every 4 s."""

EVERYWHERE_READ_ONLY = (
    "id", "name", "type", "etag", "systemData", "properties.provisioningState", "properties.resourceGuid",
)  # fmt: skip


def compact(values: Mapping[str, object]) -> dict[str, object]:
    """Without the entries that nobody gave. (``None`` in a finished body means "must be absent".)"""
    return {key: value for key, value in values.items() if value is not None}


def place(entry: Entry, context: Context) -> dict[str, object]:
    """The location of an entry: its own, that of what it is written on, or the deployment's."""
    return {"location": inherited(entry, "location") or context.location}


def inherited(entry: Entry | None, key: str) -> object:
    """What an entry says, or the nearest of those that it is written on."""
    while entry is not None:
        if entry.data.get(key):
            return entry.data[key]
        entry = entry.parent
    return None


def part_name(key: str) -> str:
    """The Azure name of a part without a name: its key, which has a slash where it is a fleet's member."""
    return key.replace("/", "-")


def link(entry: Entry, context: Context, section: str, key: str, *at: str | int) -> dict[str, Ref | str] | Detached:
    """``{"id": reference}`` for a property that names another resource, or DETACHED where it names none."""
    value = value_at(entry.data, (*at, key))
    if value is None:
        return DETACHED
    return {"id": context.ref(section, value, *at, key)}


def linked(section: str, reference: object) -> Link | None:
    """The other way round: ``{"id": ARM ID}`` as the place where a spec names it."""
    identity = reference.get("id") if isinstance(reference, Mapping) else None
    return Link(section, str(identity)) if identity else None


def unless(value: object, *defaults: object) -> object:
    """A value, or None where it says nothing: empty, or one of the defaults in any case."""
    plain = [item.lower() if isinstance(item, str) else item for item in defaults]
    # 0 counts as nothing too: it equals False.
    is_said = value not in (None, False, "", [], {}) and (
        (value.lower() if isinstance(value, str) else value) not in plain
    )
    return value if is_said else None


def numbers(values: Iterable[str]) -> list[int | str]:
    """Texts as the numbers that they are (zones, ports): a spec needs no quotes for them."""
    # `007` stays a text: as a number it would be another one.
    return [int(value) if str(value).isdecimal() and str(value) == str(int(value)) else value for value in values]


def literal(value: object) -> object:
    """What has been interpolated already, so that nobody looks for expressions in it again."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, Mapping):
        return {literal(key): literal(item) for key, item in value.items()}
    if isinstance(value, list):
        return [literal(item) for item in value]
    return value

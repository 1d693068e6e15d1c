"""Which entries can stand for several, or for none: those whose schema takes ``count``, ``for_each`` or ``when``.

In: the schema. Out: its sections by path, each with the sections inside of its entries (the data disks of a machine).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...base.values import Path, mapping
from ..schema import schema

WORDS = ("count", "for_each", "when")


@dataclass(frozen=True)
class Section:
    """A mapping of entries by key.

    is_named: whether its entries take ``name``; is_zoned: whether a fleet's ``zones`` become a ``zone`` of each member.
    inner: sections of its entries, by the key that they stand under.
    """

    is_named: bool
    is_zoned: bool
    inner: Mapping[str, Section] = field(default_factory=dict)


@functools.cache
def sections() -> Mapping[Path, Section]:
    """The sections that are not inside of another one."""
    whole = schema.bundled()
    return dict(_found(whole, whole, ()))


def _found(whole: Mapping[str, object], node: Mapping[str, object], path: Path) -> Iterator[tuple[Path, Section]]:
    """The nearest sections below a node."""
    for key, written in mapping(node.get("properties")).items():
        value = _followed(whole, written)
        entry = _followed(whole, value.get("additionalProperties"))
        properties = mapping(entry.get("properties"))
        if any(word in properties for word in WORDS):
            inner = {str(below[0]): section for below, section in _found(whole, entry, ()) if len(below) == 1}
            yield (*path, key), Section("name" in properties, {"zone", "zones"} <= set(properties), inner)
        elif "properties" in value:
            yield from _found(whole, value, (*path, key))


def _followed(whole: Mapping[str, object], node: object) -> Mapping[str, object]:
    while isinstance(node, Mapping) and "$ref" in node:
        node = mapping(whole["$defs"])[str(node["$ref"]).removeprefix("#/$defs/")]
    return mapping(node)


def is_marked(entry: object) -> bool:
    """Whether an entry is more, or less, than itself."""
    return isinstance(entry, Mapping) and ("count" in entry or "for_each" in entry or "when" in entry)


def has_marks(entries: object, section: Section) -> bool:
    """Whether some entry of a section is marked, or some entry inside of one."""
    if not isinstance(entries, Mapping):
        return False
    for entry in entries.values():
        if is_marked(entry):
            return True
        for key, inner in section.inner.items():
            if isinstance(entry, Mapping) and key in entry and has_marks(entry[key], inner):
                return True
    return False

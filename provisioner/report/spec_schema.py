"""A walk over the schema of specs: its sections, and the properties of each.

In: the bundled schema. Out: dotted names with their schemas, references followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

COMMON = ("name", "location", "tags", "lifecycle", "timeouts", "count", "for_each", "when", "unlisted")
"""Properties that many entries have."""
_USUAL_NAME = re.compile(r"The Azure name of the [\w -]+\. By default, the key\.")


def sections(schema: Schema) -> list[str]:
    """The sections that have a table, as ``vms/*/data_disks/*``."""
    return [section for section, _ in sections_of(schema, schema, "")]


def nodes(schema: Schema, section: str) -> dict[str, dict[str, Any]]:
    """The schema of each property that a section's table lists."""
    return {
        name: node
        for here, definition in sections_of(schema, schema, "")
        if here == section
        for name, _, node in nodes_of(schema, definition, "")
    }


def is_common(schema: Schema, node: Schema, key: str) -> bool:
    if key != "name":
        return True
    return bool(_USUAL_NAME.fullmatch(follow(schema, node["properties"][key]).get("description", "")))


def sections_of(schema: Schema, node: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """Every place in a spec that has the entries of a kind, with its definition."""
    for key, value in node.get("properties", {}).items():
        here = f"{path}/{key}" if path else key
        reference = value.get("$ref", "")
        entry = value.get("additionalProperties")
        if _is_kind(reference):
            yield here, follow(schema, value)
        elif isinstance(entry, Mapping) and _is_kind(entry.get("$ref", "")):
            definition = follow(schema, entry)
            if path.count("*") == 0 or key != "interfaces":
                yield f"{here}/*", definition
                yield from sections_of(schema, definition, f"{here}/*")
        elif value.get("type") == "object":
            yield from sections_of(schema, value, here)


def _is_kind(reference: str) -> bool:
    name = _name(reference)
    return bool(name) and not name.startswith("common.") and name != "key"


def is_other_section(value: Schema) -> bool:
    """Whether another section describes a property."""
    entry = value.get("additionalProperties")
    return _is_kind(value.get("$ref", "")) or (isinstance(entry, Mapping) and _is_kind(entry.get("$ref", "")))


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


def follow(schema: Schema, node: Schema) -> dict[str, Any]:
    """A node with what its reference says; what is on the node itself wins."""
    reference = node.get("$ref")
    if reference is None:
        return dict(node)
    return {**follow(schema, schema["$defs"][_name(reference)]), **{k: v for k, v in node.items() if k != "$ref"}}


def nodes_of(schema: Schema, definition: Schema, prefix: str) -> Iterator[tuple[str, Schema, dict[str, Any]]]:
    """The properties that a table lists: dotted name, as it is in the schema, and with what its reference says."""
    for key, value in definition.get("properties", {}).items():
        if definition is not schema and key in COMMON and is_common(schema, definition, key):
            continue
        node = follow(schema, value)
        name = f"{prefix}{key}"
        yield name, value, node
        if is_other_section(value) or (definition is schema and key in ("network", "tags")):
            continue
        entry = node.get("additionalProperties")
        item = node.get("items")
        if isinstance(entry, Mapping) and "properties" in follow(schema, entry):
            yield from nodes_of(schema, follow(schema, entry), f"{name}.*.")
        elif "properties" in node:
            yield from nodes_of(schema, node, f"{name}.")
        elif isinstance(item, Mapping) and "properties" in follow(schema, item):
            yield from nodes_of(schema, follow(schema, item), f"{name}[].")

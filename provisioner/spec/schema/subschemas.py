"""Parts of the schema, found by the paths that its validator reports.

In: the schema as one document, and the steps of a path in it. Out: the subschema at that path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Schema = Mapping[str, object]
KEY_RULE = "keyRule"
"""Of a mapping whose keys are free within a rule: the rule in words."""


def at(schema: Schema, steps: Sequence[str | int]) -> Schema:
    """The subschema at the validator's path, through references."""
    node: object = schema
    for step in steps:
        # The validator leaves a reference out of its path if the step is in its target.
        while isinstance(node, Mapping) and "$ref" in node and step not in node:
            node = target(schema, node)
        if step == "$ref":
            node = target(schema, mapping(node))
        elif isinstance(node, Mapping):
            node = node[step]
        elif isinstance(node, list):
            node = node[int(step)]
    return mapping(node)


def target(schema: Schema, node: Schema) -> Schema:
    """The definition that a node refers to."""
    return mapping(mapping(schema["$defs"])[str(node["$ref"]).removeprefix("#/$defs/")])


def properties(node: Schema) -> Schema:
    """The known keys of a mapping, with their schemas."""
    return mapping(node.get("properties"))


def mapping(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}

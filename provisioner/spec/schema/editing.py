"""The schema as editors need it: they see a spec as it is written, before ``${…}`` has a value.

In: the bundled schema. Out: one that also takes an expression wherever it will have a value, and a number or a
boolean where its source text is meant (``zones: [1, 2]``).
"""

from __future__ import annotations

from collections.abc import Mapping

_EXPRESSION = r"\$\{.+\}"
_PLAIN = ("number", "boolean")
"""What YAML makes of a plain scalar whose source text may be meant."""
_INNER = ("properties", "$defs")
_SCHEMAS = ("additionalProperties", "items")


def for_editors(schema: Mapping[str, object]) -> dict[str, object]:
    """A copy of a schema that takes what is settled later."""
    found = {key: _inside(key, value) for key, value in schema.items()}
    if "enum" in found:
        return _with_choice(found)
    types = found.get("type")
    wanted = [types] if isinstance(types, str) else types if isinstance(types, list) else []
    if not wanted:
        return found
    if "string" not in wanted:
        return {**found, "type": [*wanted, "string"], "pattern": _EXPRESSION}
    return {**found, "type": [*wanted, *(other for other in _PLAIN if other not in wanted)]}


def _inside(key: str, value: object) -> object:
    if key in _INNER and isinstance(value, dict):
        return {name: for_editors(inner) for name, inner in value.items()}
    if key in _SCHEMAS and isinstance(value, dict):
        return for_editors(value)
    if key in ("anyOf", "oneOf", "allOf") and isinstance(value, list):
        return [for_editors(item) for item in value]
    return value


def _with_choice(schema: Mapping[str, object]) -> dict[str, object]:
    """Values to choose from, or an expression; what is said of them stays outside."""
    choice = {key: schema[key] for key in ("enum", "enumDescriptions") if key in schema}
    rest = {key: value for key, value in schema.items() if key not in (*choice, "type", "errorMessage")}
    return {**rest, "anyOf": [choice, {"type": "string", "pattern": _EXPRESSION}]}

"""The spec reference in Markdown, from the schema: ``docs/spec.md``.

In: the bundled schema. Out: Markdown. Every property with its type, default and description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_HEAD = """# Spec reference

Generated from the JSON Schema: `provisioner schema --markdown`. Required properties are marked with *.
A value may be `${parameters.x}`, `${env.X}` or `${deployment}`, alone or inside text; `$${` is a literal `${`. Scalars
are read by YAML 1.2 (`no` is text, `010` is ten); where text is wanted, a number is its source text (`version: 2.10`).
"""


def render(schema: Schema) -> str:
    """The whole page."""
    lines = [_HEAD, "## Top level", "", *_table(schema, schema)]
    for section, name, definition in _sections(schema, schema, ""):
        lines += ["", f"## {definition.get('title', name)}", "", f"`{section}`: {definition['description']}", ""]
        lines += _table(schema, definition)
        for example in definition.get("examples", []):
            lines += ["", "```yaml", f"{section.rpartition('/')[0].rpartition('/')[2] or section}:"]
            lines += [f"  example: {_flow(example)}" if "*" in section else f"  {_flow(example)}", "```"]
    return "\n".join(lines) + "\n"


def _sections(schema: Schema, node: Schema, path: str) -> Iterator[tuple[str, str, Schema]]:
    """Every place where a kind's entries stand: path, definition's name, definition."""
    for key, value in node.get("properties", {}).items():
        here = f"{path}/{key}" if path else key
        reference = value.get("$ref", "")
        entry = value.get("additionalProperties")
        if _is_kind(reference):
            yield here, _name(reference), _follow(schema, value)
        elif isinstance(entry, Mapping) and _is_kind(entry.get("$ref", "")):
            definition = _follow(schema, entry)
            if path.count("*") == 0 or key != "interfaces":
                yield f"{here}/*", _name(entry["$ref"]), definition
                yield from _sections(schema, definition, f"{here}/*")
        elif value.get("type") == "object":
            yield from _sections(schema, value, here)


def _is_kind(reference: str) -> bool:
    name = _name(reference)
    return bool(name) and not name.startswith("common.") and name != "key"


def _name(reference: str) -> str:
    return reference.removeprefix("#/$defs/")


def _follow(schema: Schema, node: Schema) -> dict[str, Any]:
    """A node with what its reference says; what stands on the node itself wins."""
    reference = node.get("$ref")
    if reference is None:
        return dict(node)
    return {**_follow(schema, schema["$defs"][_name(reference)]), **{k: v for k, v in node.items() if k != "$ref"}}


def _table(schema: Schema, definition: Schema) -> list[str]:
    return ["| property | type | default | |", "|---|---|---|---|", *_rows(schema, definition, "")]


def _rows(schema: Schema, definition: Schema, prefix: str) -> Iterator[str]:
    required = set(definition.get("required", ()))
    for key, value in definition.get("properties", {}).items():
        node = _follow(schema, value)
        name = f"{prefix}{key}"
        star = "*" if key in required else ""
        default = f"`{json.dumps(node['default'])}`" if "default" in node else ""
        yield f"| `{name}`{star} | {_type(schema, node)} | {default} | {_cell(node.get('description', ''))} |"
        entry = node.get("additionalProperties")
        is_other_section = _is_kind(value.get("$ref", "")) or (
            isinstance(entry, Mapping) and _is_kind(entry.get("$ref", ""))
        )
        if is_other_section or key in ("lifecycle", "timeouts"):
            continue
        if isinstance(entry, Mapping) and "properties" in _follow(schema, entry):
            yield from _rows(schema, _follow(schema, entry), f"{name}.*.")
        elif "properties" in node and not prefix.startswith("network."):
            yield from _rows(schema, node, f"{name}.")


def _type(schema: Schema, node: Schema) -> str:
    if "enum" in node:
        return ", ".join(f"`{option}`" for option in node["enum"])
    types = node.get("type", "any")
    types = [types] if isinstance(types, str) else list(types)
    if "errorMessage" in node and set(types) & {"integer", "number", "boolean"} and len(types) == 2:
        types = [kind for kind in types if kind != "string"]
    words = {"object": "mapping", "array": "list", "string": "text", "integer": "integer"}
    text = " or ".join(words.get(kind, kind) for kind in types)
    bounds = [f"{word} {node[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in node]
    return f"{text} {' '.join(bounds)}".strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _flow(value: Any) -> str:
    """A value in YAML's flow style; JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)

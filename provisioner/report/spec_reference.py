"""The spec reference in Markdown, from the schema and the kinds: ``docs/reference/spec``.

In: the bundled schema, and what a change of each property does, where that is known. Out: a page for each group of
sections. Properties that many entries have are on one page of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from ..resources.kinds import all_kinds
from .spec_schema import COMMON, Schema, follow, is_common, is_other_section, nodes_of, sections_of

Effects = Mapping[str, str]
"""What an apply does if a property changes, by section and property: ``vms/*.size``."""

_HEAD = """`provisioner schema --markdown` prints this reference, and a test compares it with the schema. An asterisk
(*) marks required properties."""


@dataclass(frozen=True)
class _Page:
    """``sections`` are prefixes of the sections that the page describes."""

    name: str
    title: str
    text: str
    sections: tuple[str, ...]


_PAGES = (
    _Page("resource-group", "Resource group and existing resources", "", ("resource_group", "existing/")),
    _Page("network", "Network", "`network` has a mapping for each type of network resource.", ("network/",)),
    _Page("identities", "Identities", "", ("identities/",)),
    _Page("vms", "Virtual machines", "", ("vms/", "availability_sets/")),
    _Page("access", "Roles, grants, and locks", "", ("roles/", "role_grants/", "locks/")),
)  # fmt: skip
_TOP = """Every spec is a YAML file with these sections. These parts describe them:

{contents}

A value can be an expression such as `${{parameters.x}}`. provisioner reads scalars according to
YAML 1.2: `no` is a string, and `010` is the number 10. If a property requires a string, provisioner uses a number as it
is written: `version: 2.10` is the string `2.10`."""
_IN_COMMON = {
    "name": ("string", "the key of the entry", "Creates a new resource, and deletes the old one"),
    "location": ("string, for example `westeurope`", "the region of the deployment", "**Replaces** the resource"),
    "tags": ("mapping of strings", "none", "In place"),
    "lifecycle": ("see [lifecycle](#lifecycle)", "none", "No change, but `prevent_destroy` sets a tag"),
    "timeouts": ("see [timeouts](#timeouts)", "see [timeouts](#timeouts)", "No change in Azure"),
    "count": ("integer 0 to 10,000", "none", "Creates or deletes copies"),
    "for_each": ("list of strings, or a mapping", "none", "Creates or deletes copies"),
    "when": ("boolean", "`true`", "Creates or deletes the resource"),
    "unlisted": ("`keep`, `warn`, `remove`", "`keep`", "`remove`: the next apply removes them"),
}
"""Values, default, and the effect of a change."""
_NAME = "The name in Azure. The other pages have the rule for each type of resource."
_COMMON = """Many entries have these properties. The other pages list only what is specific to an entry.

{table}

`count` and `for_each` can't be combined. See "Create many resources". Azure allows 50 tags for each resource.
The tags of the deployment and the tags of provisioner are included in this number. provisioner sets 2 to 6 tags, and
more for hundreds of child resources. The lock of a deployment has 6 tags in addition to those of the deployment."""
_TIMEOUTS = """A time is a number with a unit: `90s`, `40m`, or `2h`. Without `timeouts`, an operation can take an hour,
or 20 times its typical duration if that's longer. Retries are limited to 10 minutes. If you set a limit, it applies to
both: the operation and all retries."""


def pages(schema: Schema, effects: Effects | None = None) -> dict[str, str]:
    """The pages by name, without their folder."""
    effects = effects or {}
    found = {"index": _index(schema, effects), "common": _common(schema)}
    for page in _PAGES:
        lines = [f"# {page.title}", "", *([page.text, ""] if page.text else [])]
        for section, definition in sections_of(schema, schema, ""):
            if section.startswith(page.sections):
                lines += [*_section(schema, section, definition, effects), ""]
        found[page.name] = "\n".join(lines).rstrip() + "\n"
    return found


def titles() -> dict[str, str]:
    """The titles of the pages by name, as they are quoted on other pages."""
    return {"common": "Common properties", **{page.name: page.title for page in _PAGES}}


def render(schema: Schema) -> str:
    """All pages as one text."""
    return "\n".join(pages(schema).values())


def _index(schema: Schema, effects: Effects) -> str:
    contents = ['- "Common properties": `lifecycle`, `timeouts`, `count`, and others']
    contents += [f'- "{page.title}"' for page in _PAGES]
    lines = ["# Spec reference", "", _HEAD, "", _TOP.format(contents="\n".join(contents)), "", "## Top level", ""]
    return "\n".join([*lines, *_table(schema, schema, "", effects), *_choices(schema, schema)]) + "\n"


def _common(schema: Schema) -> str:
    parts = {key: schema["$defs"][f"common.{key}"] for key in COMMON if f"common.{key}" in schema["$defs"]}
    texts = {
        "name": _NAME,
        **{key: _cell(part.get("description", _NAME)) for key, part in parts.items() if key != "name"},
    }
    rows = [f"| `{key}` | {texts[key]} | {' | '.join(cells)} |" for key, cells in _IN_COMMON.items()]
    table = "\n".join(
        ["| Property | Description | Values | Default | If you change it |", "|---|---|---|---|---|", *rows]
    )
    lines = ["# Common properties", "", _COMMON.format(table=table), *_meanings("unlisted", parts["unlisted"])]
    for key, text in (("lifecycle", ""), ("timeouts", _TIMEOUTS)):
        lines += ["", f"## {key}", "", f"{parts[key]['description']}", *(["", text] if text else []), ""]
        lines += [*_table(schema, parts[key], "common", {}), *_choices(schema, parts[key])]
    lines += [
        "",
        "```yaml",
        "identities:",
        "  app:",
        "    lifecycle: {prevent_destroy: true, ignore_changes: [tags.owner]}",
    ]
    lines += ["    timeouts: {create: 40m, delete: 30m}", "```"]
    return "\n".join(lines) + "\n"  # fmt: skip


def _section(schema: Schema, section: str, definition: Schema, effects: Effects) -> list[str]:
    lines = [f"## {definition['title']}", "", f"`{section}`: {definition['description']}", ""]
    if table := _table(schema, definition, section, effects):
        lines += [*table, *_choices(schema, definition), ""]
    lines += _shared(schema, section, definition)
    for example in definition.get("examples", []):
        text = yaml.safe_dump(_within(section, example), sort_keys=False, allow_unicode=True, width=110)
        lines += ["", "```yaml", text.rstrip(), "```"]
    return lines


def _within(section: str, example: Any) -> Any:
    """An example at its place in a spec. What is part of another entry is part of the entry ``web``."""
    name = "example"
    for step in reversed(section.split("/")):
        example = {name if step == "*" else step: example}
        name = "web" if step == "*" else name
    return example


def _shared(schema: Schema, section: str, definition: Schema) -> list[str]:
    """What the entry and its parts have of the common properties."""
    rules = {place: kind.schema.name_rule[1] for kind in all_kinds() for place in kind.schema.sections}
    found = []
    for prefix, node in [("", definition), *_parts(schema, definition, "")]:
        named = [f"`{key}`" for key in COMMON if key in node.get("properties", {}) and is_common(schema, node, key)]
        if named:
            what = f"`{prefix.rstrip('.')}` also has" if prefix else "Common properties:"
            rule = f" The name has {rules[section]}." if not prefix and section in rules and "`name`" in named else ""
            found.append(f'{what} {", ".join(named)}. See "Common properties".{rule}')
    return found


def _parts(schema: Schema, definition: Schema, prefix: str) -> Iterator[tuple[str, Schema]]:
    for name, value, node in nodes_of(schema, definition, prefix):
        entry = node.get("additionalProperties")
        if isinstance(entry, Mapping) and not is_other_section(value) and "properties" in follow(schema, entry):
            yield f"{name}.*", follow(schema, entry)


def _table(schema: Schema, definition: Schema, section: str, effects: Effects) -> list[str]:
    rows = list(_rows(schema, definition, section, effects))
    known = bool(effects) and bool(section) and section != "common"
    head = ["Property", "Description", "Values", "Default", *(["If you change it"] if known else [])]
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *rows] if rows else []


def _rows(schema: Schema, definition: Schema, section: str, effects: Effects) -> Iterator[str]:
    for name, _, node in nodes_of(schema, definition, ""):
        star = "*" if _is_required(schema, definition, name) else ""
        default = f"`{json.dumps(node['default'])}`" if "default" in node else ""
        cells = [f"`{name}`{star}", _cell(node.get("description", "")), _cell(_values(schema, node)), default]
        if effects and section and section != "common":
            cells.append(effects.get(f"{section}.{name}", ""))
        yield f"| {' | '.join(cells)} |"


def _is_required(schema: Schema, definition: Schema, name: str) -> bool:
    *before, last = name.replace("[]", ".[]").split(".")
    node = dict(definition)
    for step in before:
        if step == "*":
            node = follow(schema, node["additionalProperties"])
        else:
            node = follow(schema, node["items"] if step == "[]" else node["properties"][step])
    return last in node.get("required", ())


def _values(schema: Schema, node: Schema) -> str:
    """The type, what limits it, and an example."""
    if "enum" in node:
        return ", ".join(f"`{option}`" for option in node["enum"])
    parts = [_type(schema, node), *_limits(node)]
    item = follow(schema, node["items"]) if isinstance(node.get("items"), Mapping) else {}
    words = node.get("errorMessage") or item.get("errorMessage") or ""
    if words and words not in ("an integer", "a number", "true or false"):
        parts.append(words)
    examples = node.get("examples") or []
    if examples and node.get("type") != "boolean":
        parts.append(f"for example `{_flow(examples[0])}`")
    return "; ".join(parts)


def _type(schema: Schema, node: Schema) -> str:
    types = node.get("type", "any value")
    types = [types] if isinstance(types, str) else list(types)
    if "errorMessage" in node and set(types) & {"integer", "number", "boolean"} and len(types) == 2:
        types = [kind for kind in types if kind != "string"]
    words = {"object": "mapping", "array": "list"}
    text = " or ".join(words.get(kind, kind) for kind in types)
    if "array" in types and isinstance(node.get("items"), Mapping):
        item = follow(schema, node["items"])
        inner = ", ".join(f"`{option}`" for option in item.get("enum", ())) or _type(schema, item)
        text = text.replace("list", f"list of {_plural(inner)}")
    if "minimum" in node and "maximum" in node:
        return f"{text} {node['minimum']:,} to {node['maximum']:,}"
    bounds = [f"{word} {node[key]:,}" for key, word in (("minimum", "from"), ("maximum", "up to")) if key in node]
    return f"{text} {' '.join(bounds)}".strip()


def _plural(text: str) -> str:
    return re.sub(r"\b(string|integer|mapping|number)\b", r"\1s", text)


def _limits(node: Schema) -> Iterator[str]:
    for low, high, unit in (("minLength", "maxLength", "character"), ("minItems", "maxItems", "item")):
        least, most = node.get(low, 0), node.get(high)
        if most is not None:
            yield f"at most {most:,} {unit}{'s' if most != 1 else ''}"
        elif least > 1 or (least and unit == "item"):
            yield f"at least {least} {unit}{'s' if least != 1 else ''}"
    if node.get("uniqueItems"):
        yield "no duplicates"


def _choices(schema: Schema, definition: Schema) -> list[str]:
    """What the values of an enumeration mean."""
    lines = []
    for name, _, node in nodes_of(schema, definition, ""):
        if "enumDescriptions" in node and len(node["enum"]) > 1:
            lines += _meanings(name, node)
    return lines


def _meanings(name: str, node: Schema) -> list[str]:
    options = zip(node["enum"], node["enumDescriptions"], strict=True)
    return ["", f"Values of `{name}`:", "", *(f"- `{value}`: {text}" for value, text in options)]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _flow(value: Any) -> str:
    """A value in YAML's flow style; JSON, which is YAML, for text of several lines."""
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value)
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=1000).removesuffix("...\n").strip()

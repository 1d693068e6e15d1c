"""What is wrong with a value according to the schema, as diagnostics that point at the exact place.

In: a finding and the schema. Out: diagnostics in the words of the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ...base.diagnostics import Diagnostic, counted, did_you_mean
from ...base.reporting import error
from ...base.values import Path
from ..yaml import scalars, sensitive
from ..yaml.document import Document
from . import subschemas
from .subschemas import KEY_RULE, Schema

if TYPE_CHECKING:
    from .findings import Finding

MOST_SLIPS = 100
"""Unknown keys of one mapping that are compared with the known ones: who has more misspelt none."""
_SHOWN = 60
_LONGEST = 200
_NO_SUCH_KEY = "remove it, or correct its name"


def explain(document: Document, schema: Schema, path: Path, found: Finding) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that a finding is about."""
    keyword, node = found.keyword, found.node
    if keyword == "additionalProperties":
        yield from _keys(document, path, found)
        return
    location = document.locate(path)
    subject = _where(path)
    if node.get("writeOnly"):
        # What stands there may be a secret: neither the value nor its line is repeated.
        text = f"{subject} must be {_wanted(found)}"
        hint = "declare `secrets: {admin: {from_env: ADMIN_PASSWORD}}`, and use ${secrets.admin} here"
        yield error("PV1106", text, replace(location, text=""), hint=hint)
        return
    if keyword == "required":
        for missing in _listed(found.expected):
            reason = _description(schema, subschemas.mapping(subschemas.properties(node).get(missing)))
            summary, location = f'{subject} lacks "{missing}"', document.locate(path, key=True)
            yield error("PV1102", summary, location, reason=reason, hint=f"add `{missing}:`")
    elif keyword in ("type", "pattern"):
        hint = _needed(found) if keyword == "type" and _listed(found.expected) == ["object"] else ""
        hint = hint or _truth(found) or _otherwise(document, path, found) or f"write {_wanted(found)}"
        given = "" if sensitive.is_secret(path) else f", not {_shown(found.value)}"
        yield error("PV1103", f"{subject} must be {_wanted(found)}{given}", location, hint=hint)
    elif keyword == "enum":
        options = _listed(found.expected)
        hint = did_you_mean(str(found.value), options)
        hint = hint if hint.startswith("did you mean") else "use one of these values"
        hint = "write it without quotes" if hint == f"did you mean '{found.value}'?" else hint
        summary = f"{subject} cannot be {_shown(found.value)}; it is one of {', '.join(options)}"
        yield error("PV1105", summary, location, hint=hint)
    elif keyword in ("minProperties", "maxProperties") and (allowed := subschemas.properties(node)):
        summary = f"{subject} accepts one of {', '.join(allowed)}"
        yield error("PV1103", summary, location, hint="set exactly one of these keys")
    else:
        yield error("PV1103", f"{subject}: {_plain(found)}", location, hint="correct the value")


def _keys(document: Document, path: Path, found: Finding) -> Iterator[Diagnostic]:
    """Each key that is not known, or is none where keys are free."""
    rule, known = found.node.get(KEY_RULE), subschemas.properties(found.node)
    for at, key in enumerate(subschemas.mapping(found.value)):
        location = document.locate((*path, key), key=True)
        if rule:
            yield error(
                "PV1104",
                f'"{key}" is not a valid key for {_where(path)}',
                location,
                reason=f"It must be {rule}.",
                hint="rename the key",
            )
        else:
            hint = (did_you_mean(key, known) if at < MOST_SLIPS else "") or _NO_SUCH_KEY
            of = f" in {_where(path)}" if path else ""
            yield error("PV1101", f'unknown key "{key}"{of}', location, hint=hint)


def _listed(value: object) -> list[str]:
    """A keyword's value that is one item or a list of them, as a list."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _needed(found: Finding) -> str:
    """A hint where a mapping is meant, and nothing or a list stands."""
    required = found.node.get("required")
    if found.value is None:
        needed = ", ".join(f"`{word}:`" for word in required) if isinstance(required, list) else ""
        return f"add {needed}" if needed else "write {} where there is nothing to set, or delete the line"
    if isinstance(found.value, list) and not subschemas.properties(found.node):
        return "write each entry under its own key, `key: {…}`, not in a list"
    return ""


def _truth(found: Finding) -> str:
    """A hint for what YAML 1.1 took for a boolean."""
    word = found.value.lower() if isinstance(found.value, str) else ""
    if "true or false" not in _wanted(found) or word not in ("yes", "no", "on", "off"):
        return ""
    return f"write {'true' if word in ('yes', 'on') else 'false'}; in YAML 1.2 {found.value} is a string"


def _otherwise(document: Document, path: Path, found: Finding) -> str:
    """A hint for a value that is right but for how it is written."""
    wanted = _wanted(found)
    if wanted == "a list" and isinstance(found.value, (str, int, float)):
        return "write a list in brackets, [a, b], or one item a line after `- `"
    meant = scalars.resolve(found.value) if isinstance(found.value, str) else None
    if isinstance(meant, bool):
        kind = "boolean" if wanted.startswith("true") else ""
    elif isinstance(meant, float):
        kind = "number" if wanted == "a number" else ""
    else:
        is_wanted = wanted in ("a number", "a whole number", "an integer")
        kind = "number" if isinstance(meant, int) and is_wanted else ""
    if kind and "${" in (document.source_text(path) or ""):
        return f"make it a parameter with `type: {kind}`; without a type, it is a string"
    return "write it without quotes" if kind else ""


def _wanted(found: Finding) -> str:
    message = found.node.get("errorMessage")
    if message:
        return str(message)
    if found.keyword == "type":
        names = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}
        return " or ".join(names.get(item, f"a {item}") for item in _listed(found.expected))
    return f"text that matches {found.expected}" if found.keyword == "pattern" else "another value"


def _description(schema: Schema, node: Schema) -> str:
    if "description" not in node and "$ref" in node:
        node = subschemas.target(schema, node)
    return str(node.get("description", ""))


def _where(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text or "the spec"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _plain(found: Finding) -> str:
    """A sentence about a limit: jsonschema's, unless it would repeat a text, a list or a mapping."""
    limit = found.expected
    count = limit if isinstance(limit, int) else 0
    sentences = {
        "minLength": f"it must have at least {counted(count, 'character')}",
        "maxLength": f"it has more than {limit} characters",
        "minItems": "the list must not be empty" if limit == 1 else f"the list must have at least {limit} items",
        "maxItems": f"the list must have at most {counted(count, 'item')}",
        "minProperties": f"it must have at least {counted(count, 'key')}",
        "maxProperties": f"it can have at most {counted(count, 'key')}",
        "uniqueItems": "an item is in the list twice",
    }
    return sentences.get(found.keyword) or found.sentence[:_LONGEST]

"""What the schema's validator finds, as diagnostics that point at the exact place.

In: an error of the validator and the schema. Out: diagnostics in the words of the schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from jsonschema_rs import ValidationError, ValidationErrorKind

from ...base.diagnostics import Diagnostic, counted, did_you_mean
from ...base.reporting import error
from ...base.values import Path
from ..yaml import scalars, sensitive
from ..yaml.document import Document

Schema = Mapping[str, object]
KEY_RULE = "keyRule"
"""Of a mapping whose keys are free within a rule: the rule in words."""
MOST_SLIPS = 100
"""Unknown keys of one mapping that are compared with the known ones: who has more misspelt none."""
_SHOWN = 60


def explain(document: Document, schema: Schema, path: Path, found: ValidationError) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that an error of the validator is about."""
    kind = found.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties):
        yield from _keys(document, schema, path, found, kind.unexpected)
        return
    location = document.locate(path)
    subject = _where(path)
    if _schema_at(schema, found.schema_path[:-1]).get("writeOnly"):
        # What stands there may be a secret: neither the value nor its line is repeated.
        text = f"{subject} must be {_wanted(schema, found)}"
        hint = "secrets: {admin: {from_env: ADMIN_PASSWORD}}, and ${secrets.admin} here"
        yield error("PV1106", text, replace(location, text=""), hint=hint)
        return
    if isinstance(kind, ValidationErrorKind.Required):
        missing = kind.property
        reason = _description(schema, _mapping(properties_of(schema, found).get(missing)))
        summary, location = f'{subject} lacks "{missing}"', document.locate(path, key=True)
        yield error("PV1102", summary, location, reason=reason, hint=f"add `{missing}:`")
    elif isinstance(kind, (ValidationErrorKind.Type, ValidationErrorKind.Pattern)):
        is_mapping = isinstance(kind, ValidationErrorKind.Type) and list(kind.types) == ["object"]
        hint = _needed(schema, found) if is_mapping else ""
        hint = hint or _truth(schema, found) or _otherwise(document, schema, path, found)
        given = "" if sensitive.is_secret(path) else f", not {_shown(found.instance)}"
        yield error("PV1103", f"{subject} must be {_wanted(schema, found)}{given}", location, hint=hint)
    elif isinstance(kind, ValidationErrorKind.Enum):
        options = [str(option) for option in kind.options]
        hint = did_you_mean(str(found.instance), options)
        hint = "" if hint.startswith("one of") else hint
        hint = "write it without quotes" if hint == f"did you mean '{found.instance}'?" else hint
        summary = f"{subject} cannot be {_shown(found.instance)}; it is one of {', '.join(options)}"
        yield error("PV1105", summary, location, hint=hint)
    elif kind.name in ("minProperties", "maxProperties") and (allowed := properties_of(schema, found)):
        yield error("PV1103", f"{subject} takes one of {', '.join(allowed)}", location)
    else:
        yield error("PV1103", f"{subject}: {_plain(found)}", location)


def _keys(
    document: Document, schema: Schema, path: Path, found: ValidationError, unexpected: Sequence[str]
) -> Iterator[Diagnostic]:
    """Each key that is not known, or is none where keys are free."""
    rule, known = _schema_at(schema, found.schema_path[:-1]).get(KEY_RULE), properties_of(schema, found)
    for at, key in enumerate(unexpected):
        location = document.locate((*path, key), key=True)
        if rule:
            yield error("PV1104", f'"{key}" is no key for {_where(path)}', location, reason=f"It must be {rule}.")
        else:
            hint = did_you_mean(key, known) if at < MOST_SLIPS else ""
            of = f" in {_where(path)}" if path else ""
            yield error("PV1101", f'unknown key "{key}"{of}', location, hint=hint)


def unsound(schema: Schema, path: Path, found: ValidationError) -> list[Path]:
    """What must not be interpreted because of an error; an unknown key does no harm to what is known, unless the
    mapping means one thing or another by its only key."""
    node = _schema_at(schema, found.schema_path[:-1])
    kind = found.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties) and not {"properties", "maxProperties"} <= set(node):
        return [(*path, key) for key in kind.unexpected] if KEY_RULE in node else []
    return [path]


def properties_of(schema: Schema, found: ValidationError) -> Schema:
    """The keys that are known where an error of a mapping is, with their schemas."""
    return _mapping(_schema_at(schema, found.schema_path[:-1]).get("properties"))


def _mapping(value: object) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _needed(schema: Schema, found: ValidationError) -> str:
    """A hint where a mapping is meant, and nothing or a list stands."""
    required = _schema_at(schema, found.schema_path[:-1]).get("required")
    if found.instance is None:
        needed = ", ".join(f"`{word}:`" for word in required) if isinstance(required, list) else ""
        return f"it needs {needed}" if needed else "write {} where there is nothing to set, or delete the line"
    if isinstance(found.instance, list) and not properties_of(schema, found):
        return "each entry stands under a key of its own, `key: {…}`, not in a list"
    return ""


def _truth(schema: Schema, found: ValidationError) -> str:
    """A hint for what YAML 1.1 took for a boolean."""
    word = found.instance.lower() if isinstance(found.instance, str) else ""
    if "true or false" not in _wanted(schema, found) or word not in ("yes", "no", "on", "off"):
        return ""
    return f"write {'true' if word in ('yes', 'on') else 'false'}; in YAML 1.2 {found.instance} is a word"


def _otherwise(document: Document, schema: Schema, path: Path, found: ValidationError) -> str:
    """A hint for a value that is right but for how it is written."""
    wanted = _wanted(schema, found)
    if wanted == "a list" and isinstance(found.instance, (str, int, float)):
        return "a list stands in brackets, [a, b], or has one item a line after `- `"
    meant = scalars.resolve(found.instance) if isinstance(found.instance, str) else None
    if isinstance(meant, bool):
        kind = "boolean" if wanted.startswith("true") else ""
    elif isinstance(meant, float):
        kind = "number" if wanted == "a number" else ""
    else:
        is_wanted = wanted in ("a number", "a whole number", "an integer")
        kind = "number" if isinstance(meant, int) and is_wanted else ""
    if kind and "${" in (document.source_text(path) or ""):
        return f"make it a parameter with `type: {kind}`: without, it is text"
    return "write it without quotes" if kind else ""


def _wanted(schema: Schema, found: ValidationError) -> str:
    node = _schema_at(schema, found.schema_path[:-1])
    message = node.get("errorMessage")
    if message:
        return str(message)
    kind = found.kind
    if isinstance(kind, ValidationErrorKind.Type):
        names = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}
        return " or ".join(names.get(item, f"a {item}") for item in kind.types)
    return f"text that matches {kind.pattern}" if isinstance(kind, ValidationErrorKind.Pattern) else "another value"


def _schema_at(schema: Schema, steps: Sequence[str | int]) -> Schema:
    """The subschema at the validator's path, through references."""
    node: object = schema
    for step in steps:
        # The validator leaves a reference out of its path if the step is in its target.
        while isinstance(node, Mapping) and "$ref" in node and step not in node:
            node = _target(schema, node)
        if step == "$ref":
            node = _target(schema, _mapping(node))
        elif isinstance(node, Mapping):
            node = node[step]
        elif isinstance(node, list):
            node = node[int(step)]
    return _mapping(node)


def _target(schema: Schema, node: Schema) -> Schema:
    """The definition that a node refers to."""
    return _mapping(_mapping(schema["$defs"])[str(node["$ref"]).removeprefix("#/$defs/")])


def _description(schema: Schema, node: Schema) -> str:
    if "description" not in node and "$ref" in node:
        node = _target(schema, node)
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


def _plain(found: ValidationError) -> str:
    """The validator's own sentence, without the value where that is long."""
    kind = found.kind
    limit = getattr(kind, "limit", None)
    at_least = limit if isinstance(limit, int) else 0
    sentences = {
        "minimum": f"{_shown(found.instance)} is less than {limit}",
        "maximum": f"{_shown(found.instance)} is more than {limit}",
        "minLength": f"it must have at least {counted(at_least, 'character')}",
        "maxLength": f"it has more than {limit} characters",
        "minItems": "the list must not be empty" if limit == 1 else f"the list must have at least {limit} items",
        "minProperties": f"it must have at least {counted(at_least, 'key')}",
        "maxProperties": f"it may have at most {counted(at_least, 'key')}",
        "uniqueItems": "an item stands twice in the list",
    }
    return sentences.get(kind.name) or str(found.message)[:200]

"""The JSON Schema as one document, and its findings as diagnostics that point at the exact place.

In: data (parameters already replaced). Out: the data with scalars as the schema wants them, and diagnostics.
Where the schema says string, a plain scalar is its source text: ``version: 2.10`` and ``tag: 007`` lose nothing.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from typing import Any

import jsonschema_rs

from ..diagnostics import Diagnostic, did_you_mean
from ..leaves import Path
from . import sensitive
from .document import Document

_SHOWN = 60


def bundled() -> dict[str, Any]:
    """The whole schema as one document without references to other files."""
    folder = resources.files("provisioner.schema")
    common = json.loads(folder.joinpath("common.schema.json").read_text("utf-8"))
    schema: dict[str, Any] = json.loads(folder.joinpath("deployment.schema.json").read_text("utf-8"))
    definitions = dict(schema.get("$defs", {}))
    for name, definition in common["$defs"].items():
        definitions[f"common.{name}"] = _rewrite(definition, local="common.")
    for file in sorted(folder.joinpath("kinds").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".schema.json"):
            fragment = json.loads(file.read_text("utf-8"))
            fragment.pop("$schema", None)
            fragment.pop("$id", None)
            definitions[file.name.removesuffix(".schema.json")] = _rewrite(fragment, local="")
    schema = _rewrite(schema, local="")
    schema["$defs"] = definitions
    return schema


def validate(document: Document, data: Any, members: bool = False) -> tuple[list[Diagnostic], set[Path]]:
    """Check ``data`` against the schema, changing scalars in place to their source text where a string is meant.

    With ``members`` keys may be those of a fleet's members (``web/0``).

    Returns:
        The diagnostics (unsorted), and the paths that have an error: what lies there must not be interpreted.
    """
    schema, validator = _compiled(members)
    diagnostics: list[Diagnostic] = []
    broken: set[Path] = set()
    mended = False
    errors = list(validator.iter_errors(data))
    for error in errors:
        path = _path(data, error.instance_path)
        if error.kind.name == "type" and _as_text(document, data, path, error):
            mended = True
    if mended:
        errors = list(validator.iter_errors(data))
    for error in errors:
        path = _path(data, error.instance_path)
        broken.add((*path, _bad_key(error)) if error.kind.name == "propertyNames" else path)
        diagnostics.extend(_explain(document, schema, path, error))
    return diagnostics, broken


def _path(data: Any, steps: list[Any]) -> Path:
    """The validator's path with keys as they are: it takes ``"0"`` in a mapping for a number."""
    path: list[str | int] = []
    for step in steps:
        path.append(str(step) if isinstance(data, dict) else step)
        data = data.get(path[-1]) if isinstance(data, dict) else data[step] if isinstance(data, list) else None
    return tuple(path)


@functools.cache
def _compiled(members: bool) -> tuple[dict[str, Any], Any]:
    schema = bundled()
    if members:
        schema["$defs"]["key"] = schema["$defs"]["common.part_key"] = {"type": "string"}
    return schema, jsonschema_rs.validator_for(schema)


def _rewrite(value: Any, local: str) -> Any:
    if isinstance(value, list):
        return [_rewrite(item, local) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _rewrite(item, local) for key, item in value.items()}
    reference = value.get("$ref")
    if isinstance(reference, str):
        file, _, fragment = reference.partition("#/$defs/")
        if "common.schema.json" in file:
            result["$ref"] = f"#/$defs/common.{fragment}"
        elif file:
            result["$ref"] = "#/$defs/" + file.rpartition("/")[2].removesuffix(".schema.json")
        else:
            result["$ref"] = f"#/$defs/{local}{fragment}"
    return result


def _as_text(document: Document, data: Any, path: Path, error: Any) -> bool:
    """Replace a number, boolean or null by its source text where the schema takes a string."""
    if not path or "string" not in error.kind.types or isinstance(error.instance, (dict, list)):
        return False
    if error.instance is None:
        return False
    text = document.source_text(path)
    if text is None or "${" in text:
        text = str(error.instance).lower() if isinstance(error.instance, bool) else str(error.instance)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = text
    return True


def _explain(document: Document, schema: dict[str, Any], path: Path, error: Any) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that an error of the validator is about."""
    kind = error.kind
    name = kind.name
    if name == "additionalProperties":
        allowed = _schema_at(schema, error.schema_path[:-1]).get("properties", {})
        for unknown in kind.unexpected:
            where = document.locate((*path, unknown), key=True)
            of = f" in {_where(path)}" if path else ""
            yield Diagnostic("PV1101", f'unknown key "{unknown}"{of}', where, hint=did_you_mean(unknown, allowed))
        return
    location = document.locate(path)
    subject = _where(path)
    if _schema_at(schema, error.schema_path[:-1]).get("writeOnly"):
        # What stands there may be a secret: neither the value nor its line is repeated.
        text = f"{subject} must be {_wanted(schema, error)}"
        hint = "secrets: {admin: {from_env: ADMIN_PASSWORD}}, and ${secrets.admin} here"
        yield Diagnostic("PV1106", text, replace(location, text=""), hint=hint)
        return
    if name == "required":
        missing = kind.property
        text = _schema_at(schema, error.schema_path[:-1]).get("properties", {}).get(missing, {})
        reason = _description(schema, text)
        yield Diagnostic("PV1102", f'{subject} lacks "{missing}"', document.locate(path, key=True), reason=reason,
                         hint=f"add `{missing}:`")  # fmt: skip
    elif name == "propertyNames":
        location = document.locate((*path, _bad_key(error)), key=True)
        yield Diagnostic("PV1104", f'"{_bad_key(error)}" is no key for {subject}', location,
                         reason=_key_rule(schema, error))  # fmt: skip
    elif name in ("type", "pattern"):
        is_empty = error.instance is None and name == "type" and list(kind.types) == ["object"]
        hint = "write {} where there is nothing to set, or delete the line" if is_empty else _truth(schema, error)
        given = "" if sensitive.is_secret(path) else f", not {_shown(error.instance)}"
        yield Diagnostic("PV1103", f"{subject} must be {_wanted(schema, error)}{given}", location, hint=hint)
    elif name == "enum":
        options = [str(option) for option in kind.options]
        hint = did_you_mean(str(error.instance), options)
        hint = "" if hint.startswith("one of") else hint
        yield Diagnostic(
            "PV1105",
            f"{subject} cannot be {_shown(error.instance)}; it is one of {', '.join(options)}",
            location,
            hint=hint,
        )
    elif name in ("minProperties", "maxProperties") and "properties" in _schema_at(schema, error.schema_path[:-1]):
        allowed = _schema_at(schema, error.schema_path[:-1])["properties"]
        yield Diagnostic("PV1103", f"{subject} takes one of {', '.join(allowed)}", location)
    else:
        yield Diagnostic("PV1103", f"{subject}: {_plain(error)}", location)


def _truth(schema: dict[str, Any], error: Any) -> str:
    """A hint for what YAML 1.1 took for a boolean."""
    word = error.instance.lower() if isinstance(error.instance, str) else ""
    if "true or false" not in _wanted(schema, error) or word not in ("yes", "no", "on", "off"):
        return ""
    return f"write {'true' if word in ('yes', 'on') else 'false'}; in YAML 1.2 {error.instance} is a word"


def _wanted(schema: dict[str, Any], error: Any) -> str:
    node = _schema_at(schema, error.schema_path[:-1])
    message = node.get("errorMessage")
    if message:
        return str(message)
    if error.kind.name == "type":
        names = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number"}
        return " or ".join(names.get(item, f"a {item}") for item in error.kind.types)
    return f"text that matches {error.kind.pattern}"


def _schema_at(schema: dict[str, Any], steps: list[Any]) -> dict[str, Any]:
    """The subschema at the validator's path, through references."""
    node: Any = schema
    for step in steps:
        while isinstance(node, dict) and "$ref" in node and step not in node:
            node = _target(schema, node["$ref"])
        if step == "$ref":
            node = _target(schema, node["$ref"])
            continue
        node = node[step] if isinstance(node, dict) else node[int(step)]
    return node if isinstance(node, dict) else {}


def _target(schema: dict[str, Any], reference: str) -> Any:
    return schema["$defs"][reference.removeprefix("#/$defs/")]


def _description(schema: dict[str, Any], node: dict[str, Any]) -> str:
    if "description" not in node and "$ref" in node:
        node = _target(schema, node["$ref"])
    return str(node.get("description", ""))


def _bad_key(error: Any) -> str:
    inner = getattr(error.kind, "error", None)
    instance = getattr(inner, "instance", None)
    return instance if isinstance(instance, str) else ""


def _key_rule(schema: dict[str, Any], error: Any) -> str:
    node = _schema_at(schema, error.schema_path[:-1])
    rule = str(node.get("errorMessage", "something shorter"))
    return f"It must be {rule}."


def _where(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text or "the spec"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _plain(error: Any) -> str:
    """The validator's own sentence, without the value where that is long."""
    kind = error.kind
    limit = getattr(kind, "limit", None)
    sentences = {
        "minimum": f"{_shown(error.instance)} is less than {limit}",
        "maximum": f"{_shown(error.instance)} is more than {limit}",
        "minLength": f"it must have at least {limit} character(s)",
        "maxLength": f"it has more than {limit} characters",
        "minItems": "the list must not be empty" if limit == 1 else f"the list must have at least {limit} items",
        "minProperties": f"it must have at least {limit} key(s)",
        "maxProperties": f"it may have at most {limit} key(s)",
        "uniqueItems": "an item stands twice in the list",
    }
    return sentences.get(kind.name) or str(error.message)[:200]

"""The JSON Schema as one document, and data checked against it.

In: data (parameters already replaced). Out: the data with scalars as the schema wants them, and diagnostics.
Where the schema says string, a plain scalar is its source text: ``version: 2.10`` and ``tag: 007`` lose nothing.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

import jsonschema_rs

from ...base.diagnostics import Diagnostic
from ...base.values import Path
from ..yaml.document import Document
from . import typo_recovery
from .schema_errors import KEY_RULE, explain, unsound


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
    """Check ``data`` against the schema, changing in place scalars to their source text where a string is meant, and
    misspelt words to those that were meant.

    With ``members`` keys may be those of a fleet's members (``web/0``).

    Returns:
        The diagnostics (unsorted), and the paths that have an error: what lies there must not be interpreted.
    """
    schema, validator = _compiled(members)
    diagnostics: list[Diagnostic] = []
    is_changed = True
    while is_changed:
        errors = [(_path(data, error.instance_path), error) for error in validator.iter_errors(data)]
        slips = [(path, error) for path, error in errors if typo_recovery.mend(document, schema, data, path, error)]
        texts = [path for path, error in errors if error.kind.name == "type" and _as_text(document, data, path, error)]
        is_changed = bool(slips or texts)
        for path, error in slips if is_changed else errors:
            diagnostics.extend(explain(document, schema, path, error))
    broken = {place for path, error in errors for place in unsound(schema, path, error)}
    return list(dict.fromkeys(diagnostics)), broken


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
    schema = _keys_together(schema, schema["$defs"])
    return schema, jsonschema_rs.validator_for(schema)


def _keys_together(value: Any, definitions: dict[str, Any]) -> Any:
    """Rules for keys as those for what lies under them: all wrong keys of a mapping are one error then. As rules for
    keys they are one each, with a copy of the mapping, which takes time with the square of their number.
    """
    if isinstance(value, list):
        return [_keys_together(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _keys_together(item, definitions) for key, item in value.items()}
    rule = result.get("propertyNames")
    rule = definitions[rule["$ref"].removeprefix("#/$defs/")] if isinstance(rule, dict) and "$ref" in rule else rule
    if isinstance(rule, dict) and "pattern" in rule:
        del result["propertyNames"]
        result["patternProperties"] = {rule["pattern"]: result.get("additionalProperties", True)}
        result["additionalProperties"] = False
        result[KEY_RULE] = rule["errorMessage"]
    return result


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

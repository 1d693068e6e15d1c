"""The JSON Schema as one document, and data checked against it.

In: data (parameters already replaced). Out: the data with scalars as the schema wants them, and diagnostics.
Where the schema says string, a plain scalar is its source text: ``version: 2.10`` and ``tag: 007`` lose nothing.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources

import jsonschema_rs
from jsonschema_rs import ValidationError, ValidationErrorKind

from ...base.diagnostics import Diagnostic
from ...base.values import Path, value_at
from ..yaml.document import Document
from . import schema_errors, subschemas, typo_recovery
from .subschemas import KEY_RULE, Schema


def bundled() -> dict[str, object]:
    """The whole schema as one document without references to other files."""
    folder = resources.files("provisioner.schema")
    common = json.loads(folder.joinpath("common.schema.json").read_text("utf-8"))
    schema = json.loads(folder.joinpath("deployment.schema.json").read_text("utf-8"))
    definitions: dict[str, object] = dict(schema.get("$defs", {}))
    for name, definition in common["$defs"].items():
        definitions[f"common.{name}"] = _rewrite(definition, local="common.")
    for file in sorted(folder.joinpath("kinds").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".schema.json"):
            fragment = json.loads(file.read_text("utf-8"))
            fragment.pop("$schema", None)
            fragment.pop("$id", None)
            definitions[file.name.removesuffix(".schema.json")] = _rewrite(fragment, local="")
    return {**{key: _rewrite(value, local="") for key, value in schema.items()}, "$defs": definitions}


def validate(document: Document, data: object, members: bool = False) -> tuple[list[Diagnostic], set[Path]]:
    """Check ``data`` against the schema, changing in place scalars to their source text where a string is meant, and
    misspelt words to those that were meant.

    With ``members`` keys may be those of a fleet's members (``web/0``).

    Returns:
        The diagnostics (unsorted), and the paths that have an error: what lies there must not be interpreted.
    """
    schema, validator = compiled(members)
    diagnostics: list[Diagnostic] = []
    is_changed = True
    # Mending a word or a scalar can reveal what it was hiding, so the data is checked until nothing changes.
    while is_changed:
        errors = [(_path(data, error.instance_path), error) for error in validator.iter_errors(data)]
        slips = [(path, error) for path, error in errors if typo_recovery.mend(document, schema, data, path, error)]
        texts = [path for path, error in errors if _as_text(document, data, path, error)]
        is_changed = bool(slips or texts)
        diagnostics.extend(_explained(document, schema, slips if is_changed else errors))
    broken = {place for path, error in errors for place in _unsound(schema, path, error)}
    return list(dict.fromkeys(diagnostics)), broken


def _explained(
    document: Document, schema: Schema, errors: Iterable[tuple[Path, ValidationError]]
) -> Iterator[Diagnostic]:
    for path, error in errors:
        # It loads jsonschema, which a valid spec does without.
        from .findings import described

        yield from schema_errors.explain(document, schema, path, described(schema, error))


def _unsound(schema: Schema, path: Path, error: ValidationError) -> list[Path]:
    """What must not be interpreted because of an error; an unknown key does no harm to what is known, unless the
    mapping means one thing or another by its only key."""
    node, kind = subschemas.at(schema, error.schema_path[:-1]), error.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties) and not {"properties", "maxProperties"} <= set(node):
        return [(*path, key) for key in kind.unexpected] if KEY_RULE in node else []
    return [path]


def _path(data: object, steps: Sequence[str | int]) -> Path:
    """The validator's path with keys as they are: it takes ``"0"`` in a mapping for a number."""
    path: list[str | int] = []
    for step in steps:
        path.append(str(step) if isinstance(data, dict) else step)
        inner = data[step] if isinstance(data, list) and isinstance(step, int) else None
        data = data.get(path[-1]) if isinstance(data, dict) else inner
    return tuple(path)


@functools.cache
def compiled(members: bool) -> tuple[Schema, jsonschema_rs.Validator]:
    """The schema in the form that data is checked with, and its validator; ``members`` as in ``validate``."""
    whole = bundled()
    definitions = whole["$defs"]
    assert isinstance(definitions, dict)
    if members:
        definitions["key"] = definitions["common.part_key"] = {"type": "string"}
    schema = {key: _keys_together(value, definitions) for key, value in whole.items()}
    return schema, jsonschema_rs.validator_for(schema)


def _keys_together(value: object, definitions: Schema) -> object:
    """Rules for keys as those for what lies under them: all wrong keys of a mapping are one error then. As rules for
    keys they are one each, with a copy of the mapping, which takes time with the square of their number.
    """
    if isinstance(value, list):
        return [_keys_together(item, definitions) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _keys_together(item, definitions) for key, item in value.items()}
    rule = result.get("propertyNames")
    if isinstance(rule, dict) and "$ref" in rule:
        rule = definitions[rule["$ref"].removeprefix("#/$defs/")]
    if isinstance(rule, dict) and "pattern" in rule:
        del result["propertyNames"]
        result["patternProperties"] = {rule["pattern"]: result.get("additionalProperties", True)}
        result["additionalProperties"] = False
        result[KEY_RULE] = rule["errorMessage"]
    return result


def _rewrite(value: object, local: str) -> object:
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


def _as_text(document: Document, data: object, path: Path, error: ValidationError) -> bool:
    """Replace a number, boolean or null by its source text where the schema takes a string."""
    kind = error.kind
    if not path or not isinstance(kind, ValidationErrorKind.Type) or "string" not in kind.types:
        return False
    if error.instance is None or isinstance(error.instance, (dict, list)):
        return False
    text = document.source_text(path)
    if text is None or "${" in text:
        text = str(error.instance).lower() if isinstance(error.instance, bool) else str(error.instance)
    value_at(data, path[:-1])[path[-1]] = text
    return True

"""Misspelt words read as they were most likely meant, so that one slip does not hide what else is wrong in an entry.

In: an error of the schema's validator. Out: the data with the known key, or the known word, in place of the one that is
told as an error. A spec with errors is never planned from, so a wrong guess costs nothing but a remark.
"""

from __future__ import annotations

from jsonschema_rs import ValidationError, ValidationErrorKind

from ...base.diagnostics import closest
from ...base.values import Path, value_at
from ..yaml.document import Document
from . import subschemas
from .schema_errors import MOST_SLIPS
from .subschemas import Schema


def mend(document: Document, schema: Schema, data: object, path: Path, error: ValidationError) -> bool:
    """Put what was meant into ``data``; whether there was a guess. Mended data has no such error any more."""
    kind = error.kind
    if isinstance(kind, ValidationErrorKind.AdditionalProperties):
        holder = value_at(data, path)
        known = subschemas.properties(subschemas.at(schema, error.schema_path[:-1]))
        return isinstance(holder, dict) and _rename(document, holder, path, kind.unexpected, known)
    if isinstance(kind, ValidationErrorKind.Enum) and path and isinstance(error.instance, str):
        meant = closest(error.instance, [option for option in kind.options if isinstance(option, str)])
        if meant:
            value_at(data, path[:-1])[path[-1]] = meant
        return bool(meant)
    return False


def _rename(document: Document, holder: dict[str, object], path: Path, unknown: list[str], known: Schema) -> bool:
    """Give the values of unknown keys to the known ones that are closest, where those are not written as well."""
    names: dict[str, str] = {}
    for key in unknown[:MOST_SLIPS]:
        meant = closest(key, known)
        if meant and meant not in holder and meant not in names.values():
            names[key] = meant
            document.call((*path, key), meant)
    if names:
        items = [(names.get(key, key), value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)
    return bool(names)

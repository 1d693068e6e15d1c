"""What the validator rejects, described by jsonschema.

In: an error of jsonschema-rs, and the schema. Out: a ``Finding``, which explanations are written from. Importing this
module loads jsonschema, which takes longer than to validate a spec: import it only for a spec that has an error.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError, validators
from jsonschema_rs import ValidationError as Rejection
from jsonschema_rs import ValidationErrorKind, Validator, validator_for

from . import subschemas
from .subschemas import Schema

_SLOW = frozenset({"uniqueItems"})
"""Keywords that jsonschema checks in a time that grows with the square of a list's length."""


@dataclass(frozen=True)
class Finding:
    """One keyword of the schema, and the value that breaks it.

    ``expected`` is the keyword's value, and ``node`` the subschema that has the keyword. If a mapping has unknown
    keys, ``value`` has only these keys, without their values. If it lacks keys, ``expected`` has only one of them.
    ``sentence`` describes the error in general terms, and repeats the value.
    """

    keyword: str
    expected: object
    value: object
    node: Schema
    sentence: str


def described(schema: Schema, rejection: Rejection) -> Finding:
    """What jsonschema reports about the keyword and the value that jsonschema-rs rejects.

    jsonschema-rs has the last word: if jsonschema accepts the value, the sentence is that of jsonschema-rs.
    """
    node = subschemas.at(schema, rejection.schema_path[:-1])
    keyword, kind = str(rejection.schema_path[-1]), rejection.kind
    expected, value = node.get(keyword), cast(object, rejection.instance)
    if isinstance(kind, ValidationErrorKind.Required):
        expected = [kind.property]
    elif isinstance(kind, ValidationErrorKind.AdditionalProperties):
        value = dict.fromkeys(kind.unexpected)
    check = None if keyword in _SLOW else Describer.VALIDATORS.get(keyword)
    errors = check(_VALIDATOR, expected, value, node) if check else ()
    sentence = next((error.message for error in errors or ()), "")
    return Finding(keyword, expected, value, node, sentence or rejection.message)


@functools.cache
def _engine(pattern: str) -> Validator:
    return validator_for({"pattern": pattern})


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the schema matches somewhere in a text, according to the engine that gives the verdict."""
    return bool(_engine(pattern).is_valid(text))


def _pattern(validator: Any, pattern: str, value: Any, _: Mapping[str, Any]) -> Iterator[ValidationError]:
    if validator.is_type(value, "string") and not _matches(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], value: Any, _: Mapping[str, Any]
) -> Iterator[ValidationError]:
    for key in value if validator.is_type(value, "object") else ():
        for pattern, rule in patterns.items():
            if _matches(pattern, key):
                yield from validator.descend(value[key], rule, path=key, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, value: Any, node: Mapping[str, Any]) -> Iterator[ValidationError]:
    if validator.is_type(value, "object"):
        known, patterns = node.get("properties", ()), node.get("patternProperties", ())
        free = [key for key in value if key not in known]
        others = {key: value[key] for key in free if not any(_matches(item, key) for item in patterns)}
        yield from Draft202012Validator.VALIDATORS["additionalProperties"](validator, rule, others, {})


# Python's `re` takes time without bounds for some patterns, and its `$` also matches before a newline at the end. So
# jsonschema leaves patterns to jsonschema-rs. The patterns in a spec's parameters aren't checked with the schema.
Describer = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
    },
)
_VALIDATOR = Describer({})

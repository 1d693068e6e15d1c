"""Parameters of a template: what is declared, what is given, and the values that follow.

In: `parameters` of the template and of the deployment. Out: values, and which of them are secure; or TemplateError.

Source: "Parameters in ARM templates"; the sentences are those of "Troubleshoot common Azure deployment errors",
InvalidTemplate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .evaluation import Scope, evaluate
from .expressions import TemplateError

SECURE = {"securestring": "SecureString", "secureobject": "SecureObject"}
SPELLING = {"string": "String", "int": "Int", "bool": "Bool", "object": "Object", "array": "Array", **SECURE}
FITS: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


@dataclass(frozen=True)
class Bound:
    """Values by name; secure ones apart, so that they need not be kept."""

    plain: Mapping[str, object]
    secure: Mapping[str, object]
    types: Mapping[str, str]

    @property
    def all(self) -> Mapping[str, object]:
        return {**self.plain, **self.secure}


def bind(declared: Mapping[str, object], given: Mapping[str, object], scope: Scope) -> Bound:
    """The value of every declared parameter."""
    offered = {name.lower(): entry for name, entry in given.items()}
    unknown = [name for name in given if name.lower() not in {known.lower() for known in declared}]
    if unknown:
        raise TemplateError(
            "The following parameters were supplied, but do not correspond to any parameters defined in the template: "
            f"'{', '.join(unknown)}'. The parameters defined in the template are: '{', '.join(declared)}'. Please see "
            "https://aka.ms/arm-pass-parameter-values for usage details."
        )
    plain: dict[str, object] = {}
    secure: dict[str, object] = {}
    types: dict[str, str] = {}
    for name, rule in declared.items():
        kind = str(rule.get("type", "")).lower() if isinstance(rule, dict) else ""
        if not isinstance(rule, dict) or kind not in SPELLING:
            raise TemplateError(f"The template parameter '{name}' has an invalid type '{kind}'.")
        known = replace(scope, parameters={**plain, **secure})
        value = _value(name, rule, offered.get(name.lower()), known)
        _check(name, kind, rule, value)
        types[name] = SPELLING[kind]
        (secure if kind in SECURE else plain)[name] = value
    return Bound(plain, secure, types)


def _value(name: str, rule: Mapping[str, object], offered: object, scope: Scope) -> object:
    if isinstance(offered, dict) and "reference" in offered:
        raise TemplateError(f"The value of the template parameter '{name}' cannot be read from a key vault here.")
    if isinstance(offered, dict) and "value" in offered:
        return offered["value"]
    if "defaultValue" in rule:
        return evaluate(rule["defaultValue"], scope)
    if rule.get("nullable") is True:
        return None
    raise TemplateError(
        f"The value for the template parameter '{name}' at line '1' and column '1' is not provided. Please see "
        "https://aka.ms/arm-create-parameter-file for usage details."
    )


def _check(name: str, kind: str, rule: Mapping[str, object], value: object) -> None:
    if value is None and rule.get("nullable") is True:
        return
    if not FITS[kind.removeprefix("secure")](value):
        raise TemplateError(
            f"Template parameter JToken type is not valid. Expected '{SPELLING[kind]}'. Actual "
            f"'{_json_type(value)}'. Parameter '{name}'. Please see https://aka.ms/arm-parameter-types for usage "
            "details."
        )
    allowed = rule.get("allowedValues")
    if isinstance(allowed, list) and value not in allowed:
        shown = "the given value" if kind in SECURE else f"'{value}'"
        raise TemplateError(
            f"The provided value for the template parameter '{name}' is not valid. The value {shown} is not part of "
            f"the allowed value(s): '{','.join(str(entry) for entry in allowed)}'."
        )
    size = value if kind == "int" and isinstance(value, int) else len(value) if isinstance(value, str | list) else None
    low, high = (rule.get(key) for key in (("minValue", "maxValue") if kind == "int" else ("minLength", "maxLength")))
    if size is not None and ((isinstance(low, int) and size < low) or (isinstance(high, int) and size > high)):
        raise TemplateError(
            f"The provided value for the template parameter '{name}' is not valid: it must lie between "
            f"'{'-' if low is None else low}' and '{'-' if high is None else high}'."
        )


def _json_type(value: object) -> str:
    names: dict[type, str] = {bool: "Boolean", int: "Integer", str: "String", dict: "Object", list: "Array"}
    return names.get(type(value), "Null" if value is None else "Float")

"""Parameters: declared in the spec, given by flags, files and the environment.

In: the ``parameters:`` section and what the user gave. Out: a value for each parameter, and diagnostics.
Order, last wins: ``default``, ``PROVISIONER_PARAM_<name>``, ``--parameters FILE``, ``-p name=value``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..base import json_text
from ..base.diagnostics import Diagnostic, SourceLocation, did_you_mean
from ..base.reporting import error
from ..base.values import Path, mapping
from .expressions.expression_parser import SECRET_PARAMETERS
from .expressions.interpolation import Late, passed_on, split
from .schema import bounded_regex
from .yaml import scalars
from .yaml.document import Document
from .yaml.source import MAX_DEPTH

ENVIRONMENT_PREFIX = "PROVISIONER_PARAM_"
_DEFAULT = "its default"
_WORDS = frozenset({"type", "default", "allowed", "pattern", "description", "secret"})


@dataclass(frozen=True)
class Given:
    """What the user gave from outside; ``flags`` are texts, ``files`` are parsed values with their places."""

    flags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[SourceLocation, object]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """A plain scalar of a file as a value and as its source text: which of them is meant, the type says."""

    value: object
    text: str

    @classmethod
    def of(cls, document: Document, path: Path, value: object) -> object:
        """A value of a document: as it is, or with its text where it could be either."""
        if value is None or isinstance(value, (str, list, dict)):
            return value
        return cls(value, document.source_text(path) or str(value))


def is_text(value: str) -> bool:
    """Whether a text from the command line or the environment is UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def settle(document: Document, declared: object, given: Given) -> tuple[dict[str, object], list[Diagnostic]]:
    """The value of every declared parameter; a missing one is a diagnostic at its declaration."""
    values: dict[str, object] = {}
    diagnostics: list[Diagnostic] = []
    declared = declared if isinstance(declared, Mapping) else {}
    for name, written in declared.items():
        declaration = written if isinstance(written, Mapping) else {}
        if declaration.get("secret") is True:
            value, problems = _secret(document, name, declaration, given)
            diagnostics += problems
            if not problems:
                values[name] = value
            continue
        found, value, origin = _find(name, declaration, given)
        if origin == _DEFAULT:
            value = Written.of(document, ("parameters", name, "default"), value)
        if not found:
            if any(did_you_mean(key, _WORDS) == "did you mean 'default'?" for key in {*declaration} - _WORDS):
                continue  # the unknown key says so
            location = document.locate(("parameters", name), key=True)
            reason = str(declaration.get("description", ""))
            hint = f"set it with -p {name}=… or {ENVIRONMENT_PREFIX}{name}"
            summary = f'the parameter "{name}" has no value'
            diagnostics.append(error("PV1301", summary, location, reason=reason, hint=hint))
            continue
        if origin == _DEFAULT and any(is_expression for text in _texts(value) for is_expression, _ in split(text)):
            location = document.locate(("parameters", name, "default"))
            summary = f'the default of the parameter "{name}" holds an expression'
            hint = "use ${…} where the parameter is used; write $${ for a literal ${"
            reason = "provisioner evaluates parameters before anything else."
            diagnostics.append(error("PV1302", summary, location, reason=reason, hint=hint))
            continue
        value = passed_on(value) if origin == _DEFAULT else value
        problem, value = _check(
            value, declaration, origin in ("-p", "environment"), _allowed(document, name, declaration)
        )
        if problem:
            at: Path = ("parameters", name, "default") if origin == _DEFAULT else ("parameters", name)
            location = document.locate(at, key=origin != _DEFAULT)
            summary, reason = f'the parameter "{name}" (from {origin}) {problem}', ""
            if name in given.files and origin == str(given.files[name][0]):
                reason = f"It is declared at {location.file}:{location.line}."
                summary, location = f'the parameter "{name}" {problem}', given.files[name][0]
            hint = "write true or false" if declaration.get("type") == "boolean" else "set another value"
            diagnostics.append(error("PV1302", summary, location, reason=reason, hint=hint))
            continue
        values[name] = value
    for name in [*given.flags, *(name for name in given.files if name not in given.flags)]:
        if name not in declared:
            origin, place = (" (from -p)", SourceLocation(document.file)) if name in given.flags else ("", None)
            summary = f'"{name}"{origin} is not a parameter of this spec'
            hint = did_you_mean(name, declared) or "remove it, or declare it under `parameters:`"
            diagnostics.append(error("PV1303", summary, place or given.files[name][0], hint=hint))
    return values, diagnostics


def _texts(value: object) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value if isinstance(value, list) else value.values():
            yield from _texts(item)


def secret_parameters(declared: object) -> list[str]:
    """The names of the parameters that are secrets."""
    declared = declared if isinstance(declared, Mapping) else {}
    return [name for name, item in declared.items() if isinstance(item, Mapping) and item.get("secret") is True]


def secret_value(declared: object, name: str, given: Given) -> tuple[str | None, str]:
    """The value of a parameter that is a secret, or None and why there is none; never its default."""
    declaration = mapping(mapping(declared)[name])
    found, value, origin = _find(name, {}, given)
    if not found:
        return None, ""
    problem, value = _check(value, declaration, origin in ("-p", "environment"), None)
    return (None, f"the value from {origin} {problem}") if problem else (str(value), "")


def _secret(
    document: Document, name: str, declaration: Mapping[str, object], given: Given
) -> tuple[object, list[Diagnostic]]:
    """What stands for a secret until it is needed: in an included file, what that was given."""
    wrong = [key for key in ("default", "allowed") if key in declaration]
    if declaration.get("type", "string") != "string":
        wrong.append("type")
    places = [document.locate(("parameters", name, key), key=True) for key in wrong]
    reason = "Users with read access to the spec could read it." if wrong != ["type"] else "Secrets are strings."
    problems = [
        error(
            "PV1308",
            f'the secret parameter "{name}" cannot have this {key}',
            place,
            reason=reason,
            hint=f"delete `{key}:`",
        )
        for key, place in zip(wrong, places, strict=True)
    ]
    found, value, _ = _find(name, {}, given)
    if isinstance(value, Late):
        return value, problems
    if found and not problems:
        problem = secret_value({name: declaration}, name, given)[1]
        location = document.locate(("parameters", name), key=True)
        if problem:
            problems.append(error("PV1302", f'the parameter "{name}": {problem}', location, hint="set another value"))
    return Late(f"${{{SECRET_PARAMETERS}{name}}}"), problems


def _find(name: str, declaration: Mapping[str, object], given: Given) -> tuple[bool, object, str]:
    if name in given.flags:
        return True, given.flags[name], "-p"
    if name in given.files:
        place, value = given.files[name]
        return True, value, str(place)
    variable = ENVIRONMENT_PREFIX + name
    # Windows has variables without case and gives their names in capitals.
    for candidate in (variable, variable.upper()):
        if candidate in given.environment:
            return True, given.environment[candidate], "environment"
    if "default" in declaration:
        return True, declaration["default"], _DEFAULT
    return False, None, ""


def _allowed(document: Document, name: str, declaration: Mapping[str, object]) -> list[object] | None:
    """The allowed values, as texts where the parameter is one."""
    allowed = declaration.get("allowed")
    if not isinstance(allowed, list):
        return None
    written = [
        Written.of(document, ("parameters", name, "allowed", index), value) for index, value in enumerate(allowed)
    ]
    return [_meant(value, str(declaration.get("type", "string"))) for value in written]


def _meant(value: object, kind: str) -> object:
    if not isinstance(value, Written):
        return value
    return value.text if kind == "string" else value.value


def _check(
    value: object, declaration: Mapping[str, object], is_outside: bool, allowed: list[object] | None
) -> tuple[str, object]:
    """What is wrong with a value, if anything, and the value as its type has it."""
    kind = str(declaration.get("type", "string"))
    if is_outside:
        text = str(value)
        if not is_text(text):
            return "is not UTF-8 text", None
        problem, value = _from_text(text, kind)
        if problem:
            return problem, None
    value = _meant(value, kind)
    wanted: dict[str, tuple[type, ...]] = {
        "string": (str,), "number": (int, float), "boolean": (bool,), "list": (list,), "map": (dict,),
    }  # fmt: skip
    types = wanted.get(kind, (object,))
    # In Python a boolean is a number; in a spec it is not.
    if not isinstance(value, types) or (kind == "number" and isinstance(value, bool)):
        return f"must be a {kind}", None
    if isinstance(value, Late):
        return "", value
    if allowed is not None and value not in allowed:
        return f"must be one of {', '.join(map(str, allowed))}", None
    pattern = declaration.get("pattern")
    if isinstance(pattern, str) and isinstance(value, str):
        try:
            if not bounded_regex.matches(pattern, value):
                return f"must match {pattern}", None
        except bounded_regex.PatternError as error:
            return f"has a pattern that is not a regular expression: {error}", None
    return "", value


def _from_text(text: str, kind: str) -> tuple[str, object]:
    if kind == "string":
        return "", text
    if kind in ("list", "map"):
        try:
            return "", json_text.loads(text, MAX_DEPTH)
        except ValueError:
            return f"must be a {kind} in JSON", None
    return "", scalars.resolve(text)

"""Parameters: declared in the spec, given by flags, files and the environment.

In: the ``parameters:`` section and what the user gave. Out: a value for each parameter, and diagnostics.
Order, last wins: ``default``, ``PROVISIONER_PARAM_<name>``, ``--parameters FILE``, ``-p name=value``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import Diagnostic, SourceLocation, did_you_mean
from . import scalars
from .document import Document

ENVIRONMENT_PREFIX = "PROVISIONER_PARAM_"


@dataclass(frozen=True)
class Given:
    """What the user gave from outside; ``flags`` are texts, ``files`` are parsed values with their file's name."""

    flags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, Any]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def settle(document: Document, declared: Any, given: Given) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The value of every declared parameter; a missing one is a diagnostic at its declaration."""
    values: dict[str, Any] = {}
    diagnostics: list[Diagnostic] = []
    declared = declared if isinstance(declared, Mapping) else {}
    for name, written in declared.items():
        declaration = written if isinstance(written, Mapping) else {}
        found, value, origin = _find(name, declaration, given)
        location = document.locate(("parameters", name), key=True)
        if not found:
            reason = str(declaration.get("description", ""))
            hint = f"give it with -p {name}=… or {ENVIRONMENT_PREFIX}{name}"
            summary = f'the parameter "{name}" has no value'
            diagnostics.append(Diagnostic("PV1301", summary, location, reason=reason, hint=hint))
            continue
        problem, value = _check(value, declaration, is_text=origin in ("-p", "environment"))
        if problem:
            summary = f'the parameter "{name}" (from {origin}) {problem}'
            diagnostics.append(Diagnostic("PV1302", summary, location))
            continue
        values[name] = value
    for name, origin in _undeclared(declared, given):
        place = SourceLocation(origin if origin != "-p" else document.file)
        hint = did_you_mean(name, declared)
        diagnostics.append(
            Diagnostic("PV1303", f'"{name}" (from {origin}) is no parameter of this spec', place, hint=hint)
        )
    return values, diagnostics


def _find(name: str, declaration: Mapping[str, Any], given: Given) -> tuple[bool, Any, str]:
    if name in given.flags:
        return True, given.flags[name], "-p"
    if name in given.files:
        origin, value = given.files[name]
        return True, value, origin
    variable = ENVIRONMENT_PREFIX + name
    for candidate in (variable, variable.upper()):
        if candidate in given.environment:
            return True, given.environment[candidate], "environment"
    if "default" in declaration:
        return True, declaration["default"], "its default"
    return False, None, ""


def _undeclared(declared: Mapping[str, Any], given: Given) -> list[tuple[str, str]]:
    flags = [(name, "-p") for name in given.flags if name not in declared]
    return flags + [(name, origin) for name, (origin, _) in given.files.items() if name not in declared]


def _check(value: Any, declaration: Mapping[str, Any], is_text: bool) -> tuple[str, Any]:
    kind = declaration.get("type", "string")
    if is_text:
        problem, value = _from_text(value, kind)
        if problem:
            return problem, None
    elif kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    wanted: dict[str, tuple[type, ...]] = {
        "string": (str,), "number": (int, float), "boolean": (bool,), "list": (list,), "map": (dict,),
    }  # fmt: skip
    types = wanted.get(str(kind), (object,))
    if not isinstance(value, types) or (kind == "number" and isinstance(value, bool)):
        return f"must be a {kind}", None
    allowed = declaration.get("allowed")
    if isinstance(allowed, list) and value not in allowed:
        return f"must be one of {', '.join(map(str, allowed))}", None
    pattern = declaration.get("pattern")
    if isinstance(pattern, str) and isinstance(value, str):
        try:
            if not re.search(pattern, value):
                return f"must match {pattern}", None
        except re.error as error:
            return f"has a pattern that is no regular expression ({error})", None
    return "", value


def _from_text(text: str, kind: str) -> tuple[str, Any]:
    if kind == "string":
        return "", text
    if kind in ("list", "map"):
        try:
            return "", json.loads(text)
        except ValueError:
            return f"must be a {kind} in JSON", None
    return "", scalars.resolve(text)

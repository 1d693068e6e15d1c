"""A spec file to a ``Spec``: parse, replace parameters, check against the schema.

In: a file's name and what the user gave for parameters. Out: a ``Spec`` that carries its diagnostics; the caller
adds those of later checks and decides, so that all of them are told at once.
"""

from __future__ import annotations

from typing import Any

from ..diagnostics import Diagnostic
from . import document as documents
from . import expressions, fleets, parameters, schema
from .collecting import paused
from .model import Spec
from .names import Names


def load(file: str, given: parameters.Given) -> Spec:
    """Read a spec.

    Raises:
        UnreadableFileError, SpecError: the file cannot be read, or is no YAML that could be looked at further.
    """
    return build(documents.read(file), given)


@paused()
def build(document: documents.Document, given: parameters.Given) -> Spec:
    """A parsed document to a ``Spec``."""
    data = document.data
    values, diagnostics = parameters.settle(document, data.get("parameters"), given)
    names = Names(document, values, data, given.environment)
    data = {
        key: value if key in ("parameters",) else expressions.evaluate(value, names, (key,))
        for key, value in data.items()
    }
    found, broken = schema.validate(document, data)
    spread = fleets.Fleets(document, data, broken | names.broken, names)
    if spread.found:
        again, worse = schema.validate(document, spread.data, members=True)
        data, broken = spread.data, worse | spread.broken
        found += [*spread.diagnostics, *_new(again, found)]
    return Spec(
        document,
        data,
        (*diagnostics, *_once(names.diagnostics), *found),
        frozenset(broken | names.broken),
        lambda text, path: expressions.evaluate(text, names, path),
    )


def _once(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """What many members of a fleet have, told of the first."""
    first = {(item.code, item.location): item for item in reversed(diagnostics)}
    return list(first.values())


def _new(diagnostics: list[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    """What is wrong with the members of fleets and was not with the fleet itself; once where all have it."""
    told = {(item.code, item.location) for item in known}
    return [item for item in _once(diagnostics) if (item.code, item.location) not in told]


def read_parameter_file(file: str) -> dict[str, tuple[str, Any]]:
    """The values in a ``--parameters`` file: a YAML mapping of names to values.

    Raises:
        UnreadableFileError, SpecError: as for a spec.
    """
    document = documents.read(file)
    return {name: (file, parameters.Written.of(document, (name,), value)) for name, value in document.data.items()}

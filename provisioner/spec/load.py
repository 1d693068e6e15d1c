"""A spec file to a ``Spec``: parse, replace parameters, check against the schema.

In: a file's name and what the user gave for parameters. Out: a ``Spec`` that carries its diagnostics; the caller
adds those of later checks and decides, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import Diagnostic, did_you_mean
from ..resource import Path
from . import document as documents
from . import expressions, fleets, parameters, schema
from .model import Spec


def load(file: str, given: parameters.Given) -> Spec:
    """Read a spec.

    Raises:
        UnreadableFileError, SpecError: the file cannot be read, or is no YAML that could be looked at further.
    """
    return build(documents.read(file), given)


def build(document: documents.Document, given: parameters.Given) -> Spec:
    """A parsed document to a ``Spec``."""
    data = document.data
    values, diagnostics = parameters.settle(document, data.get("parameters"), given)
    names = _Names(document, values, data, given.environment)
    data = {
        key: value if key in ("parameters",) else expressions.evaluate(value, names, (key,))
        for key, value in data.items()
    }
    found, broken = schema.validate(document, data)
    spread = fleets.Fleets(document, data, broken | names.broken)
    if spread.found:
        again, worse = schema.validate(document, spread.data, members=True)
        data, broken = spread.data, worse | spread.broken
        found += [*spread.diagnostics, *_new(again, found)]
    return Spec(
        document,
        data,
        (*diagnostics, *names.diagnostics, *found),
        frozenset(broken | names.broken),
        lambda text, path: expressions.evaluate(text, names, path),
    )


def _new(diagnostics: list[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    """What is wrong with the members of fleets and was not with the fleet itself; once where all have it."""
    told = {(item.code, item.location) for item in known}
    first = {(item.code, item.location): item for item in reversed(diagnostics)}
    return [item for key, item in first.items() if key not in told]


def read_parameter_file(file: str) -> dict[str, tuple[str, Any]]:
    """The values in a ``--parameters`` file: a YAML mapping of names to values.

    Raises:
        UnreadableFileError, SpecError: as for a spec.
    """
    document = documents.read(file)
    return {name: (file, parameters.Written.of(document, (name,), value)) for name, value in document.data.items()}


class _Names:
    """What the spec itself knows: ``parameters.x``, ``env.X`` and ``deployment``."""

    def __init__(
        self,
        document: documents.Document,
        values: Mapping[str, Any],
        data: Mapping[str, Any],
        environment: Mapping[str, str],
    ) -> None:
        self._document = document
        self._values = values
        self._declared = data.get("parameters") if isinstance(data.get("parameters"), Mapping) else {}
        self._deployment = data.get("deployment")
        self._environment = environment
        self.diagnostics: list[Diagnostic] = []
        self.broken: set[Path] = set()

    def __call__(self, expression: str, path: Path) -> Any:
        head, _, rest = expression.partition(".")
        if head == "parameters":
            if rest in self._values:
                return self._values[rest]
            if rest not in (self._declared or {}):
                self._report(f'unknown parameter "{rest}"', path, did_you_mean(rest, self._declared or {}))
            self.broken.add(path)
            return expressions.UNKNOWN
        if head == "env":
            if rest in self._environment:
                value = self._environment[rest]
                if parameters.is_text(value):
                    return value
                self._report(f"the environment variable {rest} is not UTF-8 text", path, "")
                self.broken.add(path)
                return expressions.UNKNOWN
            self._report(f"the environment variable {rest} is not set", path, f"export {rest}=…")
            self.broken.add(path)
            return expressions.UNKNOWN
        if expression == "deployment" and isinstance(self._deployment, str):
            return self._deployment
        return expressions.UNKNOWN

    def _report(self, summary: str, path: Path, hint: str) -> None:
        self.diagnostics.append(Diagnostic("PV1304", summary, self._document.locate(path), hint=hint))

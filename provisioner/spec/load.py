"""Spec files to a ``Spec``: parse, merge, include, replace parameters, check against the schema.

In: files' names and what the user gave for parameters. Out: a ``Spec`` that carries its diagnostics; the caller
adds those of later checks and decides, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path as FilePath

from ..base.diagnostics import Diagnostic, SourceLocation, SpecError
from ..base.gc_control import paused
from . import parameters
from .expressions import interpolation
from .expressions.evaluation_scope import Names
from .files import includes, overlay
from .fleets import fleets, shorthand
from .model import Spec
from .schema import schema
from .yaml import document as documents

_WITHOUT_VALUES = "correct the file; its lines are not shown, because they might contain secrets"


@paused()
def load(
    files: Sequence[str],
    given: parameters.Given,
    allowed: Iterable[FilePath] = (),
    read: Callable[..., documents.Document] = documents.read,
) -> Spec:
    """Read a spec: a file, and those that are laid over it.

    Args:
        files: their names, the lowest layer first.
        given: what the user gave for parameters.
        allowed: folders that files may be included from, besides the repository of the first.
        read: a document by its file's name and the tags that may stand in it.

    Raises:
        UnreadableFileError, SpecError: a file cannot be read, or is no YAML that could be looked at further.
    """
    layers: list[documents.Document] = []
    diagnostics: list[Diagnostic] = []
    for file in files:
        try:
            layers.append(read(file, documents.OVERLAY_TAGS if layers else frozenset()))
        except documents.RepeatedKeysError as error:
            diagnostics += error.diagnostics
            layers.append(error.document)
        except SpecError as error:
            diagnostics += error.diagnostics
    if len(layers) < len(files):
        raise SpecError(diagnostics)
    try:
        spec = build(_composed(layers, given, allowed, read), given)
    except SpecError as error:
        raise SpecError([*diagnostics, *(item for item in error.diagnostics if item not in diagnostics)]) from error
    return replace(spec, diagnostics=(*diagnostics, *spec.diagnostics))


def _composed(
    layers: list[documents.Document],
    given: parameters.Given,
    allowed: Iterable[FilePath],
    read: Callable[..., documents.Document],
) -> documents.Document:
    """Layers and what they include as one document: overlays lie over included entries too."""
    if not any(includes.SECTION in layer.data for layer in layers):
        return overlay.merged(layers)
    head = overlay.merged([includes.head(layer) for layer in layers])
    values, diagnostics = parameters.settle(head, head.data.get("parameters"), given)
    names = Names(head, values, head.data, given.environment)
    base = includes.joined(head, layers[0], names, read, allowed)
    if names.broken:
        raise SpecError([*diagnostics, *names.diagnostics])
    return overlay.merged([base, *layers[1:]])


@paused()
def build(document: documents.Document, given: parameters.Given) -> Spec:
    """A parsed document to a ``Spec``."""
    data = document.data
    values, diagnostics = parameters.settle(document, data.get("parameters"), given)
    names = Names(document, values, data, given.environment)
    data = {
        key: value if key in ("parameters",) else interpolation.evaluate(value, names, (key,))
        for key, value in data.items()
    }
    found, broken = schema.validate(document, data)
    # After validation, so that a fleet with an invalid `count` is reported once, and not spread.
    spread = fleets.Fleets(document, data, broken | names.broken, names)
    if spread.found:
        # Again: `${index}` and `${value}` have values only now, which the schema has not seen.
        again, worse = schema.validate(document, spread.data, members=True)
        data, broken = spread.data, worse | spread.broken
        found += [*spread.reported, *_new(again, found)]
    broken |= names.broken
    return Spec(
        document,
        shorthand.written_out(data, document, broken),
        (*diagnostics, *_once(names.diagnostics), *found),
        frozenset(broken),
        names.in_template,
        spread.none,
        spread.counted,
        spread.budget,
    )


def _once(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """What many members of a fleet have, told of the first."""
    first = {(item.code, item.location): item for item in reversed(diagnostics)}
    return list(first.values())


def _new(diagnostics: list[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    """What is wrong with the members of fleets and was not with the fleet itself; once where all have it."""
    told = {(item.code, item.location) for item in known}
    return [item for item in _once(diagnostics) if (item.code, item.location) not in told]


def read_parameter_file(file: str) -> dict[str, tuple[SourceLocation, object]]:
    """The values in a ``--parameters`` file: a YAML mapping of names to values.

    Raises:
        UnreadableFileError, SpecError: as for a spec, but without its lines: which values are secrets, the spec says.
    """
    try:
        document = documents.read(file, may_say_nothing=True)
    except SpecError as error:
        bare = [
            replace(item, location=replace(item.location, text=""), hint=_WITHOUT_VALUES) for item in error.diagnostics
        ]
        raise SpecError(bare) from error
    return {
        name: (replace(document.locate((name,)), text=""), parameters.Written.of(document, (name,), value))
        for name, value in document.data.items()
    }

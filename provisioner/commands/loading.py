"""From a spec file to a graph, with every diagnostic told at once."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..base import files
from ..base.characters import encoding_of
from ..base.diagnostics import Diagnostic, SpecError, UsageError, by_place, listed
from ..base.gc_control import paused
from ..base.reporting import error
from ..base.values import Path as SpecPath
from ..planning import plan_format
from ..report.style import excerpt_width
from ..resources import graph as graphs
from ..resources import resolve as resolving
from ..spec import checker, load, parameters
from ..spec.model import Spec
from ..spec.yaml import suppressions

_NO_FILE = "-: a spec is a file" + (
    "" if sys.platform == "win32" else "; /dev/stdin is standard input, with paths in it beginning at /dev"
)
ANY_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Loaded:
    """A spec without errors; ``warnings`` are sorted by place."""

    spec: Spec
    resolution: resolving.Resolution
    graph: graphs.Graph
    warnings: tuple[Diagnostic, ...]


def read_spec(files: Sequence[str], given: parameters.Given, allowed: Iterable[str] = ()) -> Spec:
    """Read a spec of one file or several; what is wrong in it is told by ``complete``.

    Raises:
        UsageError: a file is a saved plan, or meant to be standard input.
        SpecError, UnreadableFileError: a file cannot be read as one of a spec.
    """
    for file in files:
        if file == "-":
            raise UsageError(_NO_FILE)
        if plan_format.is_plan_file(file):
            raise UsageError(f"{file} is a saved plan, not a spec; to apply it, run `provisioner apply {file}`")
    return load.load(files, given, [Path(folder) for folder in allowed])


@paused()
def complete(spec: Spec, subscription_id: str = ANY_SUBSCRIPTION) -> Loaded:
    """Resolve and check a spec.

    Raises:
        SpecError: with every error and warning.
    """
    resolution = resolving.resolve(spec, subscription_id, _reader(spec))
    diagnostics = [*spec.diagnostics, *resolution.diagnostics, *checker.check(spec)]
    graph = graphs.Graph({})
    try:
        graph = graphs.build(resolution.resources)
    except graphs.CycleError as error:
        diagnostics.append(_cycle(spec, resolution, error))
    diagnostics = suppressions.remaining(spec.document, diagnostics)
    if any(item.severity == "error" for item in diagnostics):
        raise SpecError(diagnostics)
    return Loaded(spec, resolution, graph, tuple(by_place(diagnostics)))


def warn(loaded: Loaded) -> None:
    """Print the warnings where they do not mix with the output."""
    if loaded.warnings:
        found = listed(loaded.warnings, excerpt_width(sys.stderr), encoding_of(sys.stderr))
        print(found, end="\n\n", file=sys.stderr)


def _reader(spec: Spec) -> resolving.ReadFile:
    """Reads a file once, though every member of a fleet names it."""

    @functools.lru_cache(maxsize=64)
    def text(file: Path) -> str:
        return files.text(file, files.MAX_TEXT_BYTES)

    def read(name: str, path: SpecPath) -> str:
        return text(spec.document.directory_of(path) / Path(name).expanduser())

    return read


def _cycle(spec: Spec, resolution: resolving.Resolution, found: graphs.CycleError) -> Diagnostic:
    first = next(item for item in resolution.resources if item.address == found.cycle[0])
    location = spec.document.locate(first.path, key=True)
    if len(set(found.cycle)) == 1:
        hint = "use its own values only in its extensions, in an output, or in another resource"
        return error("PV2301", f"{first.address} depends on its own value", location, hint=hint)
    hint = "remove one of these references"
    return error("PV2301", f"{first.address} is part of a dependency cycle", location, reason=str(found), hint=hint)

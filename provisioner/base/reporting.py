"""The one way to report a mistake: a code, a summary, and where it is.

In: a place, either the steps of a path in the spec or one ``SourceLocation``. Out: a ``Diagnostic``, or the same in a
``Reporter`` that finds the lines of paths and collects. It never prints.
"""

from __future__ import annotations

from typing import Protocol

from .diagnostics import UNPLACED, Diagnostic, Severity, SourceLocation
from .values import Path


def error(code: str, summary: str, *at: str | int | SourceLocation, hint: str, reason: str = "") -> Diagnostic:
    """A mistake; a path stays one until ``Diagnostic.placed`` gives it its line."""
    return _diagnostic("error", code, summary, at, reason, hint)


def warning(code: str, summary: str, *at: str | int | SourceLocation, hint: str, reason: str = "") -> Diagnostic:
    """Something that is legal and seldom meant."""
    return _diagnostic("warning", code, summary, at, reason, hint)


def _diagnostic(
    severity: Severity, code: str, summary: str, at: tuple[str | int | SourceLocation, ...], reason: str, hint: str
) -> Diagnostic:
    location = next((step for step in at if isinstance(step, SourceLocation)), UNPLACED)
    path = tuple(step for step in at if not isinstance(step, SourceLocation))
    return Diagnostic(code, summary, location, severity, reason, hint, path)


class Locate(Protocol):
    """Where a path is in the files; ``key`` asks for the key instead of its value."""

    def __call__(self, path: Path, key: bool = False) -> SourceLocation: ...


class Reporter:
    """Collects what is reported about one document; paths are below ``below``."""

    def __init__(self, locate: Locate, reported: list[Diagnostic] | None = None, below: Path = ()) -> None:
        self._locate = locate
        self._below = below
        self.reported = reported if reported is not None else []

    def error(
        self, code: str, summary: str, *at: str | int | SourceLocation,
        hint: str, reason: str = "", key: bool = False,
    ) -> None:  # fmt: skip
        self._add(error(code, summary, *at, reason=reason, hint=hint), key)

    def warning(
        self, code: str, summary: str, *at: str | int | SourceLocation,
        hint: str, reason: str = "", key: bool = False,
    ) -> None:  # fmt: skip
        self._add(warning(code, summary, *at, reason=reason, hint=hint), key)

    def _add(self, item: Diagnostic, key: bool) -> None:
        if item.location is UNPLACED:
            item = item.placed(self._locate((*self._below, *item.path), key=key))
        self.reported.append(item)

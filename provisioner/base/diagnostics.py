"""Diagnostics and the exception tree: every mistake that a user can make is a value with a place.

In: nothing. Out: frozen values and the exceptions below. It never prints and never reads a file.

    ProvisionerError                exit code
    ├── UsageError                  64  the command line is wrong
    ├── SpecError                   65  the spec (or a parameter, or a secret) is wrong; carries diagnostics
    ├── UnreadableFileError         66  a file cannot be read
    ├── AccessError                 77  no credentials, or Azure refuses them
    ├── StalePlanError              1  a saved plan no longer fits
    ├── LockedError                  1  another run holds the deployment's lock
    └── ExecutionError               1  Azure answered with an error; carries an AzureFailure
"""

from __future__ import annotations

import bisect
import difflib
import functools
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from . import characters
from .values import Path

Severity = Literal["error", "warning"]

WIDEST = 160
"""Characters of a line of a file that are shown around a mistake where nothing narrower is asked for."""
_BEFORE = 60
_LONGEST = 1000
"""Characters of a summary, a reason or a hint that are shown."""
_MOST_SHOWN = 200
"""Diagnostics that are shown of one kind; those behind them are counted."""
_MOST_CANDIDATES = 200
_NEAR = 10
_FEW = 8


@dataclass(frozen=True, order=True)
class SourceLocation:
    """A place in a file; line and column are 1-based, ``text`` is the line itself for the caret."""

    file: str
    line: int = 0
    column: int = 0
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


UNPLACED = SourceLocation("")
"""Of a diagnostic whose path has not been looked up in the files yet."""


@dataclass(frozen=True)
class Diagnostic:
    """One finding about the user's input.

    ``summary`` says what is wrong, ``reason`` why it matters or which rule it breaks, ``hint`` what to do.
    ``code`` (``PV1203``) is stable: it can be searched for. ``path`` is where it is in the spec, for as long as
    ``location`` is not known.
    """

    code: str
    summary: str
    location: SourceLocation
    severity: Severity = "error"
    reason: str = ""
    hint: str = ""
    path: Path = ()

    def placed(self, location: SourceLocation) -> Diagnostic:
        """The same at a line of a file."""
        return replace(self, location=location, path=())

    def render(self, widest: int = WIDEST, encoding: str = "utf-8") -> str:
        """The text form: ``file:line:col: error: summary``, the line with a caret, the reason, the hint.

        ``widest`` are the characters of the line that are shown: the caret stands under its place only where the
        terminal does not wrap it. ``encoding`` is the terminal's: what it does not have is shown in other characters.
        """
        lines = [f"{self.location}: {self.severity}: {_shortened(self.summary)} [{self.code}]"]
        if self.location.text:
            text, column = _window(self.location.text, self.location.column - 1, widest)
            text = text.replace("\t", " ")
            lines += [f"    {text}", "    " + " " * _cells(text, column, encoding) + "^"]
        if self.reason:
            lines.append(f"    {_shortened(self.reason)}")
        if self.hint:
            lines.append(f"    hint: {_shortened(self.hint)}")
        return "\n".join(map(printable, lines))

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.location.file,
            "line": self.location.line,
            "column": self.location.column,
            "summary": self.summary,
            "reason": self.reason,
            "hint": self.hint,
        }


def printable(text: str) -> str:
    """``text`` on one line without what would steer a terminal: control characters as escapes."""
    if text.isprintable():
        return text
    return "".join(item if item.isprintable() else item.encode("unicode_escape").decode("ascii") for item in text)


def printable_lines(text: str) -> str:
    """Several lines, each without what would steer a terminal."""
    return text if text.isprintable() else "\n".join(map(printable, text.split("\n")))


def counted(count: int, noun: str) -> str:
    """``1 error``, ``2 errors``; for nouns that take an s."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def listed(diagnostics: Iterable[Diagnostic], widest: int = WIDEST, encoding: str = "utf-8") -> str:
    """Diagnostics in the text form, in their order; of very many the first errors and the first warnings.

    ``widest`` and ``encoding`` are those of ``Diagnostic.render``.
    """
    lines: list[str] = []
    left: dict[Severity, int] = {"error": _MOST_SHOWN, "warning": _MOST_SHOWN}
    for item in diagnostics:
        left[item.severity] -= 1
        if left[item.severity] >= 0:
            lines.append(item.render(widest, encoding))
    lines += [f"and {counted(-count, f'more {severity}')}" for severity, count in left.items() if count < 0]
    return "\n".join(lines)


def _cells(text: str, column: int, encoding: str) -> int:
    """How many cells of a terminal the characters before a column take, as they are shown."""
    before = characters.shown(printable(text[:column]), encoding)
    wide = sum(unicodedata.east_asian_width(item) in "WF" for item in before)
    none = sum(unicodedata.category(item) in ("Mn", "Me") for item in before)
    return len(before) + wide - none + max(column - len(text), 0)


def _window(text: str, column: int, widest: int) -> tuple[str, int]:
    """The part of a long line around a 0-based column, and where the column is in it."""
    before = min(_BEFORE, widest // 2)
    start = column - before if column > widest - before and len(text) > widest else 0
    head = "…" if start else ""
    shown = head + text[start : start + widest]
    return shown + ("…" if len(text) > start + widest else ""), column - start + len(head)


def by_place(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sorted by file, line and column, without repetitions."""
    return sorted(
        dict.fromkeys(diagnostics),
        key=lambda item: (item.location.file, item.location.line, item.location.column, item.code, item.summary),
    )


def closest(word: str, candidates: Collection[str]) -> str:
    """The candidate that a word was most likely meant to be, or nothing."""
    known = _sorted(_Same(candidates))
    if len(known) > _MOST_CANDIDATES or len(word) > WIDEST:
        # Comparing a word costs time: of very many, those are looked at that it would stand among.
        at = bisect.bisect(known, word[:WIDEST])
        known = known[max(0, at - _NEAR) : at + _NEAR]
        word = word[:WIDEST]
    return _close(word, tuple(known))


_ALIKE = 0.62
"""Less, and `depends_on` would be taken for `extensions`."""


@functools.lru_cache(1024)
def _close(word: str, known: tuple[str, ...]) -> str:
    plain = word.lower()
    same = next((other for other in known if other.lower() == plain), "")
    if same:
        return same
    close = next(iter(difflib.get_close_matches(word, known, n=1, cutoff=_ALIKE)), "")
    if close or len(plain) < len("in"):
        return close
    parts = [other for other in known if other.lower().startswith(plain) or other.lower().endswith(f"_{plain}")]
    return parts[0] if len(parts) == 1 else ""


def did_you_mean(word: str, candidates: Collection[str]) -> str:
    """A hint naming the closest candidate, or all of them when they are few, or nothing."""
    if close := closest(word, candidates):
        return f"did you mean '{close}'?"
    known = _sorted(_Same(candidates))
    return "use one of: " + ", ".join(known) if known and len(known) <= _FEW else ""


def and_others(item: Diagnostic, others: int, of_what: str) -> Diagnostic:
    """A diagnostic that stands for so many others as well: ``1 more of the fleet has it too.``"""
    if not others:
        return item
    more = f"{others} more {of_what} {'has' if others == 1 else 'have'} it too."
    stop = "" if not item.reason or item.reason.endswith(".") else "."
    return replace(item, reason=f"{item.reason}{stop} {more}".lstrip())


class _Same:
    """Words that are the same object with as many in it: thousands of mistakes may be compared with all of them."""

    def __init__(self, words: Collection[str]) -> None:
        self.words = words
        self._size = len(words)

    def __hash__(self) -> int:
        return hash((id(self.words), self._size))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and (self.words is other.words and self._size == other._size)


@functools.lru_cache(4)
def _sorted(same: _Same) -> list[str]:
    return sorted(set(same.words))


@dataclass(frozen=True)
class AzureFailure:
    """What Azure answered when it refused: ARM's own code and message, and how to find the request again.

    ``retry_after_s`` is what it asked for, in seconds of the wall clock; ``tries`` how often it was tried in all;
    ``limit`` is the time for trying again that was used up; ``inner`` are the codes of the errors inside.
    """

    code: str
    message: str
    status: int = 0
    request_id: str = ""
    target: str = ""
    retry_after_s: float = 0.0
    tries: int = 1
    limit: str = ""
    inner: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.message}"]
        if self.request_id:
            parts.append(f"(request {self.request_id})")
        return " ".join(parts)

    def with_target(self, target: str) -> AzureFailure:
        return replace(self, target=target)


class ProvisionerError(Exception):
    """Base of everything that is told to the user without a traceback."""

    exit_code = 1


class UsageError(ProvisionerError):
    """The command line does not make sense."""

    exit_code = 64


class SpecError(ProvisionerError):
    """The spec has errors; ``diagnostics`` holds all of them, warnings included, sorted by place."""

    exit_code = 65

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = by_place(diagnostics)
        super().__init__(listed(self.diagnostics))


class UnreadableFileError(ProvisionerError):
    """A file cannot be read: missing, a directory, no permission, not text."""

    exit_code = 66


class AccessError(ProvisionerError):
    """No credentials were found, or Azure refused them."""

    exit_code = 77


class StalePlanError(ProvisionerError):
    """A saved plan no longer fits the spec or what is in Azure."""


class LockedError(ProvisionerError):
    """Another run holds the deployment's lock."""


class ExecutionError(ProvisionerError):
    """Azure answered a request with an error."""

    def __init__(self, failure: AzureFailure) -> None:
        self.failure = failure
        where = f"{failure.target}: " if failure.target else ""
        super().__init__(f"{where}{failure}")

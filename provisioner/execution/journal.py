"""The journal: what a run did, one JSON object a line, for looking at it later. Nothing depends on it.

In: events as they come, without secrets. Out: a file per run in the user's state folder, readable for its owner
alone; the newest 200 are kept. A run without an `end` line was killed, or still goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from ..base import files, json_text
from ..base.diagnostics import UnreadableFileError, UsageError
from .events import Event

FORMAT_VERSION = 1
KEPT = 200
_SUFFIX = ".jsonl"


@dataclass(frozen=True)
class Run:
    """One run: its first line, and its last if it came to its end."""

    id: str
    head: Mapping[str, Any]
    end: Mapping[str, Any] | None


class Journal:
    """The file of one run; without a stream it takes everything and keeps nothing."""

    def __init__(self, resource_id: str, stream: TextIO | None) -> None:
        self.id = resource_id
        self._stream = stream

    @property
    def is_kept(self) -> bool:
        return self._stream is not None

    def listen(self, event: Event) -> None:
        """A listener; what does not change is not written."""
        if event.change.action != "no-op":
            self._write(event.to_json())

    def end(self, exit_code: int, elapsed_s: float, outcomes: Mapping[str, int]) -> None:
        """The last line."""
        self._write(
            {"event": "end", "exit_code": exit_code, "elapsed_s": round(elapsed_s, 3), "outcomes": dict(outcomes)}
        )

    def close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None

    def _write(self, line: Mapping[str, Any]) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(json.dumps(line) + "\n")
        except OSError as error:
            self._stream = None
            with contextlib.suppress(OSError):
                print(f"note: the run log can no longer be written: {error.strerror}", file=sys.stderr)


def folder() -> Path:
    """Where journals are; raises ``OSError`` where there is no home folder."""
    return files.state_folder() / "runs"


def begin(head: Mapping[str, Any]) -> Journal:
    """A new journal; ``head`` says what is run. A folder that cannot be written to is told, and stops nothing."""
    now = datetime.now(UTC)
    resource_id = f"{now:%Y%m%dT%H%M%SZ}-{head.get('deployment', '')}-{secrets.token_hex(2)}"
    try:
        path = folder() / f"{resource_id}{_SUFFIX}"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _prune(path.parent)
        # Line by line: a killed run has everything up to its last event.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        stream = os.fdopen(descriptor, "w", 1, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"note: no log of this run: {error.filename}: {error.strerror}", file=sys.stderr)
        return Journal(resource_id, None)
    journal = Journal(resource_id, stream)
    journal._write(
        {"event": "run", "format_version": FORMAT_VERSION, "run": resource_id, "at": now.isoformat(), **head}
    )
    return journal


def runs() -> list[Run]:
    """Every run that there is a journal of, newest first."""
    found = [_summary(path) for path in sorted(folder().glob(f"*{_SUFFIX}"), reverse=True) if path.is_file()]
    return [run for run in found if run is not None]


def lines(resource_id: str) -> list[dict[str, Any]]:
    """What a run's journal says; an ID may be shortened as long as one run alone has it, ``last`` is the newest.

    Raises:
        UsageError: no run has this ID, or several have.
        UnreadableFileError: the journal cannot be read.
    """
    names = sorted(path.name.removesuffix(_SUFFIX) for path in folder().glob(f"*{_SUFFIX}"))
    if not names:
        raise UsageError(f"no run found in {folder()}")
    fitting = names[-1:] if resource_id == "last" else [name for name in names if resource_id in name]
    if resource_id in names:
        fitting = [resource_id]
    if len(fitting) != 1:
        what = "several runs have" if fitting else "no run has"
        raise UsageError(f"{what} the ID {resource_id!r}; `provisioner runs` lists them")
    path = folder() / f"{fitting[0]}{_SUFFIX}"
    try:
        text = files.text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(f"{path}: {error}") from None
    return [line for line in map(_parsed, text.splitlines()) if line is not None and isinstance(line.get("event"), str)]


def _summary(path: Path) -> Run | None:
    try:
        with path.open("rb") as stream:
            head = _parsed(stream.readline().decode())
            stream.seek(max(0, path.stat().st_size - 4096))
            last = _parsed(stream.read().decode(errors="replace").rstrip("\n").rpartition("\n")[2])
    except (OSError, UnicodeDecodeError):
        return None
    if head is None or head.get("event") != "run":
        return None
    return Run(path.name.removesuffix(_SUFFIX), head, last if last is not None and last.get("event") == "end" else None)


def _parsed(line: str) -> dict[str, Any] | None:
    """A line; None for one that a killed process did not finish."""
    try:
        found = json_text.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _prune(where: Path) -> None:
    for path in sorted(where.glob(f"*{_SUFFIX}"))[: -KEPT + 1]:
        path.unlink(missing_ok=True)

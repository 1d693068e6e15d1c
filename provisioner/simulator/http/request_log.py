"""The log of requests, in the same file as the state: what was asked, what was answered, how long it took.

In: one entry per request. Out: rows written in batches, the newest kept, and `read_log` for who wants to see them.
Entries never hold bodies, tokens, or query parameters other than the API version.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from ..state.store import connect

BATCH = 512

SCHEMA = """
CREATE TABLE IF NOT EXISTS request_log (
    id INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, api_version TEXT NOT NULL,
    status INTEGER NOT NULL, ms REAL NOT NULL, client_request_id TEXT NOT NULL, principal TEXT NOT NULL,
    error_code TEXT NOT NULL, note TEXT NOT NULL
)
"""
INSERT = """
INSERT INTO request_log (at, method, path, api_version, status, ms, client_request_id, principal, error_code, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SELECT = (
    "SELECT at, method, path, api_version, status, ms, client_request_id, principal, error_code, note FROM request_log"
)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request: `at` in seconds since the epoch, `ms` spent, `note` what the simulator had to say about it."""

    at: float
    method: str
    path: str
    api_version: str
    status: int
    ms: float
    client_request_id: str
    principal: str
    error_code: str = ""
    note: str = ""


class RequestLog:
    """Collects entries and writes them in batches; in memory alone when there is no file."""

    def __init__(self, path: Path | None, limit: int) -> None:
        self._limit = limit
        self._waiting: list[LogEntry] = []
        self._recent: deque[LogEntry] = deque(maxlen=limit)
        self._connection: sqlite3.Connection | None = None
        if path is not None:
            self._connection = connect(path)
            self._connection.execute(SCHEMA)

    def add(self, entry: LogEntry) -> None:
        if self._connection is None:
            self._recent.append(entry)
            return
        self._waiting.append(entry)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits, and forget what is older than the limit allows; where there is no room, it is lost."""
        if self._connection is None or not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(INSERT, [astuple(entry) for entry in waiting])
            self._connection.execute(
                "DELETE FROM request_log WHERE id <= (SELECT max(id) FROM request_log) - ?", (self._limit,)
            )
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def entries(self) -> list[LogEntry]:
        """All entries kept, oldest first."""
        if self._connection is None:
            return list(self._recent)
        self.flush()
        return [LogEntry(*row) for row in self._connection.execute(f"{SELECT} ORDER BY id")]

    def close(self) -> None:
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class LogReader:
    """Reads the log in a state file, each entry once; what others write in the meantime comes with the next read.

    A file that is not there, or was never written to, has no entries. Nothing is changed.
    """

    def __init__(self, state_path: Path) -> None:
        self._path = state_path
        self._seen = 0

    def read(self, *, last: int | None = None) -> list[LogEntry]:
        """The entries since the last read, oldest first; with `last`, only so many of the newest."""
        if not self._path.exists():
            return []
        connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            (newest,) = connection.execute("SELECT ifnull(max(id), 0) FROM request_log").fetchone()
            if newest < self._seen:  # the file was made anew
                self._seen = 0
            rows = connection.execute(
                f"{SELECT} WHERE id > ? AND id <= ? ORDER BY id DESC LIMIT ?",
                (self._seen, newest, -1 if last is None else last),
            ).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()
        self._seen = newest
        return [LogEntry(*row) for row in reversed(rows)]


def read_log(state_path: Path, *, last: int | None = None) -> Iterator[LogEntry]:
    """The requests logged in a state file, oldest first; with `last`, only so many of the newest."""
    yield from LogReader(state_path).read(last=last)

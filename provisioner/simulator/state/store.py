"""The state: JSON documents by kind and key, in SQLite for good and in memory for speed.

In: a file path (or none). Out: `Store` with get, put, delete inside transactions, and listeners that are told of
every change, whoever made it. Documents are never mutated once stored: put a new one.

Several processes may open the same file. A write takes SQLite's write lock first (BEGIN IMMEDIATE) and reads what
others wrote since, so that check-then-write is atomic across processes; a read asks `PRAGMA data_version` whether
anything changed. WAL with synchronous=NORMAL: a kill at any point leaves the last committed transaction.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..json_values import Json

Document = Json
Listener = Callable[[str, Document | None, Document | None], None]
"""Told (key, old document, new document) after each change of one kind."""

LOCK_TIMEOUT_S = 30.0
TOMBSTONES_KEPT = 5_000
"""So many traces of deletes stay in a file when it is opened, for those who have it open and have not read them yet."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS document (
    kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT, revision INTEGER NOT NULL, PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS document_revision ON document (revision);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT OR IGNORE INTO counter VALUES ('revision', 0), ('purged', 0);
"""


class Store:
    """Documents by (kind, key)."""

    def __init__(self, path: Path | None, tombstones_kept: int = TOMBSTONES_KEPT) -> None:
        self.path = path
        self._tombstones_kept = tombstones_kept
        self._documents: dict[str, dict[str, Document]] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._pending: dict[tuple[str, str], Document | None] = {}
        self._undo: list[tuple[str, str, Document | None]] = []
        self._in_transaction = False
        self._revision = 0
        self._data_version = -1
        self._connection: sqlite3.Connection | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # SQLite would create the file readable by others, and it may hold the secrets of key vaults.
            path.touch(mode=0o600)
            self._connection = connect(path)
            self._connection.executescript(SCHEMA)
            self._purge_tombstones()
            self._load()

    def get(self, kind: str, key: str) -> Document | None:
        """The document, or None."""
        return self._documents.get(kind, {}).get(key)

    def all(self, kind: str) -> Mapping[str, Document]:
        """Every document of a kind, by key. A live view: copy before changing."""
        return self._documents.setdefault(kind, {})

    def put(self, kind: str, key: str, document: Document) -> None:
        """Write a document; only inside a transaction."""
        self._write(kind, key, document)

    def delete(self, kind: str, key: str) -> None:
        """Remove a document if it is there; only inside a transaction."""
        if key in self._documents.get(kind, {}):
            self._write(kind, key, None)

    def listen(self, kind: str, listener: Listener) -> None:
        """Tell `listener` of every document there is, and of every change from now on."""
        self._listeners.setdefault(kind, []).append(listener)
        for key, document in list(self.all(kind).items()):
            listener(key, None, document)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside are kept, or, when an exception leaves it, none. Nested ones join the outer one."""
        if self._in_transaction:
            yield
            return
        if self._connection is not None:
            # A deferred one fails with SQLITE_BUSY if another process writes after its first read.
            self._connection.execute("BEGIN IMMEDIATE")
        self._in_transaction = True
        try:
            if self._connection is not None:
                # Under the lock, so that what a hook checks still holds when it writes.
                self._load()
            yield
            self._flush()
            if self._connection is not None:
                self._connection.execute("COMMIT")
        # A canceled task and Ctrl-C leave nothing half-written either.
        except BaseException:
            # SQLite has rolled back by itself after some errors, such as a full disk.
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._roll_back()
            raise
        finally:
            self._in_transaction = False
            self._pending.clear()
            self._undo.clear()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Inside a transaction: what was written in the block is undone when an exception leaves it."""
        mark = len(self._undo)
        try:
            yield
        except BaseException:
            for kind, key, document in reversed(self._undo[mark:]):
                self._pending[kind, key] = document
                self._apply(kind, key, document)
            del self._undo[mark:]
            raise

    def refresh(self) -> None:
        """Pick up what other processes wrote."""
        if self._connection is None or self._in_transaction:
            return
        # It changes with the commits of other connections only, so that our own are not read again.
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._data_version:
            self._load()
            self._data_version = version

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, kind: str, key: str, document: Document | None) -> None:
        if not self._in_transaction:
            raise RuntimeError("a write outside a transaction")
        self._undo.append((kind, key, self.get(kind, key)))
        self._pending[kind, key] = document
        self._apply(kind, key, document)

    def _apply(self, kind: str, key: str, document: Document | None) -> None:
        documents = self._documents.setdefault(kind, {})
        old = documents.get(key)
        if document is None:
            documents.pop(key, None)
        else:
            documents[key] = document
        for listener in self._listeners.get(kind, ()):
            listener(key, old, document)

    def _flush(self) -> None:
        if self._connection is None or not self._pending:
            return
        revision = self._revision + 1
        self._connection.executemany(
            "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)",
            [
                (
                    kind,
                    key,
                    None if document is None else json.dumps(document, separators=(",", ":")),
                    revision,
                )
                for (kind, key), document in self._pending.items()
            ],
        )
        self._connection.execute("UPDATE counter SET value = ? WHERE name = 'revision'", (revision,))
        self._revision = revision

    def _roll_back(self) -> None:
        for kind, key, document in reversed(self._undo):
            self._apply(kind, key, document)

    def _load(self) -> None:
        assert self._connection is not None
        counters = dict(self._connection.execute("SELECT name, value FROM counter"))
        if counters["revision"] == self._revision:
            return
        # A store that has read nothing yet has nothing to forget.
        if counters["purged"] > self._revision > 0:
            self._forget_what_is_gone()
        rows = self._connection.execute(
            "SELECT kind, key, value FROM document WHERE revision > ? ORDER BY revision", (self._revision,)
        )
        for kind, key, value in rows:
            document = None if value is None else json.loads(value)
            # The tombstone of a document that was never read here concerns no listener.
            if document is not None or self.get(kind, key) is not None:
                self._apply(kind, key, document)
        self._revision = counters["revision"]

    def _forget_what_is_gone(self) -> None:
        """The tombstones of some deletes were purged before we saw them: compare keys instead."""
        assert self._connection is not None
        alive = set(self._connection.execute("SELECT kind, key FROM document WHERE value IS NOT NULL"))
        for kind, documents in self._documents.items():
            for key in [key for key in documents if (kind, key) not in alive]:
                self._apply(kind, key, None)

    def _purge_tombstones(self) -> None:
        assert self._connection is not None
        (count,) = self._connection.execute("SELECT count(*) FROM document WHERE value IS NULL").fetchone()
        if count <= self._tombstones_kept:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("DELETE FROM document WHERE value IS NULL")
        self._connection.execute(
            "UPDATE counter SET value = (SELECT value FROM counter WHERE name = 'revision') WHERE name = 'purged'"
        )
        self._connection.execute("COMMIT")


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode (transactions are begun by hand), with a lock timeout."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_TIMEOUT_S, check_same_thread=False)
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            # SQLite's own lock timeout does not cover the switch to WAL, which two first openers may race for.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection

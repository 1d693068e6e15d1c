"""Long-running operations: rows in the state that say what ends when.

In: what was begun, and when it will be done. Out: `Operation` records, those that are due, and their ends. Operations
survive the death of the process: they are settled by whoever looks next. What settling does is decided elsewhere.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal, NotRequired, TypedDict

from ..errors import ArmError, ErrorBody
from ..json_values import Json
from .store import Document, Store

KIND = "operation"
Status = Literal["InProgress", "Succeeded", "Failed", "Canceled"]


class Fate(TypedDict):
    """How an operation is going to end when not by itself; one that is to hang has no error."""

    status: Status
    error: NotRequired[ErrorBody]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation.

    Attributes:
        verb: "create", "update", "delete", or an action's lower-case name.
        target: ID of the resource or group it works on.
        touched: keys of the resources whose `finish` runs at the end; held ones are only marked busy until then.
        body: names the shape of the polling body (`arm.operation_answers`).
        segment: the word in the polling URL, such as `operations`.
        error: what went wrong, as ArmError.as_json writes it.
        fate: how it is going to end when not by itself.
        output: what the operation's result URL answers in the end; None is an empty body.
    """

    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    verb: str
    target: str
    type: str
    touched: Sequence[str] = ()
    held: Sequence[str] = ()
    body: str
    segment: str = "operations"
    location: str
    api_version: str
    poll_retry_after_s: float
    started_at: float
    finish_at: float
    ended_at: float | None = None
    status: Status = "InProgress"
    error: ErrorBody | None = None
    error_status: int = 400
    output: Json | None = None
    fate: Fate | None = None
    caller: str = ""

    @property
    def running(self) -> bool:
        return self.status == "InProgress"


Prepare = Callable[[Operation, "Json | None"], Operation]
"""Says how an operation that begins will go."""


class Operations:
    """Operations by ID, and a heap of those that run."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.prepare: Prepare | None = None
        self._due: list[tuple[float, str]] = []
        store.listen(KIND, self._changed)

    def get(self, operation_id: str) -> Operation | None:
        document = self._store.get(KIND, operation_id.lower())
        return None if document is None else Operation(**document)

    def start(self, operation: Operation, body: Json | None = None) -> Operation:
        """Begin one; `body` is that of the resource it is about."""
        if self.prepare is not None:
            operation = self.prepare(operation, body)
        self._put(operation)
        return operation

    def end(
        self, operation: Operation, moment: float, error: ArmError | None = None, status: Status = "Failed"
    ) -> Operation:
        """Succeeded, or, with an error, Failed or Canceled."""
        ended = replace(operation, status="Succeeded", ended_at=moment)
        if error is not None:
            ended = replace(ended, status=status, error=error.as_json(), error_status=error.status)
        self._put(ended)
        return ended

    def set_output(self, operation: Operation, output: Json) -> Operation:
        updated = replace(operation, output=output)
        self._put(updated)
        return updated

    def postpone(self, operation: Operation, moment: float) -> Operation:
        """Let an operation end later than it was to."""
        postponed = replace(operation, finish_at=moment)
        self._put(postponed)
        return postponed

    def has_due(self, moment: float) -> bool:
        return bool(self._due) and self._due[0][0] <= moment

    def next_due(self, moment: float) -> Operation | None:
        """The running operation that was to end first, if it was to end by now."""
        while self.has_due(moment):
            due_at, operation_id = self._due[0]
            operation = self.get(operation_id)
            if operation is not None and operation.running and operation.finish_at <= due_at:
                return operation
            # The entry of an operation that ended otherwise, or was postponed and stands further back again.
            heapq.heappop(self._due)
        return None

    def forget_ended_before(self, moment: float) -> None:
        """Drop operations that ended long ago."""
        old = [
            key
            for key, document in self._store.all(KIND).items()
            if document["ended_at"] is not None and document["ended_at"] < moment
        ]
        if old:
            with self._store.transaction():
                for key in old:
                    self._store.delete(KIND, key)

    def _put(self, operation: Operation) -> None:
        self._store.put(KIND, operation.id, asdict(operation))

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        if new is not None and new["status"] == "InProgress":
            heapq.heappush(self._due, (new["finish_at"], key))

"""A change while it is carried out, and the values that others take from it.

In: changes, and the first and last bodies that Azure answers for them. Out: ``ChangeState``, whose events others wait
for; ``Values``, which puts known values in the place of leaves.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..azure.history import History
from ..base.diagnostics import AzureFailure, ExecutionError
from ..base.values import Body, Leaf, Lookup, Ref, Secret, Text, substitute
from ..planning.plan import Change
from ..resources.encoding import encoded
from ..resources.resource import Kind
from .events import Result


class Writer(Protocol):
    """The writes that the executor asks for; see ``azure.operations.Operations``."""

    history: History

    async def get(self, kind: Kind, resource_id: str) -> Body | None: ...
    async def list_group(self, group: str) -> list[Body]: ...
    async def list_kind(self, kind: Kind, group: str, *parents: str) -> list[Body]: ...
    async def put(
        self, kind: Kind, resource_id: str, body: Body, accepted: Callable[[Body], None], etag: str = ""
    ) -> Body: ...
    async def patch(self, kind: Kind, resource_id: str, body: Body, accepted: Callable[[Body], None]) -> Body: ...
    async def delete(self, kind: Kind, resource_id: str) -> None: ...
    async def start(self, kind: Kind, resource_id: str) -> None: ...
    async def deallocate(self, kind: Kind, resource_id: str) -> None: ...
    def turn(
        self, resource_id: str, deletes: bool, priority: float, reserves: bool, refused: Callable[[str], None]
    ) -> contextlib.AbstractAsyncContextManager[None]: ...
    def start_nothing(self) -> None: ...


@dataclass
class ChangeState:
    """One change while it runs.

    ``values`` is set as soon as the first answer is there, ``released`` once the old object is gone or let go of,
    ``done`` at the end. ``is_stale`` says that somebody else has changed the object: it has to be read again.
    ``is_off`` says that its machine was deallocated for it, ``start_pending`` that it is still to be started again.
    """

    change: Change
    released: asyncio.Event = field(default_factory=asyncio.Event)
    is_detached: bool = False
    was_busy: bool = False
    is_stale: bool = False
    is_off: bool = False
    start_pending: bool = False
    values: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    body: Body | None = None
    result: Result | None = None


class Values:
    """What is known of each change so far; ``reveal`` gives the value of a secret by its name."""

    def __init__(self, progress: Mapping[str, ChangeState], reveal: Callable[[str], str]) -> None:
        self._progress = progress
        self._reveal = reveal

    def bound(self, body: Any) -> Body:
        """A body without leaves.

        Raises:
            ExecutionError: a value that it needs is not there.
        """
        found: Body = substitute(body, self._value)
        return found

    def _value(self, leaf: Leaf) -> Any:
        if isinstance(leaf, Secret):
            return self._reveal(leaf.name)
        if isinstance(leaf, Text):
            return encoded(leaf, self._value)
        if isinstance(leaf, Ref):
            other = self._progress[leaf.address]
            if leaf.attribute == "id":
                return f"{other.change.id}{leaf.child}"
            value = other.change.kind.value(leaf.attribute, other.body)
            if value is None:
                message = f"{leaf.address} has no {leaf.attribute} yet"
                raise ExecutionError(AzureFailure("ValueMissing", message, target=other.change.id))
            return value
        raise TypeError(f"unbound {leaf if not isinstance(leaf, Lookup) else leaf.name}")

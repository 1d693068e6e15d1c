"""The request of one step, and what became of it.

In: a ``ChangeRun`` and one of its steps. Out: bodies in the ``ChangeRun``. Whether and when to try again is not decided
here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from ..azure.history import History
from ..base.diagnostics import AccessError, AzureFailure, ExecutionError
from ..base.values import Body, value_at
from ..comparison.differences import differences
from ..comparison.rendering import render
from ..planning.plan import Plan
from ..resources.kind import Kind
from ..resources.steps import Delete, DeletedWith, Detach, Keep, MergeTags, Patch, PostAction, Put, Step
from .change_run import ChangeRun, ValueResolver
from .group_check import GroupCheck
from .recovery import at_rest, is_as_written, is_busy, may_have_arrived, state
from .timeouts import chosen_s, timeout_key

TIMED_OUT = "OperationTimedOut"
_GONE = "ResourceNotFound"
_T = TypeVar("_T")


class Writer(Protocol):
    """The requests that the executor asks for; see ``azure.operations.Operations``."""

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


class StepRequests:
    """For one run. All methods raise ``ExecutionError`` or ``AccessError``, as the operations do."""

    def __init__(
        self, writer: Writer, values: ValueResolver, plan: Plan, time_scale: float, emit: Callable[..., None]
    ) -> None:
        self._writer = writer
        self._values = values
        self._owned = plan.owned
        self._groups = GroupCheck(writer, plan.deployment, time_scale)
        self._time_scale = time_scale
        self._emit = emit

    async def send(self, run: ChangeRun, step: Step) -> None:
        """Carry out a step; ``run`` then has what Azure answered."""
        operation = step.operation
        if isinstance(operation, Delete):
            if operation.contents is not None:
                await self._groups.check(step.resource_id, operation.contents)
            await self._writer.delete(step.kind, step.resource_id)
            # What is gone is not read again, whatever happened before.
            run.current, run.is_stale = None, False
        elif isinstance(operation, DeletedWith):
            run.current = None
        elif isinstance(operation, PostAction):
            act = {"start": self._writer.start, "deallocate": self._writer.deallocate}[operation.name]
            await act(step.kind, step.resource_id)
        elif step.resource_id != run.change.id:
            body = render(operation, step.kind, self._owned, {}) or {}
            await self._writer.patch(step.kind, step.resource_id, self._values.resolve(body), _ignore)
        else:
            await self._write(run, step)

    async def _write(self, run: ChangeRun, step: Step) -> None:
        """Write the change's own object."""
        fresh = run.current
        if isinstance(step.operation, MergeTags) or run.is_stale:
            fresh = await self._writer.get(step.kind, step.resource_id)
            if fresh is None and step.verb != "create":
                message = "Another user or tool deleted it after the plan was made."
                raise ExecutionError(AzureFailure(_GONE, message, 404))
            # Of an object that a step before has loosened, the rest stays as it was: it is written again as a whole.
            is_whole = run.is_stale or run.current is None
            run.current = fresh if is_whole else {**(run.current or {}), "tags": (fresh or {}).get("tags") or {}}
            run.is_stale = False
        rendered = render(step.operation, step.kind, self._owned, fresh)
        if rendered is None:
            run.body = fresh
            return
        body = self._values.resolve(rendered)
        accepted = self._accepted(run) if isinstance(step.operation, (Put, Patch)) else _ignore
        if isinstance(step.operation, (Patch, MergeTags)) or (
            isinstance(step.operation, (Detach, Keep)) and step.kind.operations.patch
        ):
            answer = await self._writer.patch(step.kind, step.resource_id, body, accepted)
        else:
            answer = await self._writer.put(step.kind, step.resource_id, body, accepted, _etag(step.kind, fresh))
        if isinstance(step.operation, Detach) and not step.kind.operations.patch:
            # The next write starts from the object as it was: what was detached is attached again with all it had.
            before = {name: value for name, value in (fresh or {}).items() if name != "etag"}
            run.current = before | ({"etag": answer["etag"]} if "etag" in answer else {})
        elif not isinstance(step.operation, (Detach, Keep)):
            run.body = answer

    def _accepted(self, run: ChangeRun) -> Callable[[Body], None]:
        def accepted(first: Body) -> None:
            run.body = first
            outputs = run.change.kind.schema.outputs.values()
            if any(value_at(first, output.path) is not None for output in outputs if output.early):
                run.values.set()
            self._emit("accepted", run.change)

        return accepted

    async def with_timeout(self, work: Coroutine[Any, Any, _T], limit_text: str, longest_s: float) -> _T:
        """Work on an operation until its end; one that does not end within its limit is left to itself."""
        try:
            return await asyncio.wait_for(work, longest_s)
        except TimeoutError:
            message = f"It did not end within {limit_text}; the next apply waits for it."
            raise ExecutionError(AzureFailure(TIMED_OUT, message)) from None

    async def took_effect(self, run: ChangeRun, step: Step, failure: AzureFailure) -> bool:
        """Whether a write took effect although it was answered with a failure.

        Waits for what still runs on the change's object, whatever the step asked for.

        ``was_busy`` says afterwards that something ran there, so that the refusal may have been for that alone.
        """
        change, run.was_busy = run.change, False
        if (
            isinstance(step.operation, Delete)
            or not change.kind.ownership.taggable
            or not may_have_arrived(failure)
            or failure.code == TIMED_OUT
        ):
            return False
        try:
            found = await self._writer.get(change.kind, change.id)
            if is_busy(found):
                run.was_busy = True
                self._emit("retrying", change, detail=f"waiting for the end of {state(found or {})}")
                longest_s = chosen_s(change.timeouts, timeout_key(change))
                found = await at_rest(self._writer, change.kind, change.id, self._time_scale, longest_s)
        except (ExecutionError, AccessError):
            run.was_busy = False
            return False
        is_own_write = isinstance(step.operation, (Put, Patch)) and step.resource_id == change.id
        if found is None or not is_own_write or not self._is_as_wanted(step, found):
            return False
        run.body = found
        return True

    def _is_as_wanted(self, step: Step, found: Body) -> bool:
        """Whether an object carries the fingerprint of what a step writes, and has no other difference from it.

        The fingerprint alone says nothing where somebody has changed the object: it is the same before the write.
        """
        assert isinstance(step.operation, (Put, Patch))
        desired = step.operation.desired
        if not is_as_written(desired, found):
            return False
        # A value that no longer exists may be in a part that is not compared: the text a machine was made with.
        wanted = self._values.resolve_known(desired)
        return not differences(wanted, found, step.kind.rules, self._owned.is_ours)


def _ignore(first: Body) -> None:
    """For writes whose first answer gives nobody a value."""


def _etag(kind: Kind, fresh: Body | None) -> str:
    """What an update names, so that it is refused when another writer has changed the object since."""
    return str((fresh or {}).get("etag", "")) if kind.operations.etags else ""

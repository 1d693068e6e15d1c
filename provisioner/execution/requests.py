"""The requests of one change: the write itself, what became of it, the same write on what is there now.

In: a ``ChangeState``. Out: bodies, also in the ``ChangeState``. Whether and when to try again is not decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from ..base.diagnostics import AccessError, AzureFailure, ExecutionError
from ..base.values import Body, value_at
from ..planning import planner, power
from ..planning.plan import Change, Plan
from ..resources import kinds
from .change_state import ChangeState, Values, Writer
from .group_check import GroupCheck
from .power_switch import Switching
from .recovery import at_rest, is_as_written, is_busy, may_have_arrived, state
from .timeouts import chosen_s, doing

TIMED_OUT = "OperationTimedOut"
_GONE = "ResourceNotFound"
_T = TypeVar("_T")


class Writes:
    """For one run. All methods raise ``ExecutionError`` or ``AccessError``, as the operations do."""

    def __init__(
        self,
        writer: Writer,
        values: Values,
        plan: Plan,
        time_scale: float,
        emit: Callable[..., None],
    ) -> None:
        self._writer = writer
        self._values = values
        self._plan = plan
        self._groups = GroupCheck(writer, plan.deployment, time_scale)
        self._time_scale = time_scale
        self._emit = emit
        self._switching = Switching(writer)

    async def write(self, progress: ChangeState) -> Body | None:
        change = progress.change
        kind = change.kind
        if change.action == "delete":
            if change.contents is not None:
                await self._groups.check(change, change.contents)
            await self._writer.delete(kind, change.id)
            return None
        body = self._values.bound(change.body)

        def accepted(first: Body) -> None:
            progress.body = first
            if any(value_at(first, output.path) is not None for output in kind.outputs.values() if output.early):
                progress.values.set()
            self._emit("accepted", change)

        if change.action == "update" and kind.operations.patch:
            return await self._patched(progress, body, accepted)
        return await self._writer.put(kind, change.id, body, accepted, _etag(change))

    async def _patched(self, progress: ChangeState, body: Body, accepted: Callable[[Body], None]) -> Body | None:
        change = progress.change
        await self._switching.off(progress)
        if change.companion_patch is not None:
            other = kinds.by_type()[change.companion_patch.type.lower()]
            await self._writer.patch(other, change.companion_patch.id, change.companion_patch.body, lambda first: None)
        written = change.actual
        if body:
            written = await self._writer.patch(change.kind, change.id, power.marked(change, body), accepted)
        return await self._switching.on(progress) or written

    async def switch_on(self, progress: ChangeState) -> None:
        """Start the machine again that was stopped for a write which failed."""
        await self._switching.on(progress)

    async def detach(self, progress: ChangeState) -> None:
        """Detach the objects that are replaced; the next write of this object builds on what this one leaves."""
        change = progress.change
        kind, body = change.kind, change.detach_body or {}
        if kind.operations.patch:
            await self._writer.patch(kind, change.id, body, lambda first: None)
            return
        left = await self._writer.put(kind, change.id, body, lambda first: None, _etag(change))
        progress.change = replace(change, actual={**(change.actual or {}), "etag": left.get("etag", "")})

    async def ended(self, work: Coroutine[Any, Any, _T], limit_text: str, longest_s: float) -> _T:
        """Work on an operation until its end; one that does not end within its limit is left to itself."""
        try:
            return await asyncio.wait_for(work, longest_s)
        except TimeoutError:
            message = f"It did not end within {limit_text}; the next apply waits for it."
            raise ExecutionError(AzureFailure(TIMED_OUT, message)) from None

    async def arrived(self, progress: ChangeState, failure: AzureFailure) -> bool:
        """Whether a write took effect although it was answered with a failure; waits for what still runs there.

        ``was_busy`` says afterwards that something ran there, so that the refusal may have been for that alone.
        """
        change, progress.was_busy = progress.change, False
        is_own = change.action in ("create", "update") or (change.action == "replace" and progress.is_detached)
        if not is_own or not change.kind.taggable or not may_have_arrived(failure) or failure.code == TIMED_OUT:
            return False
        try:
            found = await self._writer.get(change.kind, change.id)
            if is_busy(found):
                progress.was_busy = True
                self._emit("retrying", change, detail=f"waiting for the end of {state(found or {})}")
                longest_s = chosen_s(change.timeouts, doing(change))
                found = await at_rest(self._writer, change.kind, change.id, self._time_scale, longest_s)
        except (ExecutionError, AccessError):
            progress.was_busy = False
            return False
        if change.start_after or not is_as_written(change.body, found):
            return False
        progress.body = found
        return True

    async def rebase(self, progress: ChangeState) -> None:
        """Read and plan a resource again that somebody else has changed meanwhile."""
        change = progress.change
        fresh = await self._writer.get(change.kind, change.id)
        if fresh is None:
            raise ExecutionError(AzureFailure(_GONE, "Somebody has deleted it since the plan was made.", 404))
        progress.change, progress.is_stale = planner.rebased(change, fresh, self._plan), False


def _etag(change: Change) -> str:
    """What an update names, so that it is refused when somebody else has changed the object since."""
    is_kept = change.action == "update" and change.kind.operations.etags
    return str((change.actual or {}).get("etag", "")) if is_kept else ""

"""Carries out a plan: every change starts the moment that what it needs is there.

In: a ``Plan``, the operations of a subscription, and functions for secrets and events. Out: one ``Result`` per change.
A failure stops its own branch only. The first interrupt starts nothing new and lets what runs finish.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..azure.errors import verdict
from ..base.diagnostics import AccessError, AzureFailure, ExecutionError
from ..base.gc_control import paused, set_aside
from ..planning import management_locks
from ..planning.plan import Change, Plan
from .attempt import Again, Attempts, End
from .change_state import ChangeState, Values, Writer
from .events import Event, Listener, Outcome, Phase, Result
from .recovery import is_late
from .requests import TIMED_OUT, Writes
from .retry import AT_LEAST_S, RetryPolicy
from .scheduling import Slots, remaining_s
from .timeouts import Limit, doing, limit

_NO_LIMIT = Slots(None)
_AT_LEAST_OURS_S = 20.0
"""Of our time: scaled time runs faster than machines do."""
_MOST_REBASES = 10
"""Also after lost answers: the SDK repeats such a write, and the object is not any more as that names it."""


class Executor:
    """One run of one plan."""

    def __init__(  # noqa: PLR0913 (options of a run, each with a default)
        self,
        plan: Plan,
        writer: Writer,
        reveal: Callable[[str], str],
        listener: Listener,
        time_scale: float = 1.0,
        seed: int | None = None,
        stops_on_error: bool = False,
        parallelism: int | None = None,
        at_least_s: float = AT_LEAST_S,
    ) -> None:
        self._plan = plan
        self._writer = writer
        self._listener = listener
        self._time_scale = time_scale
        self._at_least_s = at_least_s
        self._random = random.Random(seed)
        with paused():
            self._progress = {change.address: ChangeState(change) for change in plan.changes}
        self._values = Values(self._progress, reveal)
        self._writes = Writes(writer, self._values, plan, time_scale, self._emit)
        self._began = time.monotonic()
        self._stopping = False
        self._stopped = asyncio.Event()
        self._stops_on_error = stops_on_error
        self._slots = Slots(parallelism)
        self._priority = remaining_s(plan.changes, writer.history)
        self.access_error: AccessError | None = None

    def stop(self) -> None:
        """Start nothing new; what runs goes on to its end."""
        self._stopping = True
        self._stopped.set()
        self._writer.start_nothing()

    async def run(self) -> list[Result]:
        """Carry the plan out; results stand in the plan's order."""
        self._began = time.monotonic()
        with set_aside():
            async with asyncio.TaskGroup() as tasks:
                for progress in self._progress.values():
                    tasks.create_task(self._run(progress))
        return [progress.result for progress in self._progress.values() if progress.result is not None]

    async def _run(self, progress: ChangeState) -> None:
        change = progress.change
        caused_by = await self._wait(change, {need for need in change.needs if need not in change.reattach_after})
        if caused_by:
            self._finish(progress, "skipped", caused_by=caused_by)
        elif change.action == "no-op":
            progress.body = change.actual
            self._finish(progress, "unchanged")
        elif change.deleted_with and change.action == "delete":
            self._finish(progress, "succeeded")
        elif self._stopping:
            self._finish(progress, "cancelled")
        else:
            # Who waits for others in the middle of its work takes no slot, and no leave to write: they may need it.
            waits_while_running = bool(change.delete_after or change.reattach_after or change.detaches)
            slots = _NO_LIMIT if waits_while_running else self._slots
            priority = self._priority[change.address]
            deletes = change.action in ("delete", "replace")
            async with slots.taken(priority):
                reserves = not (waits_while_running or self._stopping)
                refused = functools.partial(self._emit, "retrying", change)
                async with self._writer.turn(change.id, deletes, priority, reserves, refused):
                    await self._started(progress)

    async def _started(self, progress: ChangeState) -> None:
        """Begin, unless there was a stop while it waited for its slot."""
        if self._stopping:
            self._finish(progress, "cancelled")
            return
        self._emit("started", progress.change)
        began = time.monotonic()
        end = await self._carry_out(progress)
        if progress.start_pending and end.failure is not None:
            end = replace(end, failure=await self._switched_on(progress, end.failure))
        self._finish(progress, end.outcome, end.failure, end.caused_by, began)

    async def _wait(self, change: Change, needs: Iterable[str]) -> str:
        """Wait for what a change needs; the address of a root cause when that cannot be had any more."""
        for address in needs:
            other = self._progress[address]
            await (other.values if change.needs[address] == "value" else other.done).wait()
            result = other.result
            if result is not None and result.outcome in ("failed", "skipped", "cancelled"):
                return result.caused_by or address
        return ""

    async def _carry_out(self, progress: ChangeState) -> End:
        """Repeat attempts until one ends the change."""
        change = progress.change
        if caused_by := await self._wait_for_others(change):
            return End("skipped", caused_by=caused_by)
        is_principal_known = any(self._is_principal(need) for need in change.needs)
        own_limit = limit(change, doing(change))
        attempts = Attempts(self._patience(own_limit, is_principal_known), own_limit)
        while isinstance(found := await self._attempt(progress, attempts), Again):
            self._emit("retrying", change, detail=found.detail, failure=found.failure)
            if found.delay_s is not None and await self._is_stopped_within(found.delay_s):
                return End("failed", failure=found.failure)
        return found

    async def _attempt(self, progress: ChangeState, attempts: Attempts) -> End | Again:
        """One attempt, from where the one before got to."""
        change = progress.change
        try:
            if progress.is_stale:
                await self._writes.rebase(progress)
            if not progress.is_detached:
                await self._let_go(progress, attempts.policy)
                if caused_by := await self._wait(change, change.reattach_after):
                    return End("skipped", caused_by=caused_by)
                attempts.policy.begin()
            longest_s = attempts.policy.longest_s(_AT_LEAST_OURS_S)
            progress.body = await self._writes.ended(self._writes.write(progress), attempts.limit.text, longest_s)
        except ExecutionError as error:
            return await self._after_failure(progress, attempts, error.failure.with_target(change.id))
        except AccessError as error:
            # Refused credentials are refused everywhere.
            self.access_error = error
            self.stop()
            return End("failed", failure=AzureFailure("AccessDenied", str(error), target=change.id))
        return End("succeeded")

    async def _after_failure(self, progress: ChangeState, attempts: Attempts, failure: AzureFailure) -> End | Again:
        """Whether the change is over after a failure, and if not, when to try again."""
        change, policy = progress.change, attempts.policy
        failure = replace(failure, tries=policy.tries)
        if failure.code == TIMED_OUT:
            failure = replace(failure, message=failure.message + attempts.before)
        means = verdict(failure)
        if means == "granted" and change.action == "create":
            # Another user has granted the same under another name since the plan was made.
            return End("succeeded")
        if means == "conflict" and attempts.rebases < _MOST_REBASES and not progress.is_stale:
            progress.is_stale = True
            attempts.rebases += 1
            return Again(failure, "changed by somebody else meanwhile")
        pause = None if self._stopping else policy.pause(failure, self._is_late(change, failure))
        if await self._writes.arrived(progress, failure):
            return End("succeeded")
        if progress.was_busy and pause is None and not self._stopping:
            # The refusal may have been for the operation that has just ended, whatever its code says.
            pause = 0.0
        if pause is None:
            return End("failed", failure=replace(failure, limit=policy.exhausted))
        attempts.before = f" Before that: {failure.code}: {failure.message}"
        return Again(failure, failure.code, pause)

    def _patience(self, own_limit: Limit, is_principal_known: bool = False) -> RetryPolicy:
        return RetryPolicy(self._random, self._time_scale, is_principal_known, own_limit, self._at_least_s)

    async def _switched_on(self, progress: ChangeState, failure: AzureFailure) -> AzureFailure:
        """Start the machine again that was stopped for what has failed; the failure says so where that fails too."""
        change, own_limit = progress.change, limit(progress.change, doing(progress.change))
        longest_s = self._patience(own_limit).longest_s(_AT_LEAST_OURS_S)
        try:
            await self._writes.ended(self._writes.switch_on(progress), own_limit.text, longest_s)
        except (ExecutionError, AccessError):
            if progress.start_pending:
                state = "is off" if progress.is_off else "may be off"
                told = f"{change.address} {state} now: the next apply starts it, or `az vm start --ids {change.id}`."
                return replace(failure, message=f"{failure.message} {told}")
        return failure

    async def _is_stopped_within(self, pause_s: float) -> bool:
        """Wait so long, but not beyond a stop: nothing is tried again after one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), pause_s)
        return self._stopping

    def _is_late(self, change: Change, failure: AzureFailure) -> bool:
        if management_locks.is_still_regarded(failure, [self._progress[need].change for need in change.needs]):
            return True
        written = [change, *(self._progress[need].change for need in change.needs)]
        return is_late(failure, [item.id for item in written if item.action in ("create", "replace")])

    def _is_principal(self, address: str) -> bool:
        """Whether a change is about something whose principal Azure itself made: it exists, if not yet everywhere."""
        return "principal_id" in self._progress[address].change.kind.outputs

    async def _wait_for_others(self, change: Change) -> str:
        """Wait until everybody has let go of what is made anew; the address of a root cause when somebody could not."""
        for address in change.delete_after:
            other = self._progress[address]
            await other.released.wait()
            if other.result is not None and not other.is_detached:
                return other.result.caused_by or address
        return ""

    async def _let_go(self, progress: ChangeState, patience: RetryPolicy) -> None:
        """The first half of a replace, or of an update whose reference is made anew."""
        change = progress.change
        if change.action == "replace" and not change.deleted_with:
            gone = limit(change, "delete")
            longest_s = self._patience(gone).longest_s(_AT_LEAST_OURS_S)
            await self._writes.ended(self._writer.delete(change.kind, change.id), gone.text, longest_s)
        elif change.detach_body is not None:
            longest_s = patience.longest_s(_AT_LEAST_OURS_S)
            await self._writes.ended(self._writes.detach(progress), limit(change, doing(change)).text, longest_s)
        progress.is_detached = True
        progress.released.set()

    def _finish(
        self,
        progress: ChangeState,
        outcome: Outcome,
        failure: AzureFailure | None = None,
        caused_by: str = "",
        began: float | None = None,
    ) -> None:
        elapsed = time.monotonic() - began if began is not None else 0.0
        progress.result = Result(progress.change, outcome, progress.body, failure, caused_by, elapsed)
        if outcome == "failed" and self._stops_on_error:
            self.stop()
        progress.values.set()
        progress.released.set()
        progress.done.set()
        self._emit("finished", progress.change, result=progress.result)

    def _emit(
        self,
        phase: Phase,
        change: Change,
        detail: str = "",
        result: Result | None = None,
        failure: AzureFailure | None = None,
    ) -> None:
        self._listener(Event(phase, change, time.monotonic() - self._began, detail, result, failure))

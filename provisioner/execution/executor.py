"""Carries out a plan: every step starts the moment that what it depends on has come about.

In: a ``Plan``, the operations of a subscription, and functions for secrets and events. Out: one ``Result`` per change.
A failure stops its own branch only. The first interrupt starts no new change and lets those that run finish.
"""

from __future__ import annotations

import asyncio
import functools
import random
import time
from collections.abc import Callable
from dataclasses import replace

from ..base.diagnostics import AccessError, AzureFailure
from ..base.gc_control import paused, set_aside
from ..planning.plan import Change, Plan
from ..resources.steps import Delete, DeletedWith, Step
from .attempt import End
from .change_run import ChangeRun, StepRun, ValueResolver
from .events import Event, Listener, Outcome, Phase, Result
from .requests import StepRequests, Writer
from .retry import AT_LEAST_S
from .scheduling import PrioritySlots, remaining_s
from .step_loop import StepLoop

_UNLIMITED = PrioritySlots(None)


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
        self._writer = writer
        self._listener = listener
        with paused():
            self._runs = {change.address: _run_of(change, plan) for change in plan.changes}
        self._steps = {item.step.id: item for run in self._runs.values() for item in run.steps}
        self._deleted_with: dict[str, list[str]] = {}
        for item in self._steps.values():
            if isinstance(item.step.operation, DeletedWith):
                self._deleted_with.setdefault(item.step.operation.address, []).append(item.step.change)
        requests = StepRequests(writer, ValueResolver(self._runs, reveal), plan, time_scale, self._emit)
        self._loop = StepLoop(requests, self._emit, time_scale, random.Random(seed), at_least_s)
        self._began = time.monotonic()
        self._stops_on_error = stops_on_error
        self._slots = PrioritySlots(parallelism)
        self._priority = remaining_s(plan, writer.history)
        self.access_error: AccessError | None = None

    def stop(self) -> None:
        """Start no new change; what runs goes on to its end."""
        self._loop.stop()
        self._writer.start_nothing()

    async def run(self) -> list[Result]:
        """Carry the plan out; results stand in the plan's order."""
        self._began = time.monotonic()
        with set_aside():
            async with asyncio.TaskGroup() as tasks:
                for run in self._runs.values():
                    tasks.create_task(self._run(run))
        return [run.result for run in self._runs.values() if run.result is not None]

    async def _run(self, run: ChangeRun) -> None:
        change = run.change
        if not run.steps:
            run.body = change.actual
            self._finish(run, "unchanged")
            return
        caused_by = await self._wait(run, run.steps[0].step)
        if caused_by:
            self._finish(run, "skipped", caused_by=caused_by)
        elif not run.sends:
            _succeed(run.steps[0])
            self._finish(run, "succeeded")
        elif self._is_stopped_before(run):
            self._finish(run, "cancelled")
        else:
            # A change that waits for others midway holds neither a slot nor a turn: those others may need them.
            slots = _UNLIMITED if run.waits_while_running else self._slots
            priority = self._priority[change.address]
            deletes = any(isinstance(item.step.operation, (Delete, DeletedWith)) for item in run.steps)
            async with slots.taken(priority):
                reserves = not (run.waits_while_running or self._is_stopped_before(run))
                refused = functools.partial(self._emit, "retrying", change)
                async with self._writer.turn(change.id, deletes, priority, reserves, refused):
                    await self._start(run)

    def _is_stopped_before(self, run: ChangeRun) -> bool:
        """Whether a stop came before a change that no started one needs."""
        return self._loop.is_stopping and not run.is_committed

    async def _start(self, run: ChangeRun) -> None:
        """Carry out a change, unless there was a stop while it waited for its slot."""
        if self._is_stopped_before(run):
            self._finish(run, "cancelled")
            return
        run.is_started = True
        self._commit(run)
        self._emit("started", run.change)
        began = time.monotonic()
        end = await self._carry_out(run)
        self._finish(run, end.outcome, end.failure, end.caused_by, began)

    def _commit(self, run: ChangeRun) -> None:
        """Have all changes started, even after a stop, that the rest of this one waits for.

        And those whose objects are deleted together with its own, which therefore have begun too.
        """
        todo = [run]
        while todo:
            current = todo.pop()
            needed = [self._steps[on].step.change for item in current.steps for on in item.step.depends_on]
            for address in (*needed, *self._deleted_with.get(current.change.address, ())):
                other = self._runs[address]
                if not (other.is_started or other.is_committed or other.result):
                    other.is_committed = True
                    todo.append(other)

    async def _carry_out(self, run: ChangeRun) -> End:
        """The steps of a change one after another; after a failure only those that undo what was begun."""
        end = End("succeeded")
        for item in run.steps:
            if end.outcome != "succeeded" and not self._follows_failure(run, item.step):
                continue
            caused_by = "" if item is run.steps[0] else await self._wait(run, item.step)
            if caused_by:
                end = End("skipped", caused_by=caused_by)
                continue
            item.is_started = True
            found = await self._loop.carry_out(run, item.step, is_after_failure=end.outcome != "succeeded")
            if found.failure is not None and end.failure is None and item.step.run_if == "started":
                # What undoes a step that was begun is worth a second try with a budget of its own.
                again = await self._loop.carry_out(run, item.step, is_after_failure=True)
                found = found if again.failure is not None else again
            if found.error is not None:
                # Refused credentials are refused everywhere.
                self.access_error = found.error
                self.stop()
            if found.outcome == "succeeded":
                _succeed(item)
                continue
            # The first failure is the cause; a step that undoes what was begun only adds what it leaves behind.
            is_first = end.failure is None
            end = _noted(found if is_first else end, item.step.left_behind[not self._has_preceded(run, item.step)])
            if not is_first:
                break
        return end

    def _follows_failure(self, run: ChangeRun, step: Step) -> bool:
        """Whether a step is due after a failure, since what it undoes was begun."""
        own = {on: found for on in step.depends_on if (found := run.own(on)) is not None}
        return step.run_if == "started" and all(
            item.is_started if step.depends_on[on].wait == "accepted" else item.has_succeeded
            for on, item in own.items()
        )

    def _has_preceded(self, run: ChangeRun, step: Step) -> bool:
        """Whether the steps of its change that a step depends on have succeeded."""
        own = [found for on in step.depends_on if (found := run.own(on)) is not None]
        return all(item.has_succeeded for item in own)

    async def _wait(self, run: ChangeRun, step: Step) -> str:
        """Wait for the steps of others; the address of a root cause where one of them cannot come about any more."""
        for on, dependency in step.depends_on.items():
            item = self._steps[on]
            if item.step.change == run.change.address:
                continue
            other = self._runs[item.step.change]
            event = other.values if dependency.wait == "value" else item.ended
            if not event.is_set():
                await event.wait()
                self._loop.restart_budget(run)
            if not item.has_succeeded and other.result is not None:
                return other.result.caused_by or other.change.address
        return ""

    def _finish(
        self,
        run: ChangeRun,
        outcome: Outcome,
        failure: AzureFailure | None = None,
        caused_by: str = "",
        began: float | None = None,
    ) -> None:
        elapsed = time.monotonic() - began if began is not None else 0.0
        run.result = Result(run.change, outcome, run.body, failure, caused_by, elapsed)
        if outcome == "failed" and self._stops_on_error:
            self.stop()
        run.values.set()
        for item in run.steps:
            item.ended.set()
        self._emit("finished", run.change, result=run.result)

    def _emit(
        self,
        phase: Phase,
        change: Change,
        detail: str = "",
        result: Result | None = None,
        failure: AzureFailure | None = None,
    ) -> None:
        self._listener(Event(phase, change, time.monotonic() - self._began, detail, result, failure))


def _run_of(change: Change, plan: Plan) -> ChangeRun:
    return ChangeRun(change, tuple(StepRun(step) for step in plan.steps.get(change.address, ())), change.actual)


def _succeed(item: StepRun) -> None:
    item.has_succeeded = True
    item.ended.set()


def _noted(end: End, note: str) -> End:
    """The end of a change whose failure says what it leaves behind."""
    if not note or end.failure is None:
        return end
    return replace(end, failure=replace(end.failure, message=f"{end.failure.message} {note}"))

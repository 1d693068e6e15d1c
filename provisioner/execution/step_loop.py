"""Repeats attempts at a step until one ends it.

In: a ``ChangeRun`` and one of its steps. Out: ``End``. Time limits and retry budgets belong to the change; the delete
in a replacement has its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import replace

from ..azure.errors import verdict
from ..azure.history import Verb
from ..base.diagnostics import AccessError, AzureFailure, ExecutionError
from ..resources.steps import Delete, Step
from .attempt import Again, Attempts, End
from .change_run import ChangeRun
from .recovery import is_tolerated
from .requests import TIMED_OUT, StepRequests
from .retry import RetryPolicy
from .timeouts import limit, timeout_key

_AT_LEAST_OURS_S = 20.0
"""A lower bound in wall-clock seconds: with a small time scale the scaled limit is shorter than a real round trip."""
_MOST_REBASES = 10
"""The SDK repeats a write whose answer was lost, and that fails with 412 because of its own first attempt: each such
write costs a rebase too."""


class StepLoop:
    """For one run. ``is_stopping``: nothing is tried again."""

    def __init__(
        self,
        requests: StepRequests,
        emit: Callable[..., None],
        time_scale: float,
        chance: random.Random,
        at_least_s: float,
    ) -> None:
        self._requests = requests
        self._emit = emit
        self._time_scale = time_scale
        self._random = chance
        self._at_least_s = at_least_s
        self._stopped = asyncio.Event()
        self._policies: dict[str, dict[Verb, RetryPolicy]] = {}

    @property
    def is_stopping(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """Try nothing again from now on."""
        self._stopped.set()

    def restart_budget(self, run: ChangeRun) -> None:
        """Time spent waiting for other changes does not count."""
        for policy in self._policies.get(run.change.address, {}).values():
            policy.begin()

    async def carry_out(self, run: ChangeRun, step: Step, is_after_failure: bool = False) -> End:
        """Send the request of a step until it succeeds, or fails for good.

        Args:
            is_after_failure: the budget of the change is used up, so the step gets one of its own.
        """
        change = run.change
        verb: Verb = "delete" if isinstance(step.operation, Delete) else timeout_key(change)
        own_limit = limit(change, verb)
        policies = self._policies.setdefault(change.address, {})
        if is_after_failure or verb not in policies:
            policies[verb] = RetryPolicy(self._random, self._time_scale, own_limit, self._at_least_s)
        attempts = Attempts(policies[verb], own_limit)
        while isinstance(found := await self._attempt(run, step, attempts), Again):
            self._emit("retrying", change, detail=found.detail, failure=found.failure)
            if found.delay_s is not None and await self._is_stopped_within(found.delay_s):
                return End("failed", failure=found.failure)
        return found

    async def _attempt(self, run: ChangeRun, step: Step, attempts: Attempts) -> End | Again:
        longest_s = attempts.policy.longest_s(_AT_LEAST_OURS_S)
        try:
            await self._requests.with_timeout(self._requests.send(run, step), attempts.limit.text, longest_s)
        except ExecutionError as error:
            return await self._after_failure(run, step, attempts, error.failure.with_target(step.resource_id))
        except AccessError as error:
            return End("failed", failure=AzureFailure("AccessDenied", str(error), target=step.resource_id), error=error)
        return End("succeeded")

    async def _after_failure(
        self, run: ChangeRun, step: Step, attempts: Attempts, failure: AzureFailure
    ) -> End | Again:
        """Whether the step is over after a failure, and if not, when to try again."""
        policy = attempts.policy
        failure = replace(failure, tries=policy.tries)
        if failure.code == TIMED_OUT:
            failure = replace(failure, message=failure.message + attempts.before)
        means = verdict(failure)
        if means == "granted" and run.change.action == "create":
            # Another user has granted the same under another name since the plan was made.
            return End("succeeded")
        if means == "conflict" and attempts.rebases < _MOST_REBASES and not run.is_stale:
            run.is_stale = True
            attempts.rebases += 1
            return Again(failure, "changed by another user or tool meanwhile")
        pause = None if self.is_stopping else policy.pause(failure, is_tolerated(failure, step.tolerates))
        if await self._requests.took_effect(run, step, failure):
            return End("succeeded")
        if run.was_busy and pause is None and not self.is_stopping:
            # The refusal may have been for the operation that has just ended, whatever its code says.
            pause = 0.0
        if pause is None:
            return End("failed", failure=replace(failure, limit=policy.exhausted))
        attempts.before = f" Before that: {failure.code}: {failure.message}"
        return Again(failure, failure.code, pause)

    async def _is_stopped_within(self, pause_s: float) -> bool:
        """Wait so long, but not beyond a stop: nothing is tried again after one."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), pause_s)
        return self.is_stopping

"""The lock of a deployment around what apply and destroy write: taken after consent, let go at the end in any case."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from ..azure.advice import advice
from ..azure.errors import verdict
from ..base import arm_id
from ..base.diagnostics import AzureFailure, ExecutionError, LockedError
from ..base.values import leaves
from ..execution.deployment_lock.lock import Lock, is_group_missing
from ..execution.deployment_lock.lock_info import LEASE, LockInfo
from ..planning.plan import Plan
from ..resources.addresses import RESOURCE_GROUP
from . import running
from .context import CommandContext
from .session import Session

_LOOK_EVERY_S = 5.0
_TROUBLE = "the lock could not be acquired: {}\n  hint: try again, or pass --no-lock"
_WITHOUT = {
    "RequestDisallowedByPolicy": "exempt application security groups with the name {name} from the policy",
}
"""What to do where a lock is refused, if it is something else than for other resources."""
_AT_LEAST_S = 0.2


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lock-timeout",
        metavar="TIME",
        default="0",
        help=(
            "how long to wait for another run of this deployment, for example 90s or 10m (default: fail immediately)"
        ),
    )
    parser.add_argument("--no-lock", action="store_true", help="don't acquire a lock, and ignore existing locks")


class Guard:
    """The lock of one command; without one everything goes on as if there were none."""

    def __init__(self, session: Session, group_id: str, lock: Lock | None, timeout_s: float) -> None:
        self._session = session
        self._group_id = group_id
        self.lock = lock
        self._timeout_s = timeout_s

    async def refuse_held(self) -> None:
        """Before the wait for what runs: who holds the lock is told at once, unless the user waits for that too.

        Raises:
            LockedError: somebody else holds it.
        """
        if self.lock is not None and not self.lock.is_held and not self._timeout_s:
            holder = await self.lock.other()
            if holder is not None:
                raise LockedError(_refusal(holder))

    async def taken(self, plan: Plan, again: Callable[[], Awaitable[Plan | int]]) -> Plan | int:
        """The plan to carry out, with the lock held; after a wait it is made ``again``, since somebody wrote meanwhile.

        An exit code instead is what ``again`` answers when that plan may not be carried out.

        Raises:
            LockedError: somebody else holds it, and the time for waiting is over.
        """
        chosen: Plan | int = plan
        while not isinstance(chosen, int) and chosen.pending and await self._take(chosen):
            chosen = await again()
        return chosen

    async def _take(self, plan: Plan) -> bool:
        """Whether there was a wait."""
        if self.lock is None or self.lock.is_held:
            return False
        deadline, waited = time.monotonic() + self._timeout_s, False
        while True:
            try:
                holder = await self._try(plan, self.lock)
            except ExecutionError as error:
                if waited and is_group_missing(error):
                    return True
                if verdict(error.failure) == "transient":
                    raise LockedError(_TROUBLE.format(error.failure)) from error
                if not is_group_missing(error):
                    print(_without(error.failure, self.lock.name), file=sys.stderr)
                self.lock = None
                return False
            if holder is None:
                return waited
            if time.monotonic() >= deadline:
                raise LockedError(_refusal(holder))
            if not waited:
                print(f"waiting for another run of {plan.deployment}: {holder}", file=sys.stderr, flush=True)
            waited = True
            pause_s = max(_LOOK_EVERY_S * self._session.time_scale, _AT_LEAST_S)
            await asyncio.sleep(min(pause_s, max(deadline - time.monotonic(), 0)))

    async def _try(self, plan: Plan, lock: Lock) -> LockInfo | None:
        try:
            return await lock.take()
        except ExecutionError as error:
            if not is_group_missing(error) or not await self._make_group(plan):
                raise
        return await lock.take()

    async def _make_group(self, plan: Plan) -> bool:
        """The group that the plan creates anyway: the lock lies in it, so it comes first. Made twice it is the same."""
        for change in plan.pending:
            if change.action == "create" and arm_id.same(change.id, self._group_id):
                (body,) = plan.bodies(change)
                if any(leaves(body)):
                    return False
                await self._session.operations.put(change.kind, change.id, body, lambda first: None)
                return True
        return False


@contextlib.asynccontextmanager
async def guarded(arguments: argparse.Namespace, opened: CommandContext, command: str) -> AsyncIterator[Guard]:
    """Whatever is taken inside is let go at the end.

    Raises:
        UsageError: the timeout is none.
    """
    timeout_s = running.seconds(arguments.lock_timeout, "--lock-timeout") or 0.0
    lock, group_id = _lock(arguments, opened, command)
    guard = Guard(opened.session, group_id, lock, timeout_s)
    try:
        yield guard
    finally:
        if lock is not None:
            await lock.release()


def _lock(arguments: argparse.Namespace, opened: CommandContext, command: str) -> tuple[Lock | None, str]:
    """No lock in an embedded cloud that lives for one command: nobody else can be there."""
    session, spec = opened.session, opened.loaded.spec
    group_id = group_of(opened)
    if arguments.no_lock or session.cloud.is_local or not group_id:
        return None, group_id
    now = session.operations.locks.now()
    who = f"{session.caller or 'an unknown user'} on {socket.gethostname()} (process {os.getpid()})"
    holder = LockInfo(spec.deployment, session.correlation_id, who, command, now, now + LEASE)
    group = arm_id.parse(group_id).name
    locks, tags = session.operations.locks, opened.loaded.resolution.tags
    return Lock(locks, group, spec.location, holder, session.time_scale, tags), group_id


def group_of(opened: CommandContext) -> str:
    """The ID of the spec's resource group, in which its lock lies."""
    found = (item.id for item in opened.loaded.resolution.resources if item.address == RESOURCE_GROUP and item.id)
    return next(filter(arm_id.is_resource_group, found), "")


def _without(failure: AzureFailure, name: str) -> str:
    hint = _WITHOUT.get(failure.code) or advice(failure)
    text = f"note: continuing without a lock, because Azure does not let this run create {name}: {failure}"
    return f"{text}\n  hint: {hint.format(name=name)}; or pass --no-lock, which omits this note" if hint else text


def _refusal(holder: LockInfo) -> str:
    return (
        f"another run works on the deployment {holder.deployment}: {holder}.\n"
        f"  Its run has the correlation ID {holder.run}.\n"
        "  hint: wait for it with --lock-timeout 10m; if that run is dead, run `provisioner unlock "
        "SPEC`"
    )

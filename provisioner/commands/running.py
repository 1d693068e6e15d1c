"""Carrying out a plan under signals, with a journal: the first Ctrl-C starts nothing new, the second leaves."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..base.diagnostics import AccessError, AzureFailure, UsageError
from ..base.distribution import version
from ..execution import journal
from ..execution.deployment_lock.lock import Lock
from ..execution.events import Event, Result
from ..execution.executor import Executor
from ..planning.plan import Plan
from ..report import progress
from ..report.tolerant_stream import lasting, say
from ..spec.secrets.secrets import Secrets
from .after_run import AfterRun, after_run
from .interruption import INTERRUPTED, handled_by
from .session import Session


@dataclass(frozen=True)
class Outcome:
    """Every result, the exit code, the seconds that it took, and what exists now."""

    results: tuple[Result, ...]
    exit_code: int
    elapsed_s: float
    after: AfterRun


@dataclass(frozen=True)
class ExecutionOptions:
    """How a plan is carried out: for which command and spec, told how, and when to stop early.

    ``timeout_s`` are seconds after which nothing new is started.
    """

    command: str
    spec: str
    output: str
    stops_on_error: bool = False
    timeout_s: float | None = None
    parallelism: int | None = None


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on-error",
        choices=("continue", "stop"),
        default="continue",
        help="after a failure: continue with independent changes (default), or start nothing new",
    )
    parser.add_argument(
        "--parallelism",
        type=_positive,
        metavar="N",
        help="maximum number of parallel changes (default: unlimited)",
    )
    parser.add_argument(
        "--timeout",
        metavar="TIME",
        help="start no new changes after this time, for example 90s, 30m or 2h; running operations finish",
    )


def manner(arguments: argparse.Namespace, command: str) -> ExecutionOptions:
    """What the command line says.

    Raises:
        UsageError: the timeout is none.
    """
    spec = " ".join(str(Path(file).absolute()) for file in arguments.specs)
    stops_on_error = arguments.on_error == "stop"
    timeout_s = seconds(arguments.timeout, "--timeout")
    return ExecutionOptions(command, spec, arguments.output, stops_on_error, timeout_s, arguments.parallelism)


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("write a number from 1")
    return int(text)


def seconds(text: str | None, option: str) -> float | None:
    """A time such as 90s, 30m or 2h.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if found is None:
        raise UsageError(f"{option} {text}: write a time such as 90s, 30m or 2h")
    return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


async def run_plan(
    plan: Plan, session: Session, secrets: Secrets, how: ExecutionOptions, lock: Lock | None = None
) -> Outcome:
    """Carry out a plan; a lock that is lost on the way starts nothing new.

    Raises:
        AccessError: Azure refused the credentials on the way.
        KeyboardInterrupt: the user interrupted twice.
    """
    began = time.monotonic()
    if plan.pending and how.output == "text":
        print()
    with _journal(plan, session, how) as record, progress.listener(plan, how.output, lasting(sys.stdout)) as listener:

        def listen(event: Event) -> None:
            result = _clean(event.result, secrets) if event.result is not None else None
            failure = _redacted(event.failure, secrets)
            event = replace(event, result=result, detail=secrets.redact(event.detail), failure=failure)
            record.listen(event)
            listener(event)

        executor = Executor(
            plan,
            session.operations,
            secrets.reveal,
            listen,
            session.time_scale,
            stops_on_error=how.stops_on_error,
            parallelism=how.parallelism,
        )
        limit, kept = _time_limit(executor, how.timeout_s), _lock_kept(executor, lock)
        with _signals(executor) as interrupted, limit, kept:
            results = await executor.run()
        code = 0 if all(item.outcome in ("succeeded", "unchanged") for item in results) else 1
        if interrupted and code:
            code = INTERRUPTED
        elapsed_s = time.monotonic() - began
        is_kept = record.is_kept
        record.end(code, elapsed_s, Counter(item.outcome for item in results if item.outcome != "unchanged"))
    if code and is_kept:
        say(f"note: `provisioner runs show {record.id}` shows every step of this run")
    if executor.access_error is not None:
        raise AccessError(secrets.redact(str(executor.access_error)))
    after = await after_run(plan, results, session.operations)
    return Outcome(tuple(_clean(item, secrets) for item in results), code, elapsed_s, after)


@contextlib.contextmanager
def _journal(plan: Plan, session: Session, how: ExecutionOptions) -> Iterator[journal.Journal]:
    """A plan with nothing to do leaves no journal."""
    if not plan.pending:
        yield journal.Journal("", None)
        return
    head = {
        "command": how.command,
        "deployment": plan.deployment,
        "cloud": plan.cloud,
        "subscription": session.subscription_id,
        "correlation_id": session.correlation_id,
        "spec": how.spec,
        "version": version(),
    }
    with contextlib.closing(journal.begin(head)) as record:
        yield record


def _clean(result: Result, secrets: Secrets) -> Result:
    return replace(result, failure=_redacted(result.failure, secrets))


def _redacted(failure: AzureFailure | None, secrets: Secrets) -> AzureFailure | None:
    """Without secrets that Azure may have repeated in an error."""
    if failure is None:
        return None
    return replace(
        failure,
        code=secrets.redact(failure.code),
        message=secrets.redact(failure.message),
        request_id=secrets.redact(failure.request_id),
        target=secrets.redact(failure.target),
        inner=tuple(map(secrets.redact, failure.inner)),
    )


@contextlib.contextmanager
def _time_limit(executor: Executor, timeout_s: float | None) -> Iterator[None]:
    def end() -> None:
        executor.stop()
        say("out of time: waiting for running operations, starting nothing new")

    timer = asyncio.get_running_loop().call_later(timeout_s, end) if timeout_s is not None else None
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()


def _lock_kept(executor: Executor, lock: Lock | None) -> contextlib.AbstractContextManager[None]:
    def lost(holder: str) -> None:
        executor.stop()
        say(f"the lock was taken by another run ({holder}): starting nothing new")

    return lock.kept(lost) if lock is not None else contextlib.nullcontext()


@contextlib.contextmanager
def _signals(executor: Executor) -> Iterator[list[int]]:
    received: list[int] = []
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        received.append(1)
        if len(received) == 1:
            executor.stop()
            say("\nInterrupted. Waiting for running operations; press Ctrl-C again to exit immediately.")
        elif task is not None:
            task.cancel()

    # Not by loop.add_signal_handler: the loop of Windows has none.
    with handled_by(lambda number, frame: loop.call_soon_threadsafe(interrupt)):
        try:
            yield received
        except asyncio.CancelledError:
            raise KeyboardInterrupt("the next apply takes over what still runs in Azure") from None

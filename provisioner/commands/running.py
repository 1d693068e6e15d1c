"""Carrying out a plan under signals, with a journal: the first Ctrl-C starts nothing new, the second leaves."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

from .. import journal
from ..events import Event, Result
from ..executor import Executor
from ..plan import Plan
from ..report import progress
from ..spec.secrets import Secrets
from .session import Session

INTERRUPTED = 130


@dataclass(frozen=True)
class Outcome:
    """Every result, the exit code and the seconds that it took."""

    results: tuple[Result, ...]
    exit_code: int
    elapsed_s: float


async def run_plan(
    plan: Plan, session: Session, secrets: Secrets, output: str, command: str, spec: str | None
) -> Outcome:
    """Carry out a plan; the journal says that ``command`` did it, for the spec in a file.

    Raises:
        AccessError: Azure refused the credentials on the way.
        KeyboardInterrupt: the user interrupted twice.
    """
    began = time.monotonic()
    if plan.pending and output == "text":
        print()
    with _journal(plan, session, command, spec) as record, progress.listener(plan, output, sys.stdout) as listener:

        def listen(event: Event) -> None:
            if event.result is not None:
                event = replace(event, result=_clean(event.result, secrets))
            record.listen(event)
            listener(event)

        executor = Executor(plan, session.operations, secrets.reveal, listen, session.time_scale)
        with _signals(executor) as interrupted:
            results = await executor.run()
        code = 0 if all(item.outcome in ("succeeded", "unchanged") for item in results) else 1
        if interrupted and code:
            code = INTERRUPTED
        elapsed_s = time.monotonic() - began
        kept = record.is_kept
        record.end(code, elapsed_s, Counter(item.outcome for item in results if item.outcome != "unchanged"))
    if code and kept:
        print(f"note: `provisioner runs show {record.id}` shows every step of this run", file=sys.stderr)
    if executor.access_error is not None:
        raise executor.access_error
    return Outcome(tuple(_clean(item, secrets) for item in results), code, elapsed_s)


@contextlib.contextmanager
def _journal(plan: Plan, session: Session, command: str, spec: str | None) -> Iterator[journal.Journal]:
    """A plan with nothing to do leaves no journal."""
    if not plan.pending:
        yield journal.Journal("", None)
        return
    head = {
        "command": command,
        "deployment": plan.deployment,
        "cloud": plan.cloud,
        "subscription": session.subscription_id,
        "correlation_id": session.correlation_id,
        "spec": str(Path(spec).absolute()) if spec else "",
        "version": metadata.version("provisioner"),
    }
    with contextlib.closing(journal.begin(head)) as record:
        yield record


def _clean(result: Result, secrets: Secrets) -> Result:
    """Without secrets that Azure may have repeated in an error."""
    failure = result.failure
    if failure is None:
        return result
    return replace(result, failure=replace(failure, message=secrets.redact(failure.message)))


@contextlib.contextmanager
def _signals(executor: Executor) -> Iterator[list[int]]:
    received: list[int] = []
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        received.append(1)
        if len(received) == 1:
            executor.stop()
            print("\ninterrupted: letting what runs finish; once more to leave at once", file=sys.stderr)
        elif task is not None:
            task.cancel()

    handled = (signal.SIGINT, signal.SIGTERM)
    for number in handled:
        loop.add_signal_handler(number, interrupt)
    try:
        yield received
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        for number in handled:
            loop.remove_signal_handler(number)

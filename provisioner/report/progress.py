"""Progress of a run: plain lines, JSON lines, or a live table on a terminal. Each is a listener."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from ..base.diagnostics import printable
from ..execution.events import Event, Listener
from ..planning.plan import Change, Plan
from .style import coloured, paint

if TYPE_CHECKING:
    from rich.table import Table

_DONE = {"create": "created", "update": "updated", "replace": "replaced", "delete": "deleted", "no-op": "unchanged"}
_DOING = {"create": "creating", "update": "updating", "replace": "replacing", "delete": "deleting", "no-op": ""}
_COLOURS = {"succeeded": "green", "failed": "red", "skipped": "yellow", "cancelled": "yellow", "unchanged": "dim"}
_FRAMES_PER_S = 8
_MOST_ROWS = 20
_NOT_WORTH_A_WORD = 5


@contextlib.contextmanager
def listener(plan: Plan, output: str, stream: TextIO) -> Iterator[Listener]:
    """The listener that fits: JSON lines for machines, a table on a terminal, lines elsewhere."""
    if output == "json":
        yield json_lines(stream)
    elif stream.isatty():
        with _live(plan, stream) as live:
            yield live
    else:
        yield plain_lines(stream)


def json_lines(stream: TextIO) -> Listener:
    """One JSON object a line (docs/reference/json.md)."""

    def listen(event: Event) -> None:
        if event.change.action != "no-op":
            print(json.dumps(event.to_json()), file=stream, flush=True)

    return listen


def plain_lines(stream: TextIO) -> Listener:
    """One line when a change starts, is tried again, and ends."""
    colours = coloured(stream)

    def listen(event: Event) -> None:
        text = describe(event)
        if text:
            colour = _COLOURS[event.result.outcome] if event.result else ""
            print(f"{event.at_s:7.1f}s  {paint(text, colour, colours)}", file=stream, flush=True)

    return listen


def describe(event: Event) -> str:
    """An event in words; empty when it is not worth a line."""
    change = event.change
    if change.action == "no-op":
        return ""
    if event.phase == "started":
        return f"{change.address}: {_DOING[change.action]}"
    if event.phase == "retrying":
        return f"{change.address}: trying again ({printable(event.detail)})"
    if event.phase == "finished" and event.result is not None:
        result = event.result
        if result.outcome == "succeeded":
            took = f" ({result.elapsed_s:.1f}s)" if result.elapsed_s else ""
            return f"{change.address}: {_DONE[change.action]}{took}"
        if result.outcome == "failed" and result.failure is not None:
            return f"{change.address}: failed: {printable(result.failure.code)}"
        if result.outcome == "skipped":
            return f"{change.address}: skipped, because {result.caused_by} did not succeed"
        return f"{change.address}: {result.outcome}"
    return ""


@contextlib.contextmanager
def _live(plan: Plan, stream: TextIO) -> Iterator[Listener]:
    """A table that is drawn over and over while the run goes on, and stays when it ends."""
    from rich.console import Console
    from rich.live import Live

    table = _Table(plan)
    console = Console(file=stream, no_color=not coloured(stream), highlight=False)
    with Live(console=console, refresh_per_second=_FRAMES_PER_S, get_renderable=table.draw, transient=False):
        yield table.listen
        table.finished = True


class _Table:
    """Per change: state, elapsed, what it waits for."""

    def __init__(self, plan: Plan) -> None:
        self._changes = [change for change in plan.changes if plan.sends(change.address)]
        self._plan = plan
        self._began = time.monotonic()
        self._started: dict[str, float] = {}
        self._ended: dict[str, Event] = {}
        self._note: dict[str, str] = {}
        self._settled: set[str] = {change.address for change in plan.changes if change.action == "no-op"}
        self.finished = False

    def listen(self, event: Event) -> None:
        address = event.change.address
        if event.phase == "started":
            self._started[address] = event.at_s
        elif event.phase == "retrying":
            self._note[address] = f"trying again: {printable(event.detail)}"
        elif event.phase == "finished":
            self._ended[address] = event
            self._settled.add(address)

    def draw(self) -> Table:
        from rich.table import Table

        table = Table.grid(padding=(0, 2))
        now = time.monotonic() - self._began
        rows = self._changes if self.finished else self._visible()
        for change in rows:
            table.add_row(*self._row(change, now))
        done = sum(self._is_done(change.address) for change in self._changes)
        queued = sum(self._is_queued(change) for change in self._changes)
        note = f"{queued} queued" if queued > _NOT_WORTH_A_WORD else ""
        table.add_row("", f"{done} of {len(self._changes)}", "", f"{now:.1f}s", note, style="bold")
        return table

    def _is_done(self, address: str) -> bool:
        """Whether it came about: what failed or was left out is none of those that are done."""
        ended = self._ended.get(address)
        return ended is not None and ended.result is not None and ended.result.outcome == "succeeded"

    def _is_queued(self, change: Change) -> bool:
        """Whether all that it needs is there, and only Azure's rate of requests or ``--parallelism`` holds it back."""
        address = change.address
        return (
            address not in self._started
            and address not in self._ended
            and self._settled.issuperset(self._plan.waits_for(address))
        )

    def _visible(self) -> list[Change]:
        """What runs first, then what waits, then the newest of what is done: as much as fits."""
        running = [item for item in self._changes if item.address in self._started and item.address not in self._ended]
        if len(self._changes) <= _MOST_ROWS:
            return self._changes
        waiting = [
            item for item in self._changes if item.address not in self._started and item.address not in self._ended
        ]
        return (running + waiting)[:_MOST_ROWS]

    def _row(self, change: Change, now: float) -> tuple[str, str, str, str, str]:
        from rich.markup import escape

        address = escape(change.address)
        ended = self._ended.get(change.address)
        if ended is not None and ended.result is not None:
            outcome = ended.result.outcome
            word = _DONE[change.action] if outcome == "succeeded" else outcome
            caused_by = f"because of {ended.result.caused_by}" if ended.result.caused_by else ""
            note = ended.result.failure.code if ended.result.failure else caused_by
            mark = "✓" if outcome == "succeeded" else "✗"
            colour = _COLOURS[outcome]
            took = f"{ended.result.elapsed_s:.1f}s" if change.address in self._started else ""
            return f"[{colour}]{mark}[/]", address, f"[{colour}]{word}[/]", took, escape(printable(note))
        if change.address in self._started:
            seconds = now - self._started[change.address]
            return "•", address, _DOING[change.action], f"{seconds:.1f}s", escape(self._note.get(change.address, ""))
        waits = [other for other in self._plan.waits_for(change.address) if other not in self._settled]
        return (
            "[dim]·[/]",
            f"[dim]{address}[/]",
            "[dim]waiting[/]",
            "",
            f"[dim]for {escape(waits[0]) if waits else 'its turn'}[/]",
        )

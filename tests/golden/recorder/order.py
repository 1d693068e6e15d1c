"""From several runs of one command to the partial order of its writes.

In: for each run, which events came before each write was sent. Out: the events that a write waits for, without those
that follow from others; and which events the next run has to delay to learn more. Pure.

An event is ``(write, "accepted")``, its first good answer, ``(write, "done")``, the end of its operation, or
``(write, "refused")`` and ``(write, "lost")``, where an attempt was answered with an error, or its answer was lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Event = tuple[str, str]
REFUSED, LOST, ACCEPTED, DONE = "refused", "lost", "accepted", "done"


@dataclass(frozen=True)
class Sent:
    """When a write was sent: after which events, and in response to which one (None: of itself).

    ``last_after``: the events before its last attempt, where it was refused at first.
    """

    after: frozenset[Event]
    freed_by: Event | None
    last_after: frozenset[Event]


Run = Mapping[str, Sent]


def awaited(runs: Sequence[Run]) -> dict[str, frozenset[Event]]:
    """For each write the events that it waits for, without those that follow from others."""
    first = _in_all(runs, lambda sent: sent.after)
    last = _in_all(runs, lambda sent: sent.last_after)
    return {write: _direct(events, first, last) for write, events in first.items()}


def _in_all(runs: Sequence[Run], events: Callable[[Sent], frozenset[Event]]) -> dict[str, frozenset[Event]]:
    """The events that came before a write in every run that has the write."""
    found: dict[str, frozenset[Event]] = {}
    for run in runs:
        for write, sent in run.items():
            found[write] = found.get(write, events(sent)) & events(sent)
    return found


def _direct(
    events: frozenset[Event], first: Mapping[str, frozenset[Event]], last: Mapping[str, frozenset[Event]]
) -> frozenset[Event]:
    implied: set[Event] = set()
    for write, phase in events:
        if phase in (REFUSED, LOST):
            implied |= first[write]
            continue
        implied |= last[write] | {(write, REFUSED), (write, LOST)}
        if phase == DONE:
            implied.add((write, ACCEPTED))
    return events - implied


def doubtful(runs: Sequence[Run]) -> list[Event]:
    """Events that no run has yet shown to be what a write waited for, sorted."""
    waits = awaited(runs)
    shown = {(write, sent.freed_by) for run in runs for write, sent in run.items()}
    return sorted({event for write, events in waits.items() for event in events if (write, event) not in shown})


def next_delays(runs: Sequence[Run]) -> list[Event]:
    """What to delay in the next run, the last one for longest; nothing when all is known.

    Forwards, backwards, then in turn: after that each of them has been the last.
    """
    events = doubtful(runs)
    number = len(runs)
    if number % 2 == 0:
        events.reverse()
    if number > 2 and events:
        turn = (number - 1) // 2 % len(events)
        events = events[turn:] + events[:turn]
    return events


def sorted_by_order(waits: Mapping[str, frozenset[Event]]) -> list[str]:
    """Writes, each behind those that it waits for, otherwise by name."""
    left = {write: {event[0] for event in events} & waits.keys() for write, events in waits.items()}
    found: list[str] = []
    while left:
        ready = min(write for write, needs in left.items() if not needs - set(found))
        found.append(ready)
        del left[ready]
    return found

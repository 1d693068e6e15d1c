"""The door of the embedded cloud: it notes every write, and holds its answers back until it is told to give one.

In: requests, as the simulator's middleware, on the simulator's event loop; and events to delay. Out: the writes of
the run with what had happened before each was sent. Reads are answered at once.

A write is held twice: its request until it is let in (then its first answer is given), and the first question about
its operation until the operation is to be over. While anything can be given, the one that isn't delayed goes first.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .names import Names
from .order import ACCEPTED, DONE, LOST, REFUSED, Event, Sent

_WRITES = ("PUT", "PATCH", "POST", "DELETE")
_FEW = 10
"""With so many requests under way a write may have waited for any answer, and not for the one that was given."""
_VERSION_OF_OTHERS = "2024-07-01"
_ROUNDS = 25
"""Turns of the event loop in which what has arrived becomes a request that is known here."""


@dataclass
class Write:
    """One write with its attempts: outcomes, and bodies in short and whole."""

    name: str
    sent: Sent
    outcomes: list[str] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    is_refused: bool = False
    has_operation: bool = False


@dataclass(frozen=True)
class Request:
    """A request by another user or tool; a PUT's ``merge`` is laid over what is there."""

    method: str
    path: str
    body: Any = None
    merge: Any = None


@dataclass(frozen=True)
class Incident:
    """What happens when a write of this name is sent for the first time."""

    at: str
    requests: tuple[Request, ...] = ()
    interrupt: bool = False


class Door:
    """For one run; nothing is held before ``holds`` is set. ``others`` come with the first request to the manager."""

    def __init__(
        self,
        names: Names,
        delays: Sequence[Event] = (),
        incidents: Sequence[Incident] = (),
        others: Sequence[Request] = (),
    ) -> None:
        self.names = names
        self._others = list(others)
        self.writes: dict[str, Write] = {}
        self.holds = False
        self._delays = {event: number for number, event in enumerate(delays)}
        self._incidents = {incident.at: incident for incident in incidents}
        self._held: dict[Event, tuple[int, asyncio.Future[None]]] = {}
        self._operations: dict[str, str] = {}
        self._events: set[Event] = set()
        self._last: Event | None = None
        self._step = 0
        self._arrivals = 0
        self._working = 0

    async def __call__(self, call: Any, answering: Callable[[Any], Any]) -> Any:
        """The simulator's middleware."""
        self._arrivals += 1
        self._working += 1
        # The SDK's lock operations send `//subscriptions/…`.
        call = dataclasses.replace(call, path=f"/{call.path.lstrip('/')}")
        try:
            if call.path in self._operations:
                return await self._asked(call, answering)
            if self._others and call.path.lower().startswith("/subscriptions/"):
                for request in self._others:
                    self._make(request, call, answering)
                self._others.clear()
            if call.method in _WRITES and call.path.lower().startswith("/subscriptions/"):
                return await self._written(call, answering)
            reply = answering(call)
            self.names.learn(reply[0].body)
            return reply
        finally:
            self._working -= 1

    async def _written(self, call: Any, answering: Callable[[Any], Any]) -> Any:
        body = json.loads(call.body) if call.body else None
        write = self._noted(self.names.write(call.method, call.path, body))
        if body is not None:
            short, whole = self.names.body(body)
            write.bodies[short] = whole
        incident = self._incidents.pop(write.name, None)
        if incident is not None:
            self._happen(incident, call, answering)
        await self._hold((write.name, ACCEPTED))
        reply = answering(call)
        answer = reply[0]
        self.names.learn(answer.body)
        self._note_outcome(write, answer)
        return reply

    def _noted(self, name: str) -> Write:
        """A refused write that is sent again is the same one."""
        number, numbered = 1, name
        while numbered in self.writes and not self.writes[numbered].is_refused:
            number += 1
            numbered = f"{name} #{number}"
        events = frozenset(self._events)
        write = self.writes.setdefault(numbered, Write(numbered, Sent(events, self._last, events)))
        write.sent = dataclasses.replace(write.sent, last_after=events)
        return write

    def _note_outcome(self, write: Write, answer: Any) -> None:
        body = answer.body if isinstance(answer.body, dict) else {}
        outcome = f"{answer.status} {_code(body)}".strip() if answer.status >= 400 else str(answer.status)
        lost = answer.drop_connection or answer.truncated
        if lost:
            outcome = f"{outcome}, connection lost" if answer.status else "connection lost before it arrived"
        if write.outcomes[-1:] != [outcome]:
            write.outcomes.append(outcome)
        write.is_refused = lost or answer.status >= 400
        if write.is_refused:
            self._note(write.name, LOST if lost else REFUSED)
            return
        self._events.add((write.name, ACCEPTED))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        links = [headers[name] for name in ("azure-asyncoperation", "location") if name in headers]
        runs_on = answer.status == 202 or "azure-asyncoperation" in headers
        state = (body.get("properties") or {}).get("provisioningState") if isinstance(body, dict) else None
        if runs_on and links and state != "Succeeded":
            write.has_operation = True
            self._operations.update({urlsplit(link).path: write.name for link in links})
            return
        self._note(write.name, DONE)

    def _note(self, name: str, phase: str) -> None:
        """What the answer that was given now turned out to be."""
        self._events.add((name, phase))
        if self._last == (name, ACCEPTED):
            self._last = (name, phase)

    async def _asked(self, call: Any, answering: Callable[[Any], Any]) -> Any:
        write = self.writes[self._operations[call.path]]
        if (write.name, DONE) in self._events:
            return answering(call)
        await self._hold((write.name, DONE))
        reply = answering(call)
        body = reply[0].body if isinstance(reply[0].body, dict) else {}
        write.outcomes.append(_ended(reply[0].status, body))
        self._events.add((write.name, DONE))
        self.names.learn(body)
        return reply

    async def _hold(self, event: Event) -> None:
        if not self.holds:
            return
        free = asyncio.get_running_loop().create_future()
        key = event if event not in self._held else (f"{event[0]} again", event[1])
        self._held[key] = (self._step, free)
        self._working -= 1
        try:
            await free
        finally:
            self._working += 1

    def _happen(self, incident: Incident, call: Any, answering: Callable[[Any], Any]) -> None:
        for request in incident.requests:
            self._make(request, call, answering)
        if incident.interrupt:
            os.kill(os.getpid(), signal.SIGINT)

    def _make(self, request: Request, call: Any, answering: Callable[[Any], Any]) -> None:
        """Make another's request, on the model of one of the run's; it has to be accepted, and ends at once."""
        headers = {name: value for name, value in call.headers.items() if not name.startswith("if-")}
        version = {"api-version": _VERSION_OF_OTHERS}
        there = dataclasses.replace(call, path=request.path, query=version, headers=headers, body=b"", method="GET")
        body = self.names.resolved(request.body)
        if request.merge is not None:
            body = merged(answering(there)[0].body, request.merge)
        content = b"" if body is None else json.dumps(body).encode()
        answer = answering(dataclasses.replace(there, method=request.method, body=content))[0]
        assert answer.status < 400, (request, answer.body)
        answering(there)

    async def settle(self) -> bool:
        """Let what has arrived become known; whether nothing came, and nothing is being worked on."""
        before = self._arrivals
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)
        return before == self._arrivals and not self._working

    async def release(self) -> None:
        """Give one answer, if the program waits for nothing else."""
        if not await self.settle() or not self._held:
            return
        event = min(self._held, key=lambda event: (self._delays.get(event, -1), self._held[event][0], event))
        self._step += 1
        self._last = event if len(self._held) < _FEW else None
        self._held.pop(event)[1].set_result(None)


def merged(old: Any, new: Any) -> Any:
    """Mappings are merged, lists put behind each other, everything else is replaced."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: merged(old.get(name), value) for name, value in new.items()}
    return [*old, *new] if isinstance(old, list) and isinstance(new, list) else new


def _code(body: dict[str, Any]) -> str:
    return str((body.get("error") or body.get("Error") or {}).get("code", ""))


def _ended(status: int, body: dict[str, Any]) -> str:
    if status >= 400 or body.get("status") in ("Failed", "Canceled"):
        error = body.get("error") or body.get("Error") or {}
        return f"{body.get('status', 'Failed')} {error.get('code') or error.get('Code') or ''}".strip()
    return str(body.get("status", "Succeeded"))

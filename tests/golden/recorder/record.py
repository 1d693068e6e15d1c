"""Runs a scenario as often as it takes to know the order of its writes, and writes that down.

In: a ``Scenario``. Out: text. It knows of the program its command line (``provisioner.cli.main``), and of the
embedded cloud that it is a server with a middleware. The cloud runs in a thread, over TLS; the command runs in the
main thread, as the user's would.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import shutil
import threading
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from provisioner import cli
from provisioner.simulator import Settings, Simulator
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from provisioner.simulator.http.certificates import Certificates

from .door import Door, Write
from .idle import Watch, policy
from .names import Names
from .order import ACCEPTED, DONE, Event, awaited, next_delays, sorted_by_order
from .scenarios import EXAMPLES, SUBSCRIPTION, Scenario

_TIME_SCALE = 1e-6
"""Operations are over, and pauses too, at once: when something is answered is the door's to say."""
_MOST_RUNS = 20


class Recorder:
    """For one process, which it takes over: environment, event loop policy, standard output."""

    def __init__(self, folder: Path, tls: Certificates) -> None:
        self._folder = folder
        self._certificates = tls
        self._watch = Watch()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        asyncio.set_event_loop_policy(policy(self._watch))
        self.specs = folder / "specs"
        shutil.copytree(EXAMPLES, self.specs)
        self.runs = 0

    def record(self, scenario: Scenario) -> tuple[str, dict[str, str]]:
        """The golden text, and the bodies behind its digests."""
        group = _group(scenario.after)
        state = self._prepared(scenario)
        runs = [self._run(scenario, state, Names(SUBSCRIPTION, group), ())]
        while delays := next_delays([ran.order for ran in runs]):
            assert len(runs) < _MOST_RUNS, f"after {len(runs)} runs it isn't clear what waits for {delays}"
            at_once = {name for ran in runs for name, write in ran.writes.items() if not write.has_operation}
            held = [(name, DONE if phase == DONE and name not in at_once else ACCEPTED) for name, phase in delays]
            runs.append(self._run(scenario, state, Names(SUBSCRIPTION, group), held))
        return _told(scenario, runs), _bodies(runs)

    def _prepared(self, scenario: Scenario) -> Path:
        """The state of a cloud in which ``before`` is deployed and others have been at work."""
        parts = (scenario.first, scenario.before, scenario.faults_before, scenario.others)
        state = self._folder / "states" / f"{sha256(repr(parts).encode()).hexdigest()[:16]}.sqlite"
        if state.exists():
            return state
        unfinished, names = state.with_suffix(".new"), Names(SUBSCRIPTION, _group(scenario.after))
        if scenario.before:
            spec = self._spec("before.yaml", scenario.before)
            door = Door(names, others=scenario.first)
            # In a fixed order: in it private addresses are handed out, which go into bodies later.
            with self._serving(scenario.faults_before, unfinished, door), self._held(door):
                code, said = self._command(["apply", spec, "--yes", "--no-lock"])
                assert code == 0 or scenario.faults_before, said
        with self._serving("", unfinished, Door(names, others=scenario.others)):
            code, said = self._command(["show", self._spec("after.yaml", scenario.after)])
            assert code == 0, said
        unfinished.rename(state)
        return state

    def _run(self, scenario: Scenario, state: Path, names: Names, delays: Sequence[Event]) -> _Ran:
        self.runs += 1
        copy = self._folder / f"run-{self.runs}.sqlite"
        shutil.copy(state, copy)
        door = Door(names, delays, scenario.incidents)
        spec, plan = self._spec("after.yaml", scenario.after), str(self._folder / f"plan-{self.runs}.json")
        words = {"SPEC": spec, "PLAN": plan}
        with self._serving(scenario.faults, copy, door):
            if scenario.plan:
                code, said = self._command([words.get(word, word) for word in scenario.plan.split()])
                assert code == 0, said
            with self._held(door):
                code, said = self._command(
                    [words.get(word, word) for word in scenario.run.split()] + _no_lock(scenario)
                )
        copy.unlink()
        return _Ran(code, said, door.writes)

    @contextlib.contextmanager
    def _held(self, door: Door) -> Iterator[None]:
        """Answers are held back, and given one at a time."""
        door.holds = True
        self._watch.settle = lambda: self._there(door.settle())
        self._watch.release = lambda: self._there(door.release())
        try:
            yield
        finally:
            self._watch.settle = self._watch.release = None

    def _command(self, words: list[str]) -> tuple[int, str]:
        """Run a command line; its exit code and what it printed."""
        outs = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
        with contextlib.redirect_stdout(outs[0]), contextlib.redirect_stderr(outs[1]):
            try:
                code = cli.main(words)
            except SystemExit as end:
                code = int(end.code or 0)
        return code, "\n".join(out.buffer.getvalue().decode() for out in outs)  # type: ignore[attr-defined]

    def _spec(self, name: str, text: str) -> str:
        (self.specs / name).write_text(text, "utf-8")
        return str(self.specs / name)

    @contextlib.contextmanager
    def _serving(self, faults: str, state: Path, door: Door) -> Iterator[None]:
        settings = Settings(state_path=state, time_scale=_TIME_SCALE, middleware=door)
        if faults:
            settings = applied(parse_faults(faults.encode(), "faults"), settings)
        server = Simulator.start(settings, ssl_context=self._certificates.server_context())
        simulator = self._there(server.__aenter__())
        os.environ["PROVISIONER_CLOUD"] = simulator.url
        try:
            yield
        finally:
            self._there(server.__aexit__(None, None, None))

    def _there(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Await something on the cloud's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@dataclass(frozen=True)
class _Ran:
    """One run of the command: its exit code, what it printed, and its writes."""

    code: int
    said: str
    writes: dict[str, Write]

    @property
    def order(self) -> dict[str, Any]:
        return {name: write.sent for name, write in self.writes.items()}


def _no_lock(scenario: Scenario) -> list[str]:
    return [] if "--no-lock" in scenario.run or "--lock-timeout" in scenario.run else ["--no-lock"]


def _group(text: str) -> str:
    group = yaml.safe_load(text)["resource_group"]
    return str(group["name"] if isinstance(group, dict) else group)


def _told(scenario: Scenario, runs: Sequence[_Ran]) -> str:
    direct = awaited([ran.order for ran in runs])
    lines = [f"# {scenario.about}", f"{scenario.run} exits with {_either(str(ran.code) for ran in runs)}"]
    for name in sorted_by_order(direct):
        seen = [ran.writes[name] for ran in runs if name in ran.writes]
        rare = "" if len(seen) == len(runs) else " (in some orders)"
        lines += ["", f"{name}: {_either(', '.join(write.outcomes) for write in seen)}{rare}"]
        lines += [f"  body {body}" for body in sorted({body for write in seen for body in write.bodies})]
        lines += [f"  after {write}{'' if phase == DONE else f' is {phase}'}" for write, phase in sorted(direct[name])]
    return "\n".join(lines) + "\n"


def _either(texts: Any) -> str:
    return " or ".join(sorted(set(texts)))


def _bodies(runs: Sequence[_Ran]) -> dict[str, str]:
    """Digest to body."""
    shown = [item for ran in runs for write in ran.writes.values() for item in write.bodies.items()]
    return {short.partition(" ")[0]: whole for short, whole in shown if short != whole}

"""An embedded cloud in a process of its own, so that a client's seconds and bytes are its own.

    python -m tests.benchmarks.cloud '{"time_scale": 0.1, "faults": "throttling: {arm: true}"}'

In: one argument; it ends when its input does. Out: a line of JSON with its address, and one with what it was asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from provisioner.simulator import Settings, Simulator
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from provisioner.simulator.state import operations, resources
from tests.benchmarks.bound import Work, works

_WAIT_S = 120


@dataclass
class Cloud:
    """What was answered, by method, status and error code, and what was made, for ``bound``."""

    url: str
    subscription: str
    answers: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    made: list[Work] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return sum(self.answers.values())

    @property
    def refused(self) -> int:
        return sum(count for (_, status, _), count in self.answers.items() if status == 429)


@contextlib.asynccontextmanager
async def running(time_scale: float, faults: str = "{}") -> AsyncIterator[Cloud]:
    """A cloud of one's own; the counts are there after the block."""
    argument = json.dumps({"time_scale": time_scale, "faults": faults})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.benchmarks.cloud", argument, stdin=-1, stdout=-1, limit=2**30
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        begun = json.loads(await asyncio.wait_for(process.stdout.readline(), _WAIT_S))
        cloud = Cloud(begun["url"], begun["subscription"])
        yield cloud
        process.stdin.close()
        ended = json.loads(await asyncio.wait_for(process.stdout.readline(), _WAIT_S))
        cloud.answers.update({(method, status, code): count for method, status, code, count in ended["answers"]})
        cloud.made += [Work(key, duration_s, needs) for key, duration_s, needs in ended["made"]]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def made_in(simulator: Simulator, time_scale: float) -> list[Work]:
    """What was made by writes that the log has."""
    store = simulator.world.store
    bodies = {key: document["body"] for key, document in store.all(resources.KIND).items()}
    bodies |= {key: {} for key in store.all("group")}
    written = {
        entry.path.lower(): None
        for entry in simulator.log.entries()
        if entry.method == "PUT" and 200 <= entry.status < 300 and entry.path.lower() in bodies
    }
    seen_s = {
        item["target"].lower(): max((item["finish_at"] - item["started_at"]) / time_scale, _asked_s(simulator, item))
        for item in store.all(operations.KIND).values()
        if item["verb"] == "create"
    }
    return works(bodies, list(written), seen_s)


def _asked_s(simulator: Simulator, operation: dict[str, Any]) -> float:
    """Azure's seconds that the answer which begins an operation asks to wait before the first question."""
    world = simulator.world
    made = world.get(operation["target"])
    shape = world.type_of(made).answers.long_running if made is not None else None
    if shape is None or shape.create_retry_after_s is None:
        return 0.0
    asked = world.timing.first_retry_after(shape.create_retry_after_s)
    return float(asked.get("Retry-After", 0)) / world.timing.scale


async def _serve(given: dict[str, Any]) -> None:
    settings = Settings(time_scale=given["time_scale"], log_limit=10**7)
    chosen = applied(parse_faults(given["faults"]), settings)
    async with Simulator.start(chosen) as simulator:
        print(json.dumps({"url": simulator.url, "subscription": simulator.subscription_id}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
        answers = Counter((entry.method, entry.status, entry.error_code) for entry in simulator.log.entries())
        made = [[work.id, work.duration_s, work.needs] for work in made_in(simulator, chosen.time_scale)]
    print(json.dumps({"answers": [[*key, count] for key, count in answers.items()], "made": made}))


if __name__ == "__main__":
    asyncio.run(_serve(json.loads(sys.argv[1])))

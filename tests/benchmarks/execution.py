"""How long an apply takes against what it must take: makespan over a lower bound, as ratios in one run.

    python -m tests.benchmarks.execution [--json] [--machines 200] [--scale 0.05]

The lower bound is the larger of two: the longest path through the graph, when every operation takes what the embedded
cloud makes it take and is seen to end at the first poll after that; and the writes beyond the burst over the rate that
Azure allows (200 and 10 a second, "Understand how Azure Resource Manager throttles requests"), which is enforced here.
CPU seconds are those of this process, the embedded cloud included, by resource.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from provisioner.plan import Change, Plan
from provisioner.simulator import Settings
from provisioner.simulator.durations import MEDIANS_S
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from provisioner.simulator.registry import load_registry
from tests import harness
from tests.chaos.specs import SAMPLE, fleet

BURST, PER_S = 200, 10.0


@dataclass(frozen=True)
class Row:
    """Seconds are Azure's; ``ratio`` is makespan over bound."""

    spec: str
    resources: int
    path_s: float
    writes_s: float
    makespan_s: float
    ratio: float
    sequential_s: float
    cpu_ms_per_resource: float


def observed_s(change: Change) -> float:
    """From a write to the poll that sees its end; the first poll follows at once."""
    if change.within or change.action == "no-op":
        return 0.0
    type_ = load_registry().get(change.type)
    duration_s = MEDIANS_S.get((change.type.lower(), "create"), 0.0)
    if type_ is None or type_.long_running is None or not duration_s:
        return 0.0
    every_s = type_.long_running.poll_retry_after_s
    return math.ceil(duration_s / every_s) * every_s


def longest_path_s(plan: Plan) -> float:
    changes = {change.address: change for change in plan.changes}

    @cache
    def ended_s(address: str) -> float:
        change = changes[address]
        began = max((0.0 if wait == "value" else ended_s(need) for need, wait in change.needs.items()), default=0.0)
        return began + observed_s(change)

    for address in changes:
        ended_s(address)  # in the plan's order, so that no recursion is deep
    return max(map(ended_s, changes))


async def measure(name: str, spec: str, scale: float) -> Row:
    chosen = applied(parse_faults("throttling: {arm: true}"), Settings(time_scale=scale))
    settings = {field: getattr(chosen, field) for field in chosen.__dataclass_fields__}
    with tempfile.TemporaryDirectory() as folder:
        async with harness.world(Path(folder), **settings) as world:
            loaded = world.load(spec)
            plan = await world.plan(spec)
            cpu = time.process_time()
            began = time.monotonic()
            results = await world.execute(plan, loaded)
            makespan_s = (time.monotonic() - began) / scale
            cpu = time.process_time() - cpu
            assert harness.failures(results) == []
    count = len(plan.pending)
    path_s, writes_s = longest_path_s(plan), max(0.0, (count - BURST) / PER_S)
    return Row(
        name,
        count,
        round(path_s, 1),
        round(writes_s, 1),
        round(makespan_s, 1),
        round(makespan_s / max(path_s, writes_s), 3),
        round(sum(map(observed_s, plan.pending)), 1),
        round(1000 * cpu / count, 2),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--machines", type=int, default=200)
    parser.add_argument("--scale", type=float, default=0.1, help="seconds here per second of Azure")
    arguments = parser.parse_args()
    specs = {"sample": SAMPLE, f"{arguments.machines} machines": fleet(arguments.machines)}
    rows = [asyncio.run(measure(name, spec, arguments.scale)) for name, spec in specs.items()]
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    names = list(asdict(rows[0]))
    table = [names, *([str(value) for value in asdict(row).values()] for row in rows)]
    for line in table:
        print("  ".join(f"{cell:>{max(len(each[index]) for each in table)}}" for index, cell in enumerate(line)))


if __name__ == "__main__":
    main()

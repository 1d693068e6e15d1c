"""How long an apply takes against what it must take, and what it costs against bare SDK calls: ratios in one run.

    python -m tests.benchmarks.execution [--json FILE] [--machines 200,2000] [--scale 0.25] [--spread]

The embedded cloud runs in a process of its own and enforces all of Azure's documented limits of requests; each spec is
applied by a fresh process. `bound_s` is that of `bound`: what no schedule can beat, with the durations that the cloud
really made and the order that its objects need; an end is seen at once, but not before the Retry-After of the answer
that began it. `faster` compares with one object after the other, where requests need no time and ends are seen so: any
real sequence takes longer. What the sample itself does, its order and the SDK's own waiting, is measured apart.
`--spread` draws durations at random, through the recorded medians and 90th percentiles (but for disks, whose recorded
90th percentile is thirty times the median: one of 200 disks would take half an hour). Seconds are Azure's,
CPU and memory those of the applying process alone. The bare calls and the apply that they are compared with run at a
cloud without limits, at a fiftieth of Azure's time, where the processor is what limits.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from provisioner.azure import clouds, credentials
from provisioner.azure.clients import Clients
from provisioner.azure.operations import Operations
from provisioner.azure.providers import Providers
from provisioner.commands.session import Session
from tests import harness
from tests.benchmarks import bound
from tests.benchmarks.bare import Bare, Recorder
from tests.benchmarks.cloud import Cloud, running
from tests.chaos.specs import SAMPLE, fleet

LIMITS = "throttling: true"
SPREAD = f"""\
seed: 7
durations: {{distribution: lognormal, types: {{Microsoft.Compute/disks: {{create: 1}}}}}}
{LIMITS}
"""
FAST = 0.02
ROUNDS = 3
LONGEST_S = 3600


@dataclass(frozen=True)
class Row:
    """Seconds are Azure's; ``ratio`` is makespan over bound; ``kb`` and ``cpu_ms`` are per resource."""

    spec: str
    resources: int
    path_s: float
    bound_s: float
    makespan_s: float
    ratio: float
    sequential_s: float
    faster: float
    requests: int
    refused: int
    cpu_ms: float
    kb: float


@dataclass(frozen=True)
class Order:
    """An apply against the same requests one after the other, as the sample's own program sends them."""

    spec: str
    sequential_s: float
    apply_s: float
    faster: float


@dataclass(frozen=True)
class Cost:
    """CPU milliseconds per resource, of an apply and of the same requests by bare clients."""

    spec: str
    resources: int
    requests: int
    cpu_ms: float
    bare_requests: int
    bare_cpu_ms: float
    ratio: float


def spec_of(machines: int) -> str:
    return fleet(machines).replace("10.0.1.0/24", "10.0.0.0/18") if machines else SAMPLE


def name_of(machines: int) -> str:
    return f"{machines} machines" if machines else "the sample"


@contextlib.asynccontextmanager
async def connected(cloud: Cloud, scale: float, recording: bool = False) -> AsyncIterator[harness.World]:
    """The commands' steps against a cloud in another process."""
    where = clouds.local(cloud.url)
    clients = Clients(where, credentials.make(where), cloud.subscription, scale)
    operations = Recorder(clients) if recording else Operations(clients)
    session = Session(where, operations, Providers(clients, scale), credentials.LOCAL_DEPLOYER, scale)
    with tempfile.TemporaryDirectory() as folder:
        try:
            none: Any = None
            yield harness.World(none, session, none, Path(folder), clients)
        finally:
            await clients.close()


def memory_kb() -> int:
    """The most that was used so far; 0 on Windows, which has no such count."""
    if sys.platform == "win32":
        return 0
    else:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


async def measure(machines: int, scale: float, faults: str) -> Row:
    async with running(scale, faults) as cloud, connected(cloud, scale) as world:
        await world.plan(SAMPLE)
        before_kb = memory_kb()
        loaded = world.load(spec_of(machines))
        plan = await world.plan(spec_of(machines))
        cpu, began = time.process_time(), time.monotonic()
        results = await world.execute(plan, loaded)
        makespan_s, cpu = (time.monotonic() - began) / scale, time.process_time() - cpu
        assert not harness.failures(results), harness.failures(results)[:3]
        used_kb = memory_kb() - before_kb

    assert len(cloud.made) == len(plan.pending)
    bound_s, sequential_s = bound.bound_s(cloud.made), sum(work.duration_s for work in cloud.made)
    count = len(plan.pending)
    return Row(
        name_of(machines),
        count,
        round(bound.path_s(cloud.made), 1),
        round(bound_s, 1),
        round(makespan_s, 1),
        round(makespan_s / bound_s, 3),
        round(sequential_s, 1),
        round(sequential_s / makespan_s, 1),
        cloud.requests,
        cloud.refused,
        round(1000 * cpu / count, 2),
        round(used_kb / count, 1),
    )


async def in_order(machines: int, scale: float, faults: str) -> Order:
    """At two clouds of the same seed."""
    async with running(scale, faults) as cloud, connected(cloud, scale, recording=True) as world:
        plan = await world.plan(spec_of(machines))
        loaded = world.load(spec_of(machines))
        began = time.monotonic()
        assert harness.failures(await world.execute(plan, loaded)) == []
        apply_s = (time.monotonic() - began) / scale
        recorder = world.session.operations
        assert isinstance(recorder, Recorder)
    async with running(scale, faults) as other:
        bare = Bare(clouds.local(other.url), other.subscription, scale, waits_as_the_sdk=True)
        began = time.monotonic()
        await bare.run_in_turn(recorder.writes)
        sequential_s = (time.monotonic() - began) / scale
        await bare.close()
    return Order(name_of(machines), round(sequential_s, 1), round(apply_s, 1), round(sequential_s / apply_s, 2))


async def compare(machines: int) -> Cost:
    """In turn, after a small fleet each that warms both up; the medians count."""
    await compared(3)
    rounds = [await compared(machines) for _ in range(ROUNDS)]
    count, requests, bare_requests, _, _ = rounds[0]
    cpu, bare_cpu = (median(each[index] for each in rounds) for index in (3, 4))
    return Cost(
        name_of(machines),
        count,
        requests,
        round(1000 * cpu / count, 2),
        bare_requests,
        round(1000 * bare_cpu / count, 2),
        round(cpu / bare_cpu, 2),
    )


async def compared(machines: int) -> tuple[int, int, int, float, float]:
    """Resources, requests of both, CPU seconds of both."""
    async with running(FAST) as cloud, connected(cloud, FAST, recording=True) as world:
        plan = await world.plan(spec_of(machines))
        loaded = world.load(spec_of(machines))
        cpu = time.process_time()
        assert harness.failures(await world.execute(plan, loaded)) == []
        cpu = time.process_time() - cpu
        recorder = world.session.operations
        assert isinstance(recorder, Recorder)
    async with running(FAST) as other:
        bare = Bare(clouds.local(other.url), other.subscription, FAST)
        bare_cpu = time.process_time()
        await bare.run(recorder.writes)
        bare_cpu = time.process_time() - bare_cpu
        await bare.close()
    return len(plan.pending), cloud.requests, other.requests, cpu, bare_cpu


def alone(*arguments: str) -> dict[str, Any]:
    """One measurement by a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.execution", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def show(rows: list[dict[str, Any]]) -> None:
    table = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    for line in table:
        print("  ".join(f"{cell:>{max(len(each[index]) for each in table)}}" for index, cell in enumerate(line)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", metavar="FILE", help="also write the numbers there")
    parser.add_argument("--machines", default="200,2000", help="sizes of fleets")
    parser.add_argument("--scale", type=float, default=0.25, help="seconds here per second of Azure")
    parser.add_argument("--spread", action="store_true", help="durations at random instead of the medians")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--cost", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--order", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    faults = SPREAD if arguments.spread else LIMITS
    if arguments.one is not None:
        print(json.dumps(asdict(asyncio.run(measure(arguments.one, arguments.scale, faults)))))
        return
    if arguments.order is not None:
        print(json.dumps(asdict(asyncio.run(in_order(arguments.order, arguments.scale, faults)))))
        return
    if arguments.cost is not None:
        print(json.dumps(asdict(asyncio.run(compare(arguments.cost)))))
        return
    sizes = [int(size) for size in arguments.machines.split(",")]
    given = ["--scale", str(arguments.scale), *(["--spread"] if arguments.spread else [])]
    rows = [alone("--one", str(size), *given) for size in (0, *sizes)]
    show(rows)
    orders = [alone("--order", "0", *given)]
    show(orders)
    costs = [alone("--cost", str(sizes[0]))]
    show(costs)
    if arguments.json:
        Path(arguments.json).write_text(
            json.dumps({"applies": rows, "orders": orders, "costs": costs}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()

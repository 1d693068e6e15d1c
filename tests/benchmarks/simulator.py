"""How the embedded cloud holds up as it fills: GET, PUT and list at each size, as ratios in one run.

    python -m tests.benchmarks.simulator [--json] [--sizes 1000,10000]

The server runs in a process of its own, on one core where the system lets us choose; a bare aiohttp client asks it from
another. Writes end at once (`--time-scale 0`). Ratios compare a cost with that at the smallest size: 1.0 is flat.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.simulator.serving import Served, serve

SIZES = (1_000, 10_000)
ASKED = 4_000
CLIENTS = 16
BODY = {"location": "westus2", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}


@dataclass(frozen=True)
class Row:
    """What the server did at one size; the ratios are of seconds per request, or per listed entry."""

    resources: int
    get_per_s: int
    put_per_s: int
    list_us_per_entry: float
    get_ratio: float = 1.0
    put_ratio: float = 1.0
    list_ratio: float = 1.0


class Client:
    """Many requests at once over kept connections."""

    def __init__(self, session: aiohttp.ClientSession, served: Served) -> None:
        self._session = session
        self._addresses = (
            f"{served.url}/subscriptions/{served.subscription}/resourceGroups/rg/providers"
            "/Microsoft.Network/publicIPAddresses"
        )

    def url(self, number: int) -> str:
        return f"{self._addresses}/pip-{number}?api-version=2024-05-01"

    async def one(self, method: str, url: str, body: Any = None) -> bytes:
        async with self._session.request(method, url, json=body, headers={"Authorization": "Bearer x"}) as response:
            content = await response.read()
            assert response.status < 300, content
            return content

    async def many(self, method: str, numbers: list[int], body: Any = None) -> float:
        """Requests by all clients together; the seconds it took."""
        waiting = iter(numbers)

        async def work() -> None:
            for number in waiting:
                await self.one(method, self.url(number), body)

        began = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(CLIENTS)))
        return time.perf_counter() - began

    async def listed(self) -> tuple[int, float]:
        """All pages of the list: how many entries, in how many seconds."""
        began, count, url = time.perf_counter(), 0, f"{self._addresses}?api-version=2024-05-01"
        while url:
            page = json.loads(await self.one("GET", url))
            count += len(page["value"])
            url = page.get("nextLink", "")
        return count, time.perf_counter() - began


async def measure(served: Served, sizes: list[int]) -> list[Row]:
    rows: list[Row] = []
    chance = random.Random(1)
    connector = aiohttp.TCPConnector(limit=CLIENTS)
    async with aiohttp.ClientSession(connector=connector) as session:
        client, there = Client(session, served), 0
        group = served.url + f"/subscriptions/{served.subscription}/resourcegroups/rg?api-version=2024-05-01"
        await client.one("PUT", group, {"location": "westus2"})
        for size in sizes:
            await client.many("PUT", list(range(there, size - 500)), BODY)
            put_s = await client.many("PUT", list(range(size - 500, size)), BODY) / 500
            there = size
            get_s = await client.many("GET", [chance.randrange(size) for _ in range(ASKED)]) / ASKED
            count, list_s = await client.listed()
            assert count == size
            row = Row(size, round(1 / get_s), round(1 / put_s), round(1e6 * list_s / count, 1))
            rows.append(row if not rows else _compared(row, rows[0]))
    return rows


def _compared(row: Row, first: Row) -> Row:
    ratios = {
        "get_ratio": round(first.get_per_s / row.get_per_s, 2),
        "put_ratio": round(first.put_per_s / row.put_per_s, 2),
        "list_ratio": round(row.list_us_per_entry / first.list_us_per_entry, 2),
    }
    return Row(**{**asdict(row), **ratios})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder), "--http", "--time-scale", "0") as served:
        # Only Linux pins a process to a core.
        with contextlib.suppress(OSError):
            if sys.platform == "linux":
                os.sched_setaffinity(served.process.pid, {min(os.sched_getaffinity(0))})
        rows = asyncio.run(measure(served, sizes))
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print("  ".join(asdict(rows[0])))
    for row in rows:
        print("  ".join(f"{value:>{len(name)}}" for name, value in asdict(row).items()))


if __name__ == "__main__":
    main()

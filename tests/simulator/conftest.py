"""What the simulator's tests share: a running simulator, a clock to turn by hand, and a bare HTTP client.

The clock stands still until a test moves it, so nothing here depends on how fast the machine is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from provisioner.simulator import Settings, Simulator

API_VERSION = "2024-05-01"
LOCATION = "westus2"


@dataclass
class Clock:
    """A wall clock that moves only when told to."""

    moment: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += seconds


@dataclass
class Reply:
    """An answer as it came over the wire."""

    status: int
    headers: Any
    body: Any

    @property
    def code(self) -> str:
        """ARM's error code."""
        return str(self.body["error"]["code"])

    @property
    def names(self) -> list[str]:
        """The names in a list."""
        return [entry["name"] for entry in self.body["value"]]


class Arm:
    """A client that knows HTTP and nothing of Azure."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession, clock: Clock) -> None:
        self.simulator = simulator
        self.clock = clock
        self._session = session
        self.subscription = f"/subscriptions/{simulator.subscription_id}"
        self.group = f"{self.subscription}/resourceGroups/rg"
        self.network = f"{self.group}/providers/Microsoft.Network"

    async def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """One request. `path` may be a whole URL, which is then used as it is."""
        headers = {"Authorization": "Bearer x", **options.pop("headers", {})}
        url = path
        if not path.startswith("http"):
            version = options.pop("api_version", API_VERSION)
            mark = "&" if "?" in path else "?"
            url = f"{self.simulator.url}{path}" + (f"{mark}api-version={version}" if version else "")
        if body is not None and "data" not in options:
            options["json"] = body
        async with self._session.request(method, url, headers=headers, **options) as response:
            content = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "") and content
            return Reply(response.status, response.headers, await response.json() if is_json else None)

    async def get(self, path: str, **options: Any) -> Reply:
        return await self("GET", path, **options)

    async def put(self, path: str, body: Any, **options: Any) -> Reply:
        return await self("PUT", path, body, **options)

    async def patch(self, path: str, body: Any, **options: Any) -> Reply:
        return await self("PATCH", path, body, **options)

    async def delete(self, path: str, **options: Any) -> Reply:
        return await self("DELETE", path, **options)

    async def made(self, path: str, body: Any, **options: Any) -> Any:
        """PUT, let its operation end, and return what GET answers then."""
        reply = await self.put(path, body, **options)
        assert reply.status in (200, 201, 202), reply.body
        self.clock.advance(1000)
        return (await self.get(path, **options)).body

    async def gone(self, path: str) -> None:
        """DELETE, and let its operation end."""
        reply = await self.delete(path)
        assert reply.status in (200, 202, 204), reply.body
        self.clock.advance(1000)

    async def make_group(self, name: str = "rg") -> str:
        path = f"{self.subscription}/resourceGroups/{name}"
        assert (await self.put(path, {"location": LOCATION})).status == 201
        return path


Starter = Callable[..., AbstractAsyncContextManager[Arm]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def started(clock: Clock) -> Starter:
    """Start a simulator with settings of the test's own; Azure's pace, the test's clock."""
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def start(**settings: Any) -> AsyncIterator[Arm]:
        chosen = Settings(**{"now": clock, "time_scale": 1.0, **settings})
        async with Simulator.start(chosen) as simulator, aiohttp.ClientSession() as session:
            yield Arm(simulator, session, clock)

    return start


@pytest.fixture
async def arm(started: Starter) -> AsyncIterator[Arm]:
    """A client of a fresh simulator that holds one resource group, `rg`."""
    async with started() as client:
        await client.make_group()
        yield client


def network(*subnets: tuple[str, str], space: str = "10.0.0.0/16") -> dict[str, Any]:
    """A virtual network's body with subnets (name, prefix)."""
    return {
        "location": LOCATION,
        "properties": {
            "addressSpace": {"addressPrefixes": [space]},
            "subnets": [{"name": name, "properties": {"addressPrefix": prefix}} for name, prefix in subnets],
        },
    }


def public_ip(**properties: Any) -> dict[str, Any]:
    """A public IP's body."""
    return {
        "location": LOCATION,
        "sku": {"name": "Standard"},
        "properties": {"publicIPAllocationMethod": "Static", **properties},
    }


def rule(priority: int = 100, **properties: Any) -> dict[str, Any]:
    """A security rule's body."""
    return {
        "properties": {
            "priority": priority,
            "direction": "Inbound",
            "access": "Allow",
            "protocol": "Tcp",
            "sourceAddressPrefix": "*",
            "sourcePortRange": "*",
            "destinationAddressPrefix": "*",
            "destinationPortRange": "22",
            **properties,
        }
    }

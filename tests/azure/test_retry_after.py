"""What Azure asks to wait is heeded in every form, and none of them breaks a run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from provisioner.azure import clouds, credentials, retry_after
from provisioner.azure.clients import Clients
from provisioner.azure.operations import Operations
from provisioner.commands.session import Session
from tests import harness
from tests.kinds.specs import HEAD, NETWORK

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEPT = ("Azure-AsyncOperation", "Content-Type")
DATE = "Sun, 01 Mar 2026 12:01:30 GMT"


@pytest.mark.parametrize(
    ("headers", "asked_s"),
    [
        ({}, 0.0),
        ({"retry-after": "307"}, 307.0),
        ({"retry-after": "0.05"}, 0.05),
        ({"retry-after": DATE}, 90.0),
        ({"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "inf"}, 0.0),
        ({"retry-after": "9" * 5000}, 0.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"x-ms-retry-after-ms": "1500.5"}, 1.501),
        ({"retry-after": "soon", "x-ms-retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "7", "x-ms-retry-after-ms": "soon"}, 7.0),
    ],
)
def test_every_form_is_read(headers: dict[str, str], asked_s: float) -> None:
    retry_after.readable(headers, NOW)
    assert retry_after.seconds(headers) == asked_s
    assert int(headers.get("retry-after", "0")) in (0, 7, 307), "the SDK takes whole numbers only"


@asynccontextmanager
async def relayed(world: harness.World, asked: str) -> AsyncIterator[harness.World]:
    """The same cloud behind a relay that says of each answer but those to reads of things when to ask again."""

    async def answer(request: web.Request) -> web.Response:
        url = f"{world.simulator.url}{request.path_qs}"
        async with world.http.request(
            request.method, url, data=await request.read(), headers=request.headers
        ) as response:
            headers = {name: response.headers[name] for name in response.headers if name in KEPT}
            if request.method != "GET" or "/operations/" in request.path:
                headers["Retry-After"] = asked
            return web.Response(status=response.status, body=await response.read(), headers=headers)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    cloud = clouds.local(f"http://127.0.0.1:{runner.addresses[0][1]}")
    clients = Clients(cloud, credentials.make(cloud), world.session.subscription_id, world.session.time_scale)
    session = Session(cloud, Operations(clients), world.session.providers, credentials.LOCAL_DEPLOYER, 0.01)
    try:
        yield harness.World(world.simulator, session, world.http, world.folder, clients)
    finally:
        await clients.close()
        await runner.cleanup()


@pytest.mark.parametrize("asked", ["0", "0.05", "soon", "date"])
async def test_no_form_of_it_breaks_a_write(tmp_path: Path, asked: str) -> None:
    if asked == "date":
        asked = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    async with harness.world(tmp_path, time_scale=0.5) as world, relayed(world, asked) as there, asyncio.timeout(60):
        assert harness.failures(await there.apply(HEAD + NETWORK)) == []

"""How clients are set up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from provisioner.azure import credentials
from provisioner.azure.clients import Clients
from provisioner.azure.clouds import Cloud
from provisioner.azure.operations import Operations
from provisioner.diagnostics import ExecutionError
from tests import harness
from tests.kinds.specs import HEAD

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


async def test_the_embedded_cloud_is_reached_past_any_proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with harness.world(tmp_path) as world:
        assert harness.failures(await world.apply(HEAD)) == []


async def test_azure_is_reached_through_the_proxy_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode())
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    cloud = Cloud("azure", "https://azure.invalid", "https://login.invalid", "https://azure.invalid")
    local = Cloud("local", "http://127.0.0.1:1", "http://127.0.0.1:1", "http://127.0.0.1:1", is_local=True)
    clients = Clients(cloud, credentials.make(local), SUBSCRIPTION, time_scale=0.01)
    try:
        async with server, asyncio.timeout(60):
            with pytest.raises(ExecutionError):
                await Operations(clients).list_group("g")
    finally:
        await clients.close()
    assert asked
    assert set(asked) == {"CONNECT azure.invalid:443 HTTP/1.1\r\n"}

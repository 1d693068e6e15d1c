"""How clients are set up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.rest import HttpRequest

from provisioner.azure import clouds, credentials
from provisioner.azure.clients import Clients, loopback_policy
from provisioner.azure.clouds import Cloud
from provisioner.azure.operations import Operations
from provisioner.base.diagnostics import ExecutionError
from provisioner.resources.kinds import resource_group
from tests import harness
from tests.kinds.specs import HEAD

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize(
    "url", ["https://management.azure.com/", "http://127.0.0.1.example.com/", "http://10.0.0.1:80/"]
)
def test_a_token_of_the_embedded_cloud_never_leaves_this_machine(url: str) -> None:
    request: PipelineRequest[HttpRequest] = PipelineRequest(HttpRequest("GET", url), PipelineContext(None))
    with pytest.raises(ValueError, match="never leaves your computer"):
        loopback_policy().on_request(request)


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


async def test_a_page_in_place_of_an_answer_is_told() -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        text = b"<html>Sign in to the network</html>"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + text)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(page, "127.0.0.1", 0)
    cloud = clouds.local(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    clients = Clients(cloud, credentials.make(cloud), SUBSCRIPTION, time_scale=0.01)
    operations = Operations(clients)
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g"
    reads = (
        operations.list_group("g"),
        operations.get(resource_group.KIND, group),
        operations.put(resource_group.KIND, group, {}, lambda first: None),
        operations.rights.assignments([group]),
        operations.locks.read("g", "lock"),
    )
    try:
        async with server, asyncio.timeout(60):
            for found in await asyncio.gather(*reads, return_exceptions=True):
                assert isinstance(found, ExecutionError), repr(found)
                assert found.failure.code == "UnreadableAnswer"
    finally:
        await clients.close()

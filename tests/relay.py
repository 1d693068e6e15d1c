"""Servers on loopback between the SDK clients and the simulator, for tests: a relay, and a host that is not Azure's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from ssl import SSLContext

import aiohttp
from aiohttp import web

KEPT = ("Azure-AsyncOperation", "Location", "Content-Type", "ETag", "WWW-Authenticate")
"""Headers of the simulator that a relay passes on."""


@dataclass
class Passing:
    """One answer on its way back; an edit changes it in place."""

    request: web.BaseRequest
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Elsewhere:
    """A host that belongs to no cloud, and what arrived there: method, path, token."""

    url: str
    received: list[tuple[str, str, str]] = field(default_factory=list)


@contextlib.asynccontextmanager
async def relay(target: str, edit: Callable[[Passing], None], tls: SSLContext | None = None) -> AsyncIterator[str]:
    """The URL of a server that passes requests on to ``target`` and edits the answers.

    The simulator writes its links with the relay's host: the Host header is passed on too.
    """
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http:

        async def answer(request: web.BaseRequest) -> web.StreamResponse:
            body = await request.read()
            url = f"{target}{request.path_qs}"
            async with http.request(
                request.method, url, data=body, headers=request.headers, allow_redirects=False
            ) as found:
                headers = {name: found.headers[name] for name in KEPT if name in found.headers}
                passing = Passing(request, found.status, headers, await found.read())
            edit(passing)
            return web.Response(status=passing.status, body=passing.body, headers=passing.headers)

        async with serving(answer, tls) as address:
            yield address


@contextlib.asynccontextmanager
async def elsewhere(tls: SSLContext | None = None) -> AsyncIterator[Elsewhere]:
    """A host that answers everything as a client would like it: an empty list, and an operation that succeeded."""
    there = Elsewhere("")

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        there.received.append((request.method, request.path, request.headers.get("Authorization", "")))
        return web.json_response({"status": "Succeeded", "value": [], "properties": {"provisioningState": "Succeeded"}})

    async with serving(answer, tls) as there.url:
        yield there


@contextlib.asynccontextmanager
async def serving(answer: Callable[[web.BaseRequest], object], tls: SSLContext | None = None) -> AsyncIterator[str]:
    """The URL of a server on loopback that answers with a function."""
    runner = web.ServerRunner(web.Server(answer))  # type: ignore[arg-type]
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()

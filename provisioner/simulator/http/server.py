"""The simulator on a socket: plain HTTP or TLS on a loopback address, in the caller's event loop or in a thread.

In: `Settings`. Out: a running `Simulator` with its URL. Requests are answered one at a time, each in one go:
state needs no locks inside the process.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from ssl import SSLContext

from aiohttp import web

from ..arm.cloud import Cloud
from ..protocol.wire import NO_BODY, Caller, Request, Response
from ..registry import load_registry
from ..settings import Middleware, Settings
from ..state.store import Store
from .gateway import Gateway, error_code
from .request_log import LogEntry, RequestLog

FLUSH_EVERY_S = 2.0
KEEP_OPERATIONS_S = 24 * 3600.0


@dataclass(frozen=True)
class Simulator:
    """A running simulator.

    Attributes:
        url: where it answers, without a trailing slash.
        subscription_id, tenant_id: what its state holds.
        world: the state itself, for tests and fault injection; only to be touched from the loop it runs on.
    """

    url: str
    subscription_id: str
    tenant_id: str
    world: Cloud
    log: RequestLog

    @staticmethod
    @asynccontextmanager
    async def start(
        settings: Settings | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: SSLContext | None = None,
    ) -> AsyncIterator[Simulator]:
        """Run on the current event loop until the block ends; port 0 takes a free one."""
        settings = settings or Settings()
        store = Store(settings.state_path)
        log = RequestLog(settings.state_path, settings.log_limit)
        cloud = Cloud(store, load_registry(), settings)
        cloud.operations.forget_ended_before(cloud.timing.now() - KEEP_OPERATIONS_S)
        handler = _Handler(Gateway(cloud), log, settings.middleware)
        runner = web.ServerRunner(web.Server(handler.handle), access_log=None)
        flusher = asyncio.create_task(_flush_regularly(log))
        try:
            await runner.setup()
            # A client may open hundreds of connections at once; aiohttp's own backlog is 128.
            await web.TCPSite(runner, host, port, ssl_context=ssl_context, backlog=1024).start()
            actual = runner.addresses[0][1]
            scheme = "http" if ssl_context is None else "https"
            yield Simulator(f"{scheme}://{host}:{actual}", cloud.subscription_id, cloud.tenant_id, cloud, log)
        finally:
            flusher.cancel()
            with suppress(asyncio.CancelledError):
                await flusher
            await runner.cleanup()
            log.close()
            store.close()


@contextmanager
def run_in_thread(settings: Settings | None = None) -> Iterator[Simulator]:
    """Run on an event loop of its own in a background thread, for callers that have none."""
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    running: list[Simulator] = []
    failures: list[BaseException] = []

    async def main() -> None:
        async with Simulator.start(settings) as simulator:
            running.append(simulator)
            started.set()
            await stop.wait()

    def work() -> None:
        try:
            loop.run_until_complete(main())
        except BaseException as failure:
            failures.append(failure)
        finally:
            loop.close()
            started.set()

    thread = threading.Thread(target=work, name="simulator", daemon=True)
    thread.start()
    started.wait()
    if failures:
        raise failures[0]
    try:
        yield running[0]
    finally:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)
        thread.join()


class _Handler:
    """From aiohttp's request to a `Request`, and from a `Response` to aiohttp's."""

    def __init__(self, gateway: Gateway, log: RequestLog, middleware: Middleware | None) -> None:
        self._gateway = gateway
        self._log = log
        self._middleware = middleware

    async def handle(self, incoming: web.BaseRequest) -> web.StreamResponse:
        body = await incoming.content.read() if incoming.can_read_body else b""
        began = time.perf_counter()
        request = _request(incoming, body)
        if self._middleware is None:
            response, caller = self._gateway.answer(request)
        else:
            response, caller = await self._middleware(request, self._gateway.answer)
        self._log.add(_log_entry(request, response, caller, (time.perf_counter() - began) * 1000))
        if response.drop_connection and incoming.transport is not None:
            # aiohttp still wants an answer below, which nobody receives any more.
            incoming.transport.abort()
        elif response.truncated:
            return await _half(incoming, response)
        return _outgoing(response)


def _request(incoming: web.BaseRequest, body: bytes) -> Request:
    host = incoming.headers.get("Host", "127.0.0.1")
    return Request(
        method=incoming.method,
        path=_text(incoming.rel_url.path),
        query={
            # `api-version` comes in any casing; OData options are read as documented: `$filter`, `$top`.
            (name if name.startswith("$") else name.lower()): value
            for name, value in incoming.rel_url.query.items()
        },
        headers={name.lower(): _text(value) for name, value in incoming.headers.items()},
        body=body,
        base_url=f"{incoming.scheme}://{host}",
    )


def _text(value: str) -> str:
    """Text that can be stored and sent: bytes that are no UTF-8 arrive as lone surrogates."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


async def _half(incoming: web.BaseRequest, response: Response) -> web.StreamResponse:
    """An answer whose body breaks off in the middle."""
    whole = _outgoing(response)
    content = whole.body if isinstance(whole.body, bytes) else b""
    outgoing = web.StreamResponse(status=whole.status, headers=whole.headers)
    outgoing.content_length = len(content)
    await outgoing.prepare(incoming)
    await outgoing.write(content[: len(content) // 2])
    if incoming.transport is not None:
        incoming.transport.close()
    return outgoing


def _outgoing(response: Response) -> web.Response:
    if response.body is NO_BODY:
        return web.Response(status=response.status, headers=response.headers)
    content = json.dumps(response.body, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **response.headers}
    return web.Response(status=response.status, headers=headers, body=content)


def _log_entry(request: Request, response: Response, caller: Caller | None, ms: float) -> LogEntry:
    return LogEntry(
        at=time.time(),
        method=request.method,
        path=request.path,
        api_version=request.api_version,
        status=response.status,
        ms=round(ms, 3),
        client_request_id=request.headers.get("x-ms-client-request-id", ""),
        principal=caller.object_id if caller is not None else "",
        error_code=error_code(response),
        note=response.note,
    )


async def _flush_regularly(log: RequestLog) -> None:
    while True:
        await asyncio.sleep(FLUSH_EVERY_S)
        log.flush()

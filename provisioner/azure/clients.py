"""The SDK's management clients, each loaded when the first operation needs it.

Each costs 100 to 300 ms to import, so a command that needs no network loads the network client never.
"""

from __future__ import annotations

import importlib
import uuid
from typing import Any
from urllib.request import getproxies

from . import hosts, retry_after
from .api_versions import ApiVersions
from .clock import Clock
from .clouds import Cloud
from .rate_limiter import RateLimiter
from .sdk import Credential, PipelineRequest, PipelineResponse

_CLASSES = {
    "resource": ("azure.mgmt.resource.resources.aio", "ResourceManagementClient"),
    "network": ("azure.mgmt.network.aio", "NetworkManagementClient"),
    "compute": ("azure.mgmt.compute.aio", "ComputeManagementClient"),
    "msi": ("azure.mgmt.msi.aio", "ManagedServiceIdentityClient"),
    "locks": ("azure.mgmt.resource.locks.aio", "ManagementLockClient"),
    "authorization": ("azure.mgmt.authorization.aio", "AuthorizationManagementClient"),
}
USER_AGENT = "provisioner"
_UNAUTHORIZED = 401
_BACKOFF_S = 0.8
"""The SDK's own first wait before it repeats a request that failed; each further one is twice as long."""


class Clients:
    """Clients for one subscription of one cloud; ``close`` when done."""

    def __init__(
        self,
        cloud: Cloud,
        credential: Credential,
        subscription_id: str,
        time_scale: float = 1.0,
        clock: Clock | None = None,
    ) -> None:
        self.cloud = cloud
        self.credential = credential
        self.subscription_id = subscription_id
        self.time_scale = time_scale
        self.budget = RateLimiter(time_scale)
        self.clock = clock or Clock()
        self.correlation_id = str(uuid.uuid4())
        """Sent with every request, so that the activity log shows a run's requests together
        (REST "Common parameters and headers", x-ms-correlation-request-id)."""
        self._versions = ApiVersions()
        self._clients: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """A client by its short name (``network``)."""
        if name not in self._clients:
            module, attribute = _CLASSES[name]
            own_hosts = hosts.policy(self.cloud.resource_manager, f"the cloud {self.cloud.name}")
            loopback = [loopback_policy()] if self.cloud.is_local else []
            # Where there is a proxy to find, aiohttp looks for it, and into ~/.netrc, in a thread for every request.
            options: dict[str, object] = {
                "base_url": self.cloud.resource_manager,
                "credential_scopes": [self.cloud.scope],
                "user_agent": USER_AGENT,
                "retry_backoff_factor": _BACKOFF_S * self.time_scale,
                "headers": {"x-ms-correlation-request-id": self.correlation_id},
                # Twice: links arrive at the first, redirects only at the second.
                "per_call_policies": [own_hosts, self._versions.policy(), *loopback],
                "per_retry_policies": [
                    own_hosts,
                    _renewing_policy(self.credential),
                    _budget_policy(self.budget, self.clock),
                ],
                "use_env_settings": not self.cloud.is_local and bool(getproxies()),
            }
            make = getattr(importlib.import_module(module), attribute)
            self._clients[name] = make(self.credential, self.subscription_id, **options)
        return self._clients[name]

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()
        await self.credential.close()


def loopback_policy() -> object:
    """Lets the bearer token go over plain HTTP: only ever to the embedded cloud on loopback."""
    from azure.core.pipeline.policies import SansIOHTTPPolicy

    class Loopback(SansIOHTTPPolicy):  # type: ignore[misc]
        def on_request(self, request: PipelineRequest) -> None:
            if not request.http_request.url.startswith("http://127.0.0.1:"):
                raise ValueError("a token of the simulator never leaves your computer")
            request.context.options["enforce_https"] = False

    return Loopback()


def _renewing_policy(credential: Credential) -> object:
    """Sends what is refused for its token (401) once more, with a new one.

    A token may end before its time: a clock was set back, or a session was revoked.
    """
    from azure.core.pipeline.policies import AsyncHTTPPolicy

    class Renewing(AsyncHTTPPolicy):  # type: ignore[misc]
        async def send(self, request: PipelineRequest) -> PipelineResponse:
            response: PipelineResponse = await self.next.send(request)
            if response.http_response.status_code != _UNAUTHORIZED:
                return response
            await credential.renew(request.http_request.headers.get("Authorization", "").removeprefix("Bearer "))
            body = request.http_request.body
            # The first try has read the open file to its end.
            if hasattr(body, "seek"):
                body.seek(0)
            again: PipelineResponse = await self.next.send(request)
            return again

    return Renewing()


def _budget_policy(budget: RateLimiter, clock: Clock) -> object:
    """Each request, a repeated one too, waits for its leave and tells how, and when, it was answered.

    What an answer asks to wait is written so that the SDK can read it.
    """
    from azure.core.pipeline.policies import AsyncHTTPPolicy

    class Budgeted(AsyncHTTPPolicy):  # type: ignore[misc]
        async def send(self, request: PipelineRequest) -> PipelineResponse:
            method = request.http_request.method
            drawn = await budget.leave(method, request.http_request.url)
            try:
                response: PipelineResponse = await self.next.send(request)
            except BaseException:
                budget.settle(drawn, method)
                raise
            answer = response.http_response
            clock.learn(answer.headers)
            retry_after.readable(answer.headers, clock.now())
            budget.settle(drawn, method, answer.status_code, answer.headers)
            return response

    return Budgeted()

"""Resource providers of a subscription: which are registered, and registering one.

REST "Providers - Get", "- Register", 2021-04-01; states: "Azure resource providers and types".
"""

from __future__ import annotations

import asyncio

from ..base.diagnostics import AzureFailure, ExecutionError
from .clients import Clients
from .errors import translated

_LOOK_EVERY_S = 5.0
_AT_MOST_S = 600.0
"""Registering takes seconds to some minutes; not documented."""


class Providers:
    """All methods raise ``ExecutionError`` or ``AccessError``; seconds are Azure's, ``time_scale`` of ours each."""

    def __init__(self, clients: Clients, time_scale: float = 1.0) -> None:
        self._clients = clients
        self._time_scale = time_scale

    async def unregistered(self, namespaces: set[str]) -> list[str]:
        """Those that the subscription has not registered, sorted; none where that may not be read."""
        states = await asyncio.gather(*(self._state(namespace) for namespace in sorted(namespaces)))
        return [
            namespace
            for namespace, state in zip(sorted(namespaces), states, strict=True)
            if state not in ("Registered", "")
        ]

    async def register(self, namespace: str) -> None:
        """Register a provider, and wait until that is done."""
        with translated(self._id(namespace)):
            await self._clients.get("resource").providers.register(namespace)
        for _ in range(int(_AT_MOST_S / _LOOK_EVERY_S)):
            if await self._state(namespace) == "Registered":
                return
            await asyncio.sleep(_LOOK_EVERY_S * self._time_scale)
        message = f"{namespace} was not registered within {_AT_MOST_S / 60:.0f} minutes."
        raise ExecutionError(AzureFailure("MissingSubscriptionRegistration", message, target=self._id(namespace)))

    async def _state(self, namespace: str) -> str:
        try:
            with translated(self._id(namespace)):
                provider = await self._clients.get("resource").providers.get(namespace)
        except ExecutionError as error:
            # A caller with rights in a group only may not read this; a write will say what is missing.
            if error.failure.status == 403:
                return ""
            raise
        return str(provider.registration_state or "")

    def _id(self, namespace: str) -> str:
        return f"/subscriptions/{self._clients.subscription_id}/providers/{namespace}"

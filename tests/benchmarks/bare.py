"""The requests of an apply by SDK clients alone: no plan, no order but levels, no budget, no events.

In: what an apply wrote. Out: the same writes and questions at another cloud, by ``asyncio.gather``, level after level;
or one after the other, as the sample's own program does it.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from azure.mgmt.core.polling.async_arm_polling import AsyncARMPolling

from provisioner.azure import credentials
from provisioner.azure.clients import loopback_policy
from provisioner.azure.clouds import Cloud
from provisioner.azure.history import History
from provisioner.azure.operations import Operations, arguments_of
from provisioner.azure.polling import Polling
from provisioner.azure.reading import wire
from provisioner.base.values import Body
from provisioner.resources.kind import Kind
from provisioner.resources.kinds import resource_group, virtual_machine

CLASSES = {
    "resource": ("azure.mgmt.resource.resources.aio", "ResourceManagementClient"),
    "network": ("azure.mgmt.network.aio", "NetworkManagementClient"),
    "compute": ("azure.mgmt.compute.aio", "ComputeManagementClient"),
    "msi": ("azure.mgmt.msi.aio", "ManagedServiceIdentityClient"),
    "authorization": ("azure.mgmt.authorization.aio", "AuthorizationManagementClient"),
}
LATER = ("network_interface", "virtual_machine", "virtual_machine_extension", "role_assignment")
"""Each a level of its own, after the resource group and everything else."""

_SDK_WAIT_S = 30
"""``polling_interval`` of the management clients."""


@dataclass(frozen=True)
class Write:
    """One PUT; ``machine`` is whose principal a grant names."""

    kind: Kind
    id: str
    body: Body
    machine: str = ""

    @property
    def level(self) -> int:
        if self.kind is resource_group.KIND:
            return 0
        return LATER.index(self.kind.name) + 2 if self.kind.name in LATER else 1


class Recorder(Operations):
    """Operations that remember what they wrote."""

    def __init__(self, clients: Any) -> None:
        super().__init__(clients)
        self._written: list[tuple[Kind, str, Body]] = []
        self._principals: dict[str, str] = {}

    async def put(
        self, kind: Kind, identity: str, body: Body, accepted: Callable[[Body], None], etag: str = ""
    ) -> Body:
        found = await super().put(kind, identity, body, accepted, etag)
        self._written.append((kind, identity, body))
        if kind is virtual_machine.KIND:
            self._principals[found["identity"]["principalId"]] = identity
        return found

    @property
    def writes(self) -> list[Write]:
        return [
            Write(kind, identity, body, self._principals.get(body.get("properties", {}).get("principalId", ""), ""))
            for kind, identity, body in self._written
        ]


class _AsTheSdkDoes(Polling):
    """With the models that the SDK makes of answers."""

    def _parse_resource(self, pipeline_response: Any) -> Any:
        return AsyncARMPolling._parse_resource(self, pipeline_response)


class Bare:
    """SDK clients without anything of ours but the times of questions, so that their number is the same.

    With ``waits_as_the_sdk`` those are the SDK's own too: at once, then by Retry-After, every 30 s where there is none.
    """

    def __init__(self, cloud: Cloud, subscription: str, time_scale: float, waits_as_the_sdk: bool = False) -> None:
        self._time_scale = time_scale
        self._waits_as_the_sdk = waits_as_the_sdk
        self._history = History()
        self._credential = credentials.make(cloud)
        self._principals: dict[str, str] = {}
        self._clients = {
            name: getattr(importlib.import_module(module), attribute)(
                self._credential,
                subscription,
                base_url=cloud.resource_manager,
                credential_scopes=[cloud.scope],
                per_call_policies=[loopback_policy()],
            )
            for name, (module, attribute) in CLASSES.items()
        }

    async def close(self) -> None:
        for client in self._clients.values():
            await client.close()
        await self._credential.close()

    async def run(self, writes: list[Write]) -> None:
        for level in range(len(LATER) + 2):
            await asyncio.gather(*(self._one(write) for write in writes if write.level == level))

    async def run_in_turn(self, writes: list[Write]) -> None:
        for write in sorted(writes, key=lambda each: each.level):
            await self._one(write)

    async def _one(self, write: Write) -> None:
        kind, body = write.kind, write.body
        if write.machine:
            body = {**body, "properties": {**body["properties"], "principalId": self._principals[write.machine]}}
        operation = getattr(getattr(self._clients[kind.operations.client], kind.operations.group), kind.operations.put)
        content = io.BytesIO(json.dumps(body).encode())
        if not kind.operations.put.startswith("begin_"):
            await operation(*arguments_of(write.id), content, cls=wire)
            return
        polling: Any = _AsTheSdkDoes(kind, self._history, self._time_scale)
        if self._waits_as_the_sdk:
            polling = AsyncARMPolling(timeout=_SDK_WAIT_S * self._time_scale)
        found = await (await operation(*arguments_of(write.id), content, cls=wire, polling=polling)).result()
        if kind is virtual_machine.KIND:
            self._principals[write.id] = found["identity"]["principalId"]

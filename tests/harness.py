"""What tests of whole deployments share: a simulator, a spec as text, and the steps of the commands without a process.

The real SDK clients talk HTTP to the simulator; nothing of the product is replaced.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from provisioner.azure import clouds, credentials
from provisioner.azure.clients import Clients
from provisioner.azure.operations import Operations
from provisioner.azure.providers import Providers
from provisioner.base import arm_id
from provisioner.commands import loading, planning
from provisioner.commands.session import Session
from provisioner.execution.events import Event, Result
from provisioner.execution.executor import Executor
from provisioner.execution.retry import AT_LEAST_S
from provisioner.planning import removals
from provisioner.planning.plan import Change, Plan
from provisioner.resources.actual_state import ActualState
from provisioner.simulator import Settings, Simulator
from provisioner.spec import load, parameters
from provisioner.spec.secrets.secrets import Secrets
from provisioner.spec.yaml import document
from provisioner.state.refresh import refresh

API_VERSION = "2024-07-01"
PASSWORD = "Correct-Horse-7-Battery"
ENVIRONMENT = {"ADMIN_PASSWORD": PASSWORD, "DOMAIN_PASSWORD": PASSWORD}


@dataclass
class World:
    """A simulator and a session on it. ``events`` collects what executors emit.

    ``at_least_s`` is what each budget for trying again has, in our seconds: little where it is to run out, much where
    a slow machine must not use it up.
    """

    simulator: Any
    session: Session
    http: aiohttp.ClientSession
    folder: Path
    clients: Clients
    events: list[Event] = field(default_factory=list)
    at_least_s: float = AT_LEAST_S

    def load(self, text: str, **given: str) -> loading.Loaded:
        name = str(self.folder / "spec.yaml")
        spec = load.build(document.parse(text.encode(), name), parameters.Given(given, {}, ENVIRONMENT))
        return loading.complete(spec, self.session.subscription_id)

    async def plan(self, text: str, adopt: bool = False, **given: str) -> Plan:
        return await planning.make_plan(self.load(text, **given), self.session, planning.Choices(adopt))

    async def apply(self, text: str, adopt: bool = False, **given: str) -> list[Result]:
        loaded = self.load(text, **given)
        plan = await planning.make_plan(loaded, self.session, planning.Choices(adopt))
        return await self.execute(plan, loaded)

    async def execute(self, plan: Plan, loaded: loading.Loaded, parallelism: int | None = None) -> list[Result]:
        secrets = Secrets(loaded.spec.document, loaded.spec.secrets, parameters.Given({}, {}, ENVIRONMENT))
        scale = self.session.time_scale
        executor = Executor(
            plan,
            self.session.operations,
            secrets.reveal,
            self.events.append,
            scale,
            seed=1,
            parallelism=parallelism,
            at_least_s=self.at_least_s,
        )
        return await executor.run()

    async def actual(self, text: str) -> ActualState:
        loaded = self.load(text)
        resources = loaded.resolution.resources
        name = loaded.spec.deployment
        return await refresh(resources, self.session.operations, name, self.session.deployer, destroys=True)

    async def destroy(self, text: str, delete_group: bool = False) -> list[Result]:
        loaded = self.load(text)
        resources = loaded.resolution.resources
        plan = removals.destroy(await self.actual(text), loaded.spec.deployment, "local", resources, delete_group)
        return await self.execute(plan, loaded)

    async def arm(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """A raw ARM request by somebody else; waits until the resource has come to rest."""
        if not path.startswith("/subscriptions"):
            path = f"/subscriptions/{self.session.subscription_id}{path}"
        headers = {"Authorization": "Bearer someone-else"}
        url = f"{self.simulator.url}{path}?api-version={API_VERSION}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            found = await response.json(content_type=None) if response.status not in (202, 204) else None
            status = response.status
        if method != "GET" and status < 300:
            await self._rest(url.replace(path, path.rpartition("/")[0]) if method == "POST" else url, headers)
        return status, found

    async def _rest(self, url: str, headers: dict[str, str]) -> None:
        for _ in range(10_000):
            async with self.http.get(url, headers=headers) as response:
                if response.status != 200:
                    return
                found = await response.json(content_type=None)
            state = (found.get("properties") or {}).get("provisioningState", "Succeeded")
            if state in ("Succeeded", "Failed", "Canceled"):
                return

    async def change(self, identity: str, edit: Any) -> None:
        """Somebody else reads an object, edits its body and writes it back."""
        status, body = await self.arm("GET", identity)
        assert status == 200, (identity, body)
        edit(body)
        status, answer = await self.arm("PUT", identity, body)
        assert status < 300, answer

    def in_group(self, group: str, arm_type: str, *names: str) -> str:
        return arm_id.resource(arm_id.resource_group(self.session.subscription_id, group), arm_type, *names)


@contextlib.asynccontextmanager
async def world(folder: Path, **settings: Any) -> AsyncIterator[World]:
    """A fresh simulator whose long operations end almost at once."""
    chosen = Settings(**{"time_scale": 0.0001, **settings})
    async with Simulator.start(chosen) as simulator, aiohttp.ClientSession() as http:
        cloud = clouds.local(simulator.url)
        credential = credentials.make(cloud)
        clients = Clients(cloud, credential, simulator.subscription_id, chosen.time_scale)
        try:
            scale = chosen.time_scale
            providers = Providers(clients, scale)
            session = Session(cloud, Operations(clients), providers, credentials.LOCAL_DEPLOYER, scale, credential)
            yield World(simulator, session, http, folder, clients)
        finally:
            await clients.close()


async def at_once() -> None:
    """Nothing comes before a wait."""


def actions(plan: Plan) -> dict[str, str]:
    """Address to action, of what is not a no-op."""
    return {change.address: change.action for change in plan.pending}


def paths(change: Change) -> list[str]:
    return [item.path for item in change.differences]


def only(plan: Plan, address: str) -> Change:
    """The one pending change of a plan, which must be at this address."""
    assert [change.address for change in plan.pending] == [address], actions(plan)
    return plan.pending[0]


def outcomes(results: list[Result]) -> set[str]:
    return {result.outcome for result in results}


def failures(results: list[Result]) -> list[str]:
    return [f"{item.change.address}: {item.failure}" for item in results if item.failure is not None]

"""A connection to a cloud for the length of a command; starts the embedded one when that is asked for."""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

from ..azure import clouds, credentials, history
from ..azure.clients import Clients
from ..azure.operations import Operations
from ..azure.providers import Providers
from ..azure.sdk import Credential
from ..base import arm_id, files
from ..base.diagnostics import UsageError
from ..spec.model import Spec
from . import embedded
from .embedded import Embedded


@dataclass(frozen=True)
class Session:
    """``deployer`` is the caller's object ID; ``time_scale`` is below 1 where the cloud's time runs faster.

    ``caller`` is a name for people. ``credential`` is the SDK's, for services beside the resource manager.
    """

    cloud: clouds.Cloud
    operations: Operations
    providers: Providers
    deployer: str
    time_scale: float = 1.0
    credential: Credential | None = None
    caller: str = ""

    @property
    def subscription_id(self) -> str:
        return self.operations.subscription_id

    @property
    def correlation_id(self) -> str:
        return self.operations.correlation_id


@contextlib.asynccontextmanager
async def connect(
    cloud_name: str, subscription: str | None, spec: Spec | None, local: Embedded
) -> AsyncIterator[Session]:
    """Open a session; a spec may name the subscription.

    Raises:
        UsageError: no subscription is named, or no such cloud.
        AccessError: no credentials that work.
    """
    async with contextlib.AsyncExitStack() as stack:
        if cloud_name == "local":
            settings = local.settings()
            simulator = await stack.enter_async_context(embedded.started(settings))
            cloud, time_scale = clouds.local(simulator.url), settings.time_scale
            subscription_id = simulator.subscription_id
        else:
            cloud = clouds.find(cloud_name)
            time_scale = cloud.time_scale
            subscription_id = _subscription(subscription, spec)
        credential = credentials.make(cloud)
        clients = Clients(cloud, credential, subscription_id, time_scale)
        stack.push_async_callback(clients.close)
        claims = await credentials.claims(credential, cloud)
        deployer = str(claims.get("oid", ""))
        past = history.History()
        if cloud in clouds.KNOWN.values():
            with contextlib.suppress(OSError):
                path = files.state_folder() / "durations.json"
                past = history.load(path)
                stack.callback(past.save, path)
        operations, providers = Operations(clients, past), Providers(clients, time_scale)
        yield Session(cloud, operations, providers, deployer, time_scale, credential, credentials.name(claims))


def _subscription(argument: str | None, spec: Spec | None) -> str:
    found = argument or os.environ.get("AZURE_SUBSCRIPTION_ID") or (spec.subscription if spec else "")
    if not found:
        in_spec = ", or set it in the spec" if spec else ""
        raise UsageError(f"no subscription: pass --subscription, set AZURE_SUBSCRIPTION_ID{in_spec}")
    if not arm_id.is_guid(found):
        raise UsageError(
            f"the subscription {found!r} is not a GUID; `az account list --output table` shows your subscriptions"
        )
    return found

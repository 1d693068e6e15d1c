"""Reads and writes of one subscription, by kind and ARM ID, through the SDK's typed operations.

In: kinds (which name the SDK's operations) and wire JSON. Out: wire JSON as Azure sent it, unknown properties included.
Every error is translated here.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from ..base import arm_id
from ..base.diagnostics import ExecutionError
from ..base.values import Body
from ..resources.kind import Kind
from .catalogue import Catalogue
from .clients import Clients
from .errors import is_missing, is_refused, translated
from .history import History
from .lock_object import LockObjects
from .reading import every, one, wire
from .rights import Rights
from .sdk import ProviderType

Accepted = Callable[[Body], None]
_MOST_VIEWS = 25
_OF_ANY_TYPE = "2021-04-01"
"""An API version for a type of which its provider says none."""


class Operations:
    """What the rest of the program asks of Azure. All methods raise ``ExecutionError`` or ``AccessError``."""

    def __init__(self, clients: Clients, history: History | None = None) -> None:
        self._clients = clients
        self.history = history or History()
        self._types: dict[str, Sequence[ProviderType]] = {}
        self._asking = asyncio.Lock()

    @property
    def subscription_id(self) -> str:
        return self._clients.subscription_id

    @property
    def correlation_id(self) -> str:
        return self._clients.correlation_id

    @property
    def locks(self) -> LockObjects:
        return LockObjects(self._clients)

    @property
    def rights(self) -> Rights:
        return Rights(self._clients)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self._clients)

    async def list_kind(self, kind: Kind, group: str, *parents: str) -> list[Body]:
        """All objects of a kind in a resource group (or below a parent in it); empty when that is not there."""
        operation = getattr(self._group(kind), kind.operations.list)
        return await every(operation(group, *parents), arm_id.resource_group(self.subscription_id, group))

    async def get(self, kind: Kind, resource_id: str, **options: str) -> Body | None:
        """One object, or None; ``options`` are those of the SDK's operation (``expand``)."""
        operation = getattr(self._group(kind), kind.operations.get)
        if kind.type:
            return await one(operation, resource_id, *arguments_of(resource_id), **options)
        return await one(operation, resource_id, resource_id, api_version=await self._api_version(resource_id))

    async def put(self, kind: Kind, resource_id: str, body: Body, accepted: Accepted, etag: str = "") -> Body:
        """Create or replace; ``accepted`` gets the first answer's body, which may carry values already.

        With ``etag`` it is refused (412) when somebody else has changed the object since.
        """
        return await self._write(kind, kind.operations.put, resource_id, body, accepted, etag)

    async def patch(self, kind: Kind, resource_id: str, body: Body, accepted: Accepted) -> Body:
        """Change parts of an object."""
        return await self._write(kind, kind.operations.patch, resource_id, body, accepted)

    async def delete(self, kind: Kind, resource_id: str) -> None:
        """Delete and wait until it is gone; gone already is fine."""
        if kind.type:
            operation = functools.partial(
                getattr(self._group(kind), kind.operations.delete), *arguments_of(resource_id)
            )
        else:
            by_id = self._clients.get("resource").resources.begin_delete_by_id
            operation = functools.partial(by_id, resource_id, api_version=await self._api_version(resource_id))
        try:
            with translated(resource_id):
                if kind.operations.delete.startswith("begin_"):
                    poller = await operation(polling=self._polling(kind))
                    await poller.result()
                else:
                    await operation()
        except ExecutionError as error:
            if not is_missing(error):
                raise

    async def start(self, kind: Kind, resource_id: str) -> None:
        """Start a machine and wait until it runs; one that runs already is fine."""
        await self._switch(kind, resource_id, kind.operations.start)

    async def deallocate(self, kind: Kind, resource_id: str) -> None:
        """Stop a machine, give its hardware back and wait for that; one that is off already is fine."""
        await self._switch(kind, resource_id, kind.operations.deallocate)

    async def with_views(self, kind: Kind, resource_ids: list[str]) -> list[Body]:
        """These machines with their instance views: one list of the whole subscription where they are many.

        Whoever may not see that list reads them one by one: a list of a group has no views (REST "Virtual Machines -
        List", whose ``$expand`` needs a ``$filter`` by scale set).
        """
        if len(resource_ids) > _MOST_VIEWS:
            where = arm_id.subscription(self.subscription_id)
            try:
                listed = await every(self._group(kind).list_all(status_only="true"), where)
            except ExecutionError as error:
                if not is_refused(error):
                    raise
            else:
                wanted = {arm_id.key(resource_id) for resource_id in resource_ids}
                return [body for body in listed if arm_id.key(body["id"]) in wanted]
        found = await asyncio.gather(
            *(self.get(kind, resource_id, expand="instanceView") for resource_id in resource_ids)
        )
        return [body for body in found if body is not None]

    def turn(
        self, resource_id: str, deletes: bool, priority: float, reserves: bool, refused: Callable[[str], None]
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """What is written inside goes before what has a lower priority; see ``RateLimiter.turn``."""
        return self._clients.budget.turn("DELETE" if deletes else "PUT", resource_id, priority, reserves, refused)

    def start_nothing(self) -> None:
        """Let those go on who wait for their turn."""
        self._clients.budget.dismiss()

    async def list_tagged(self, tag: str, value: str) -> list[Body]:
        """Every resource and resource group of the subscription with a tag, as far as ARM's index knows.

        It is behind, and of the resources it tells neither properties nor tags (REST "Resources - List", ``$filter``).
        """
        client = self._clients.get("resource")
        condition = f"tagName eq '{tag}' and tagValue eq '{value}'"
        where = arm_id.subscription(self.subscription_id)
        return [
            *await every(client.resource_groups.list(filter=condition), where),
            *await every(client.resources.list(filter=condition), where),
        ]

    async def list_generic(self, kind: Kind, group: str) -> list[Body]:
        """Those of a kind in a resource group, below whatever parents: tags and state, but no properties."""
        client = self._clients.get("resource")
        condition = f"resourceType eq '{kind.type}'"
        where = arm_id.resource_group(self.subscription_id, group)
        return await every(
            client.resources.list_by_resource_group(group, filter=condition, expand="provisioningState"), where
        )

    async def list_group(self, group: str) -> list[Body]:
        """Everything in a resource group, whoever owns it; properties are not included."""
        client = self._clients.get("resource")
        where = arm_id.resource_group(self.subscription_id, group)
        return await every(client.resources.list_by_resource_group(group), where)

    async def close(self) -> None:
        await self._clients.close()

    def _group(self, kind: Kind) -> Any:
        return getattr(self._clients.get(kind.operations.client), kind.operations.group)

    def _polling(self, kind: Kind) -> object:
        from .polling import Polling

        return Polling(kind, self.history, self._clients.time_scale)

    async def _switch(self, kind: Kind, resource_id: str, method: str) -> None:
        with translated(resource_id):
            operation = getattr(self._group(kind), method)
            poller = await operation(*arguments_of(resource_id), polling=self._polling(kind))
            await poller.result()

    async def _write(
        self, kind: Kind, method: str, resource_id: str, body: Body, accepted: Accepted, etag: str = ""
    ) -> Body:
        operation = getattr(self._group(kind), method)
        if etag:
            operation = functools.partial(operation, headers={"If-Match": etag})
        content = io.BytesIO(json.dumps(body).encode())
        with translated(resource_id):
            if not method.startswith("begin_"):
                result: Body = await operation(*arguments_of(resource_id), content, cls=wire)
                accepted(result)
                return result
            poller = await operation(*arguments_of(resource_id), content, cls=wire, polling=self._polling(kind))
            accepted(poller.polling_method().resource())
            final: Body = await poller.result()
            return final

    async def _api_version(self, resource_id: str) -> str:
        """The newest stable API version of a resource's type, from its provider, which is asked once.

        At the tenant: that takes no right, while a subscription's providers are shown to who may read it as a whole.
        """
        namespace, _, rest = arm_id.parse(resource_id).type.lower().partition("/")
        # In turn, so that many reads at once ask each provider once.
        async with self._asking:
            if namespace not in self._types:
                with translated(resource_id):
                    provider = await self._clients.get("resource").providers.get_at_tenant_scope(namespace)
                self._types[namespace] = provider.resource_types
        types = self._types[namespace]
        return newest(next((item.api_versions for item in types if item.resource_type.lower() == rest), []))


def newest(versions: Sequence[str]) -> str:
    """The newest stable API version, or, where a type has none but previews, the newest of those."""
    stable = [version for version in versions if "preview" not in version]
    return max(stable or versions, default=_OF_ANY_TYPE)


def arguments_of(resource_id: str) -> tuple[str, ...]:
    """The positional arguments of an SDK operation for an ID: (group, names…), (name) or (scope, name)."""
    parsed = arm_id.parse(resource_id)
    if arm_id.is_resource_group(resource_id):
        return (parsed.name,)
    # Extension resources can lie at any scope, so the SDK takes the scope and not a group.
    if parsed.type.lower().startswith("microsoft.authorization/"):
        return (parsed.scope, parsed.name)
    return (arm_id.group_of(resource_id), *parsed.names)

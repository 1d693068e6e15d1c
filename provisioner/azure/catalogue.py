"""What sizes of machines a region offers, and how much of its quota is used, as Azure says it.

In: a region. Out: wire JSON. REST "Resource Skus - List", 2021-07-01 (the only filter is ``location eq``, so that the
answer holds every size, disks and sets too; only the rows that are asked for are kept), and "Usage - List", 2024-07-01.
"""

from __future__ import annotations

from collections.abc import Set

from ..base.values import Body
from .clients import Clients
from .errors import translated
from .reading import mapping


class Catalogue:
    """All methods raise ``ExecutionError`` or ``AccessError``."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def sizes(self, location: str, names: Set[str]) -> list[Body]:
        """The machine sizes with these names, in small letters, that the region has."""
        operations = self._clients.get("compute").resource_skus
        with translated(f"{self._where}/skus"):
            return [
                mapping(item)
                async for item in operations.list(filter=f"location eq '{location}'")
                if item.resource_type == "virtualMachines" and str(item.name).lower() in names
            ]

    async def usages(self, location: str) -> list[Body]:
        """What is used of each quota of the region, and its limit."""
        operations = self._clients.get("compute").usage
        with translated(f"{self._where}/locations/{location}/usages"):
            return [mapping(item) async for item in operations.list(location)]

    @property
    def _where(self) -> str:
        return f"/subscriptions/{self._clients.subscription_id}/providers/Microsoft.Compute"

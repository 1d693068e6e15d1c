"""What ARM's own index of resources knows: it is behind what the providers know.

In: resources that are there, and the store's changes. Out: those that the index has. "Resource groups sometimes hold on
to resource information after the resources have been deleted" (terraform-provider-azurerm, deleting a resource group:
it looks again for up to ten minutes). What was deleted is remembered only by the process that deleted it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..timing import Timing
from .resources import KIND, Resource
from .store import Document, Store


class ResourceIndex:
    """Lags behind by so many seconds of Azure; 0 is not at all."""

    def __init__(self, store: Store, timing: Timing, lag_s: float) -> None:
        self._timing = timing
        self._lag_s = lag_s
        self._gone: dict[str, tuple[Resource, float]] = {}
        if lag_s:
            store.listen(KIND, self._changed)

    def known(self, there: Sequence[Resource], below: str = "") -> Sequence[Resource]:
        """What a list shows of those that are there, and beside them; ``below`` is the ID of a group."""
        if not self._lag_s:
            return there
        since = self._timing.now() - self._lag_s * self._timing.scale
        prefix = f"{below.lower()}/"
        lingering = [resource for resource, at in self._gone.values() if at > since and resource.key.startswith(prefix)]
        seen = [*(resource for resource in there if resource.created_at <= since), *lingering]
        return sorted(seen, key=lambda resource: resource.sequence)

    def _changed(self, key: str, old: Document | None, new: Document | None) -> None:
        self._gone.pop(key, None)
        if old is not None and new is None:
            self._gone[key] = Resource(**old), self._timing.now()

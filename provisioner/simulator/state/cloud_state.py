"""The state of a simulated cloud: the store, and what is read out of it and kept current in memory.

In: a store and settings. Out: `CloudState`: resources by ARM ID, operations, the directory, the clock. It knows no
resource types: what a type makes of its resources is in `arm` and `types`.
"""

from __future__ import annotations

import copy
import uuid

from ..json_values import Json
from ..settings import Settings
from ..timing import Timing
from .directory import Directory
from .operations import Operations
from .resource_index import ResourceIndex
from .resources import KIND, Resource, Resources
from .store import Store

META = "meta"

SUBSCRIPTION_ID = "5ab00000-0000-4000-8000-000000000001"
TENANT_ID = "7e4a0000-0000-4000-8000-000000000001"
"""What a fresh state begins with; well known, so that examples and scripts can name them."""


class CloudState:
    """Resources, operations and principals, over one store and one clock."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.timing = Timing(settings)
        self.operations = Operations(store)
        self.directory = Directory(store, self.timing, settings)
        self.resources = Resources(store)
        self.index = ResourceIndex(store, self.timing, settings.index_lag_s)
        self.subscription_id = self._remember("subscription_id", SUBSCRIPTION_ID)
        self.tenant_id = self._remember("tenant_id", TENANT_ID)

    def get(self, resource_id: str) -> Resource | None:
        """A stored resource by ID, case ignored."""
        return self.resources.get(resource_id)

    def editable(self, resource: Resource) -> Json:
        """A deep copy of a resource's body, to change and store again."""
        return copy.deepcopy(resource.body)

    def put(self, resource: Resource) -> Resource:
        """Store a resource as it is given."""
        self.store.put(KIND, resource.key, resource.to_document())
        return self.get(resource.key) or resource

    def forget(self, resource: Resource) -> None:
        """Remove one resource from the store, and nothing else."""
        self.store.delete(KIND, resource.key)

    def new_guid(self) -> str:
        return str(uuid.uuid4())

    def _remember(self, name: str, value: str) -> str:
        known = self.store.get(META, name)
        if known is not None:
            return str(known["value"])
        with self.store.transaction():
            # Another process may have opened the same file meanwhile: the first one decides.
            known = self.store.get(META, name)
            if known is None:
                self.store.put(META, name, {"value": value})
        return str(known["value"]) if known is not None else value

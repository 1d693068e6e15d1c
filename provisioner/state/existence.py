"""Which objects of Azure Resource Manager's lagging list exist.

In: what is in a resource group, and a read by ID. Out: those that exist. Never writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from ..base.diagnostics import ExecutionError
from ..base.values import Body
from ..resources import kinds
from ..resources.actual_state import GroupMember
from ..resources.kind import Kind

_AT_ONCE = 10


class Reader(Protocol):
    """The read that it needs; see ``azure.operations.Operations``."""

    async def get(self, kind: Kind, resource_id: str) -> Body | None: ...


async def still_there(reader: Reader, contents: Sequence[GroupMember]) -> list[GroupMember]:
    """Without those that are gone: what Resource Manager lists can have been deleted already.

    They are read a few at a time. Once one of them exists the rest is believed, since one is enough to keep a group.
    An object whose provider refuses to answer counts as there.
    """

    async def exists(item: GroupMember) -> bool:
        try:
            return item.was_read or await reader.get(kinds.external(), item.id) is not None
        # Better to keep a group that could go than to delete what the caller may not see.
        except ExecutionError:
            return True

    for start in range(0, len(contents), _AT_ONCE):
        some, rest = contents[start : start + _AT_ONCE], contents[start + _AT_ONCE :]
        found = await asyncio.gather(*map(exists, some))
        if any(found):
            return [item for item, is_there in zip(some, found, strict=True) if is_there] + list(rest)
    return []

"""Stopping a machine for a change that Azure makes on a stopped one only, and starting it.

In: a ``ChangeState``. Out: requests, and in the ``ChangeState`` how far it is. A tag on the machine says meanwhile
that it must be started again, so that the next run does it when this one is killed. Deallocated twice or started twice
is fine: REST "Virtual Machines - Deallocate" and "- Start".
"""

from __future__ import annotations

from ..base.values import Body
from ..planning import power
from ..planning.plan import Change
from ..resources.reserved_tags import STOPPED_TAG
from .change_state import ChangeState, Writer


class Switching:
    """For one run. All methods raise ``ExecutionError`` or ``AccessError``, as the operations do."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def off(self, progress: ChangeState) -> None:
        """Deallocate the machine, where the change needs that and no try before has done it."""
        change = progress.change
        if not change.power_before or progress.is_off:
            return
        if change.start_after:
            await self._tag(change, is_owed=True)
            progress.start_pending = True
        await self._writer.deallocate(change.kind, change.id)
        progress.is_off = True

    async def on(self, progress: ChangeState) -> Body | None:
        """Start the machine, where the change says so; its body where it was written for that."""
        change = progress.change
        if not change.start_after:
            return None
        await self._writer.start(change.kind, change.id)
        progress.start_pending = False
        return await self._tag(change, is_owed=False) if power.is_to_be_marked(change) else None

    async def _tag(self, change: Change, is_owed: bool) -> Body | None:
        found = await self._writer.get(change.kind, change.id)
        if found is None or power.is_owed(found) == is_owed:
            return found
        tags = {name: value for name, value in (found.get("tags") or {}).items() if name != STOPPED_TAG}
        tags |= {STOPPED_TAG: "true"} if is_owed else {}
        return await self._writer.patch(change.kind, change.id, {"tags": tags}, lambda first: None)

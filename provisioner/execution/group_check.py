"""Looks into a resource group right before it is deleted, since deleting it deletes everything in it.

In: a delete of a group, and reads of what is in it now. Out: nothing, or an ``ExecutionError`` that keeps the group.

The providers' lists are current, and are asked for the kinds that the deployment uses. Anything else is known from
Azure Resource Manager's list only, which lags by seconds, at times minutes (docs/decisions/0008). It is believed once
it no longer shows a resource that this run deleted, or, if none of them was ever listed, after ``QUIET_S``.
"""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from ..azure.codes import GROUP_LIST_LAGS, GROUP_NOT_EMPTY
from ..base import arm_id
from ..base.diagnostics import AzureFailure, ExecutionError
from ..base.values import Body
from ..comparison.group_contents import foreign, group_members, named
from ..resources.kind import Kind
from ..resources.steps import GroupContents
from ..state.existence import still_there

QUIET_S = 120.0
"""Of Azure's time: the lag is measured in seconds to minutes."""


class Reader(Protocol):
    """The reads that it needs; see ``azure.operations.Operations``."""

    async def list_group(self, group: str) -> list[Body]: ...
    async def list_kind(self, kind: Kind, group: str, *parents: str) -> list[Body]: ...
    async def get(self, kind: Kind, resource_id: str) -> Body | None: ...


class GroupCheck:
    """For one run of one deployment."""

    def __init__(self, reader: Reader, deployment: str, time_scale: float) -> None:
        self._reader = reader
        self._deployment = deployment
        self._time_scale = time_scale
        self._began: dict[str, float] = {}

    async def check(self, group_id: str, contents: GroupContents) -> None:
        """Let the delete of a group pass.

        Raises:
            ExecutionError: it contains something of others, or that cannot be known yet; trying again helps then.
        """
        began = self._began.setdefault(group_id, time.monotonic())
        group = arm_id.parse(group_id).name
        # Resource Manager's list first: what it shows and a later list of the provider does not is gone.
        listed = await self._reader.list_group(group)
        lists = await asyncio.gather(*(self._reader.list_kind(kind, group) for kind in contents.kinds))
        bodies = {arm_id.key(body["id"]): body for bodies in lists for body in bodies}
        were_read = {kind.name for kind in contents.kinds}
        present = group_members(group_id, listed, bodies, were_read, self._deployment)
        if others := await still_there(self._reader, foreign(present, contents.owned)):
            found = ", ".join(named(others))
            message = f"The resource group was kept: it contains resources that this deployment does not own: {found}."
            raise ExecutionError(AzureFailure(GROUP_NOT_EMPTY, message, target=group_id))
        if not contents.is_emptied:
            return
        lingering = contents.witnesses & {arm_id.key(body["id"]) for body in listed}
        is_quiet = time.monotonic() - began >= QUIET_S * self._time_scale
        if lingering or not (contents.witnesses or is_quiet):
            message = (
                "The resource group was kept: Azure's list of its resources lags, so it is not known yet whether the "
                "group is empty."
            )
            raise ExecutionError(AzureFailure(GROUP_LIST_LAGS, message, target=group_id))

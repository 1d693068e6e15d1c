"""What became of a write whose end was not seen: read it, wait for an operation that still runs on it, recognise it.

In: a reader of Azure and what was written. Out: the object at rest. States of provisioning that are no end: REST
"Track asynchronous Azure operations", anything but Succeeded, Failed, Canceled.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from ..azure.codes import FOREIGN_HOST
from ..azure.errors import verdict
from ..base.diagnostics import AzureFailure, ExecutionError
from ..base.values import Body
from ..resources.kind import Kind
from ..resources.reserved_tags import SPEC_TAG
from ..resources.steps import LOCK_REMOVED, NEW_PRINCIPAL, NOT_VISIBLE_YET, Tolerated

_ENDS = frozenset({"succeeded", "failed", "canceled", ""})
_LOOK_EVERY_S = 5.0
_TIMES_TYPICAL = 10
_AT_LEAST_S = 900.0
_AT_LEAST_OURS_S = 10.0
"""Of our time: scaled time runs faster than machines do."""
_REFERRING = " referenced by resource "
_SCOPE_LOCKED = "ScopeLocked"
_UNSEEN = frozenset({0, 401, 404, 408, 409, 500, 502, 503, 504})


class Reader(Protocol):
    """The read that is asked for; see ``azure.operations.Operations``."""

    async def get(self, kind: Kind, resource_id: str) -> Body | None: ...


def state(body: Body) -> str:
    """Azure's word for what an object is at (``Creating``); empty where the type has none."""
    properties = body.get("properties")
    inner = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(inner or body.get("provisioningState") or "")


def is_busy(body: Body | None) -> bool:
    """Whether an operation runs on it."""
    return body is not None and state(body).lower() not in _ENDS


def may_have_arrived(failure: AzureFailure) -> bool:
    """Whether a write may have taken effect, or be refused because an earlier one did, although this is its answer."""
    return failure.status in _UNSEEN and failure.code != FOREIGN_HOST


def is_tolerated(failure: AzureFailure, tolerates: Iterable[Tolerated]) -> bool:
    """Whether an error is a delay in Azure, for a step that tolerates it: what it misses or forbids is out of date."""
    means = verdict(failure)
    for item in tolerates:
        if item.error == NOT_VISIBLE_YET and means == "late" and _misses(failure, item.names):
            return True
        if item.error == NEW_PRINCIPAL and means == "new principal":
            return True
        # Azure takes its time to forget a lock: hashicorp/terraform-provider-azurerm#5025.
        if item.error == LOCK_REMOVED and failure.code == _SCOPE_LOCKED and _names_one(failure, item.names):
            return True
    return False


def _names_one(failure: AzureFailure, resource_ids: Iterable[str]) -> bool:
    return any(resource_id.lower() in failure.message.lower() for resource_id in resource_ids)


def _misses(failure: AzureFailure, resource_ids: Iterable[str]) -> bool:
    """Whether the message says that one of these objects is missing.

    What refers to it is named in the message too, behind it. GUIDs stand there without hyphens.
    """
    missing = failure.message.partition(_REFERRING)[0] + " "
    ids = list(resource_ids)
    # Something in what was just written (a subnet) is as new as that. A group is not named so: much in it is older.
    if any(f"{each}/".lower() in missing.lower() for each in ids if "/providers/" in each.lower()):
        return True
    names = [resource_id.rpartition("/")[2] for resource_id in ids]
    names += [name.replace("-", "") for name in names]
    return any(re.search(rf"['/]{re.escape(name)}['\s]", missing, re.IGNORECASE) for name in names)


def is_as_written(written: Body | None, found: Body | None) -> bool:
    """Whether an object is at rest as a body wanted it, by the marks that both carry."""
    wanted = ((written or {}).get("tags") or {}).get(SPEC_TAG)
    has = ((found or {}).get("tags") or {}).get(SPEC_TAG)
    return found is not None and bool(wanted) and wanted == has and state(found).lower() == "succeeded"


async def at_rest(
    reader: Reader,
    kind: Kind,
    resource_id: str,
    time_scale: float,
    chosen_s: float | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Body | None:
    """The object once no operation runs on it any more; None when it is gone. A read that fails is made again.

    ``clock`` and ``sleep`` count our seconds.

    Raises:
        ExecutionError: it still runs after so long as the spec says, in Azure's seconds; after ten times what is usual
            for its kind, and at least 15 minutes, where it says nothing.
        ExecutionError, AccessError: a read was refused, or there is still trouble by then.
    """
    budget_s = chosen_s or max(_AT_LEAST_S, _TIMES_TYPICAL * kind.timing.typical_s)
    deadline = clock() + max(budget_s * time_scale, _AT_LEAST_OURS_S)
    while True:
        is_over = clock() > deadline
        try:
            body = await reader.get(kind, resource_id)
        except ExecutionError as error:
            if is_over or verdict(error.failure) != "transient":
                raise
        else:
            if not is_busy(body):
                return body
            if is_over:
                message = f"It is still {state(body or {})} after {budget_s / 60:.0f} minutes."
                raise ExecutionError(AzureFailure("StillRunning", message, target=resource_id))
        await sleep(_LOOK_EVERY_S * time_scale)

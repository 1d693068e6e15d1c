"""Extensions that need no reading: what ARM's index says of them shows that they are as the spec wants them.

In: IDs, envelopes (tags and state, no properties), declared extensions. Out: envelopes by ID key, verdicts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ..azure.operations import Operations
from ..base import arm_id
from ..base.values import Body, has_late_value
from ..comparison import ownership_tags
from ..resources import kinds
from ..resources.kind import Kind
from ..resources.resource import OWNER_TAG, Resource


def is_skippable(kind: Kind) -> bool:
    """Whether objects can show by their own tags that they are unchanged, and only lists of each parent show the rest.

    Everything else comes from one list of a whole group, so skipping some of it would save no request.
    """
    return kind.nested and kind.ownership.taggable


async def generic_listings(operations: Operations, extensions: Iterable[str]) -> dict[str, Body]:
    """Those of all extensions in the groups that these lie in.

    Raises:
        ExecutionError, AccessError: a read failed.
    """
    known = [(kinds.of_id(extension), arm_id.group_of(extension)) for extension in extensions]
    groups = {(kind.type, group.lower()): (kind, group) for kind, group in known if kind is not None}
    listed = await asyncio.gather(*(operations.list_generic(kind, group) for kind, group in groups.values()))
    return {arm_id.key(body["id"]): body for bodies in listed for body in bodies}


def matches_fingerprint(resource: Resource, envelope: Body | None, deployment: str) -> bool:
    """Whether its marks are those of the spec as it is now, and its last operation succeeded.

    Marks name a value that Azure decides (``${vms/web.principal_id}``), never hold it: a body with one has to be read.
    """
    if has_late_value(resource.body):
        return False
    tags = (envelope or {}).get("tags") or {}
    is_well = str((envelope or {}).get("provisioningState", "")).lower() == "succeeded"
    is_as_wanted = "-".join(ownership_tags.split_fingerprint(tags)) == ownership_tags.fingerprint(
        resource.body, resource.kind.rules
    )
    return is_well and is_as_wanted and tags.get(OWNER_TAG) == deployment


def machine(extension: str) -> str:
    """The ID of the machine that an extension is on."""
    return extension.rsplit("/", 2)[0]

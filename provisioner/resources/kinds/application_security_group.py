"""Application security group. REST:
https://learn.microsoft.com/rest/api/virtualnetwork/application-security-groups (2025-07-01).

Network interfaces join it, and security rules can name it instead of addresses. The lock of a deployment is an object
of this type too (docs/decisions/0005): the names that locks have are reserved."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import Import, Operations, Rules, Schema, Timing
from ..kind import Kind, name_of
from ..reserved_tags import LOCK_TAG
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, place

_NAMES_OF_LOCKS = f"{LOCK_TAG}-"


def body(entry: Entry, context: Context) -> Body:
    if name_of(KIND, entry).lower().startswith(_NAMES_OF_LOCKS):
        at = ("name",) if "name" in entry.data else ()
        # The same for each member of a fleet, so that it is reported once.
        summary = f"the name begins with {_NAMES_OF_LOCKS}, which is reserved"
        reason = "provisioner uses these names for its deployment locks."
        context.error("PV2006", summary, *at, reason=reason, hint="choose another name")
    return place(entry, context)


def entry(body: Body, find: Find) -> Body:
    return {}


KIND = Kind(
    name="application_security_group",
    type="Microsoft.Network/applicationSecurityGroups",
    schema=Schema(
        sections=("network/application_security_groups/*",),
        body=body,
        name_rule=NETWORK_NAME,
    ),
    operations=Operations("network", "application_security_groups", etags=True),
    rules=Rules(immutable=("location",), read_only=EVERYWHERE_READ_ONLY),
    importing=Import(entry=entry),
    timing=Timing(typical_s=2),
)

"""Access to a disk's bytes by a signed address: granted, shown in its state, revoked.

REST reference "Disks - Grant Access" and "- Revoke Access", 2024-03-02: both are answered 202, and the result of a
grant is `accessSAS`. A disk with a grant is `ActiveSAS` (DiskState) and cannot be deleted (rg_delete_blocked of the
recordings); the refusal under a running machine is worded by us. The address leads nowhere and carries no signature.
"""

from __future__ import annotations

from dataclasses import replace

from ...arm.cloud import Cloud
from ...arm.resource_write import ResourceWrite
from ...description.hooks import Action
from ...protocol.wire import Response
from ...state.resources import Resource
from ._shared import COMPUTE, invalid_value, missing, not_allowed, power, users

UNTIL = "access_until"
KINDS = ("read", "write")
LONG_RUNNING = replace(COMPUTE, delete_retry_after_s=None, poll_retry_after_s=2, operations="DiskOperations")


def is_granted(disk: Resource, cloud: Cloud) -> bool:
    """Whether somebody may access the disk now."""
    until = disk.hidden.get(UNTIL)
    return until is not None and cloud.timing.now() < float(until)


def _begin(change: ResourceWrite) -> Response | None:
    access, seconds = change.sent.get("access"), change.sent.get("durationInSeconds")
    if access is None:
        raise missing("grantAccessData.access")
    if str(access).lower() not in KINDS:
        raise invalid_value("grantAccessData.access")
    if seconds is None:
        raise missing("grantAccessData.durationInSeconds")
    if not isinstance(seconds, int) or isinstance(seconds, bool) or seconds < 1:
        raise invalid_value("grantAccessData.durationInSeconds")
    for machine in users(change.cloud, change.id):
        if power(machine) != "deallocated":
            raise not_allowed(
                f"Access to disk {change.name} cannot be granted while it is attached to running VM {machine.id}."
            )
    change.hidden[UNTIL] = change.cloud.timing.now() + seconds
    return None


def _granted(change: ResourceWrite) -> None:
    unique = str(change.properties.get("uniqueId") or change.cloud.new_guid())
    change.output = {"accessSAS": f"https://md-{unique}.z1.blob.storage.azure.net/{unique}/abcd?sv=simulated&sr=b"}


def _end(change: ResourceWrite) -> Response | None:
    change.hidden.pop(UNTIL, None)
    return None


def check_delete(disk: Resource, cloud: Cloud) -> None:
    """Refuse while somebody may access the disk."""
    if is_granted(disk, cloud):
        raise not_allowed(
            f"There is an active shared access signature outstanding for disk {disk.name}. Call EndGetAccess before "
            "attaching or deleting the disk. Learn more here: aka.ms/revokeaccessapi."
        )


ACTIONS = {
    "begingetaccess": Action(run=_begin, long_running=LONG_RUNNING, finish=_granted),
    "endgetaccess": Action(run=_end, long_running=LONG_RUNNING),
}

"""The network interfaces of a virtual machine.

At least one, each on one machine only, in the machine's region; of several, exactly one is primary (ansible#40648). A
running machine keeps its interfaces (azure-powershell#4565; "Add network interfaces to or remove network interfaces
from virtual machines"). `NicInUse` is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...json_values import JsonObject
from ...protocol.json_paths import entries_at, read
from ._shared import missing, power, users
from ._size_table import Size

INTERFACES = "properties.networkProfile.networkInterfaces"


def check(change: ResourceWrite, size: Size) -> None:
    """Refuse interfaces that the machine cannot have."""
    entries = entries_at(change.body, INTERFACES)
    if not entries:
        raise missing("networkProfile")
    targets = [str(entry.get("id") or "") for entry in entries]
    if not all(targets):
        raise missing("networkInterface.id")
    if len({target.lower() for target in targets}) != len(targets):
        raise ArmError(
            400, "NetworkInterfacesDuplicated", f"Virtual machine {change.id} names a network interface twice."
        )
    for target in targets:
        _check_one(change, target)
    if len(entries) > size.interfaces:
        raise ArmError(
            400,
            "NetworkInterfaceCountExceeded",
            f"The number of network interfaces for virtual machine {change.name} exceeds the maximum allowed for the "
            f"virtual machine size {size.name}. The number of network interfaces is {len(entries)} and the maximum "
            f"allowed is {size.interfaces}.",
        )
    _check_primary(change, entries)
    _check_unchanged_while_running(change, targets)


def _check_one(change: ResourceWrite, target: str) -> None:
    cloud = change.cloud
    if cloud.location_of(target) != change.location:
        raise ArmError(
            400,
            "InvalidResourceReference",
            f"Resource {target} referenced by resource {change.id} was not found. Please make sure that the referenced "
            "resource exists, and that both resources are in the same region.",
            details=[],
        )
    for other in users(cloud, target):
        if other.key != change.key:
            raise ArmError(
                400,
                "NicInUse",
                f"Network Interface {target} is used by existing resource {other.id}. In order to delete the network "
                "interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic.",
                details=[],
            )


def _check_primary(change: ResourceWrite, entries: Sequence[JsonObject]) -> None:
    if len(entries) == 1:
        return
    for entry in entries:
        if read(entry, "properties.primary") is None:
            name = str(entry["id"]).rpartition("/")[2]
            raise ArmError(
                400,
                "NetworkInterfaceMustHavePrimaryPropertySet",
                f"Network interface {name} must have Primary property set.",
            )
    if sum(bool(read(entry, "properties.primary")) for entry in entries) != 1:
        raise ArmError(
            400,
            "VirtualMachineMustHaveOneNetworkInterfaceAsPrimary",
            f"Virtual machine {change.name} must have one network interface set as the primary.",
        )


def _check_unchanged_while_running(change: ResourceWrite, targets: Sequence[str]) -> None:
    if change.before is None or power(change.before) == "deallocated":
        return
    had = {str(entry.get("id")).lower() for entry in entries_at(change.before.body, INTERFACES)}
    if had == {target.lower() for target in targets}:
        return
    message = (
        f"Network interfaces cannot be added to or removed from virtual machine {change.id} while it is running. It "
        "must be stop-deallocated first."
    )
    if (len(had) == 1) != (len(targets) == 1):
        message = (
            f"Virtual machine {change.id} with a single network interface must be stop-deallocated before it can be "
            "updated to have multiple network interfaces and vice-versa."
        )
    raise ArmError(400, "AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported", message)

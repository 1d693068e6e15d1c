"""Machines that are off and have to run: Azure changes extensions, their tags too, on a running machine only.

In: the changes of a plan in the making. Out: the same changes, completed: such a machine is started first. Pure.
The refusal: "Cannot modify extensions in the VM when the VM is not running." (OperationNotAllowed, also for a delete:
hashicorp/terraform-provider-azurerm#477). The states: REST "Virtual Machines - Instance View", ``PowerState/…``.
"""

from __future__ import annotations

from dataclasses import replace

from . import arm_id
from .diff import Difference
from .kinds import virtual_machine_extension
from .known import Known
from .leaves import Body
from .plan import Change

OFF = frozenset({"stopped", "stopping", "deallocated", "deallocating"})
_STATE = "PowerState/"


def state(body: Body) -> str:
    """``running``, ``deallocated``, …: what a machine's instance view says; empty where it says nothing."""
    view = (body.get("properties") or {}).get("instanceView") or {}
    codes = [str(status.get("code", "")) for status in view.get("statuses") or ()]
    return next((code.removeprefix(_STATE) for code in codes if code.startswith(_STATE)), "")


def complete(known: Known) -> None:
    """Complete ``known.changes`` in place; extensions wait for their machine in any case."""
    machines = {arm_id.key(change.id): address for address, change in known.changes.items()}
    for change in list(known.changes.values()):
        if change.kind is not virtual_machine_extension.KIND or change.action == "no-op" or change.within:
            continue
        machine = arm_id.key(change.id).rsplit("/", 2)[0]
        off = known.actual.off.get(machine)
        address = machines.get(machine)
        if off and address and known.changes[address].action in ("no-op", "update"):
            known.changes[address] = _started(known.changes[address], off)


def _started(machine: Change, off: str) -> Change:
    if machine.starts:
        return machine
    return replace(
        machine,
        action="update",
        reason=machine.reason or f"it is {off}, and extensions change on a running machine only",
        differences=(*machine.differences, Difference("power state", off, "running")),
        starts=True,
    )

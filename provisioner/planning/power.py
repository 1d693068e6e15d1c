"""Machines that are off and have to run, and those that run and have to be off.

In: the changes of a plan in the making. Out: the same, with a difference that shows the power state. Pure. The kind of
a machine makes steps of it.

Azure changes extensions, their tags too, on a running machine only: one that is off is started first. "Cannot modify
extensions in the VM when the VM is not running." (OperationNotAllowed, also for a delete:
hashicorp/terraform-provider-azurerm#477). What is graded ``deallocate`` it changes on a deallocated machine only: one
that runs is stopped for it and started again. The states: REST "Virtual Machines - Instance View", ``PowerState/…``.
What a deallocated machine loses: "States and billing of Azure Virtual Machines" (the temporary disk), "Public IP
addresses" (a dynamic one).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..base import arm_id
from ..comparison.differences import Difference
from ..resources.actual_state import ActualState
from ..resources.power_state import DEALLOCATED, OFF, PATH, RUNNING, Switch, is_owed, switch
from .context import PlanContext
from .plan import Change, Plan
from .reasons import Reason, ReasonCode

_LOSES = "While stopped, the VM loses the data on its temporary disk and any dynamic public IP."
_KEPT = ("no-op", "update")


def start_machines(context: PlanContext) -> None:
    """Have the machines started that an earlier run stopped, or whose extensions change; in place."""
    changes = context.changes
    machines = {
        arm_id.key(change.id): address for address, change in changes.items() if change.kind.operations.deallocate
    }
    for address in machines.values():
        machine = changes[address]
        if machine.managed and is_owed(machine.actual) and machine.action in _KEPT:
            reason = Reason(ReasonCode.STOPPED_BY_EARLIER_RUN)
            changes[address] = _started(machine, "stopped by an earlier run", reason)
    for change in list(changes.values()) if machines else ():
        key = arm_id.key(change.id).rsplit("/", 2)[0]
        off = context.actual.power_states.get(key, "")
        address = machines.get(key, "")
        is_due = change.kind.operations.needs_running_parent and change.action != "no-op" and off in OFF
        if is_due and address and changes[address].action in _KEPT:
            changes[address] = _started(changes[address], off, Reason(ReasonCode.STARTED_FOR_EXTENSIONS, off))


def _started(machine: Change, off: str, why: Reason) -> Change:
    if switch(machine.differences) is not None:
        return machine
    return replace(
        machine,
        action="update",
        reasons=machine.reasons or (why,),
        differences=(*machine.differences, Difference(PATH, off, RUNNING)),
    )


def unknown(plan: Plan, actual: ActualState) -> list[str]:
    """The IDs of the machines of which has to be known whether they run, since they have to be off."""
    known = actual.power_states
    return [change.id for change in plan.pending if _has_to_be_off(change) and arm_id.key(change.id) not in known]


def stopped(machine: Change, actual: ActualState) -> Change:
    """A change, with the machine stopped for it where it has to be off and is known not to be deallocated.

    Started again is what was running; what was off without being deallocated stays off.
    """
    present = actual.power_states.get(arm_id.key(machine.id))
    if present in (None, DEALLOCATED) or not _has_to_be_off(machine):
        return machine
    before = present if present in OFF else RUNNING
    planned = switch(machine.differences)
    found = Switch(before, stops=True, starts=planned is not None or before == RUNNING)
    why = Reason(ReasonCode.STOPPED_AND_STARTED if found.starts else ReasonCode.STOPPED)
    return replace(
        machine,
        reasons=(*machine.reasons, why),
        differences=(*others(machine.differences), Difference(PATH, before, found.after)),
        notes=(*machine.notes, _LOSES),
    )


def others(differences: Iterable[Difference]) -> list[Difference]:
    """The differences but for that of the power state."""
    return [item for item in differences if item.path != PATH]


def _has_to_be_off(change: Change) -> bool:
    return bool(change.kind.operations.deallocate) and change.action == "update" and change.impact == "deallocate"

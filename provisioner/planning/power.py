"""Machines that are off and have to run, and those that run and have to be off.

In: the changes of a plan in the making, or a plan. Out: the same, completed. Pure.

Azure changes extensions, their tags too, on a running machine only: one that is off is started first. "Cannot modify
extensions in the VM when the VM is not running." (OperationNotAllowed, also for a delete:
hashicorp/terraform-provider-azurerm#477). What is graded ``deallocate`` it changes on a deallocated machine only: one
that runs is stopped for it and started again. The states: REST "Virtual Machines - Instance View", ``PowerState/…``.
What a deallocated machine loses: "States and billing of Azure Virtual Machines" (the temporary disk), "Public IP
addresses" (a dynamic one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..base import arm_id
from ..base.values import Body
from ..comparison.differences import Difference
from ..resources.kinds import virtual_machine, virtual_machine_extension
from ..resources.power_state import OFF
from ..resources.reserved_tags import STOPPED_TAG
from .context import PlanContext
from .plan import Change, Plan
from .reasons import Reason, ReasonCode

_RUNNING, _DEALLOCATED = "running", "deallocated"
PATH = "power state"
_LOSES = "off, it loses what is on its temporary disk, and its public address where that is dynamic"


def complete(context: PlanContext) -> None:
    """Complete ``context.changes`` in place; extensions wait for their machine in any case."""
    machines = {arm_id.key(change.id): address for address, change in context.changes.items()}
    for owed in [change for change in context.changes.values() if change.managed and is_owed(change.actual)]:
        if owed.kind is virtual_machine.KIND and owed.action in ("no-op", "update"):
            why = Reason(ReasonCode.STOPPED_BY_EARLIER_RUN)
            context.changes[owed.address] = _started(owed, "stopped by an earlier run", why)
    for change in list(context.changes.values()):
        if change.kind is not virtual_machine_extension.KIND or change.action == "no-op" or change.deleted_with:
            continue
        machine = arm_id.key(change.id).rsplit("/", 2)[0]
        off = context.actual.off.get(machine)
        address = machines.get(machine)
        if off and address and context.changes[address].action in ("no-op", "update"):
            why = Reason(ReasonCode.STARTED_FOR_EXTENSIONS, off)
            context.changes[address] = _started(context.changes[address], off, why)


def _started(machine: Change, off: str, why: Reason) -> Change:
    if machine.start_after:
        return machine
    return replace(
        machine,
        action="update",
        reasons=machine.reasons or (why,),
        differences=(*machine.differences, Difference(PATH, off, _RUNNING)),
        start_after=True,
    )


def to_ask(plan: Plan) -> list[str]:
    """The IDs of the machines of which has to be known whether they run, since they have to be off."""
    return [change.id for change in plan.pending if _has_to_be_off(change)]


def plan_power_changes(plan: Plan, states: Mapping[str, str]) -> Plan:
    """A plan in which those machines are stopped that are not deallocated and have to be; states by ID key."""
    changes = (
        _stopped(change, states.get(arm_id.key(change.id), _RUNNING)) if _has_to_be_off(change) else change
        for change in plan.changes
    )
    return replace(plan, changes=tuple(changes)) if states else plan


def _has_to_be_off(change: Change) -> bool:
    return change.kind is virtual_machine.KIND and change.action == "update" and change.impact == "deallocate"


def _stopped(machine: Change, found: str) -> Change:
    """Started again is what was running; what was off without being deallocated stays off."""
    if found == _DEALLOCATED:
        return machine
    before = found if found in OFF else _RUNNING
    start_after = machine.start_after or before == _RUNNING
    why = Reason(ReasonCode.STOPPED_AND_STARTED if start_after else ReasonCode.STOPPED)
    after = f"{_DEALLOCATED}, then {_RUNNING}" if start_after else _DEALLOCATED
    differences = [item for item in machine.differences if item.path != PATH]
    return replace(
        machine,
        reasons=(*machine.reasons, why),
        differences=(*differences, Difference(PATH, before, after)),
        notes=(*machine.notes, _LOSES),
        power_before=before,
        start_after=start_after,
    )


def is_owed(machine: Body | None) -> bool:
    """Whether a run has stopped a machine, and has not started it again since."""
    return STOPPED_TAG in ((machine or {}).get("tags") or {})


def is_to_be_marked(change: Change) -> bool:
    """Whether the machine carries the mark of a stopped one until it has been started."""
    return change.start_after and (bool(change.power_before) or is_owed(change.actual))


def marked(change: Change, body: Body) -> Body:
    """What is written of a machine, with that mark where it has it."""
    return {**body, "tags": {**body.get("tags", {}), STOPPED_TAG: "true"}} if is_to_be_marked(change) else body

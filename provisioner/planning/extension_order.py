"""Extensions of one machine change one after another, and not while the machine does.

In: the changes of a plan in the making. Out: the same changes, completed: those that left the spec go after their
machine's own change and before anything is installed, for a machine takes one extension of a handler. Pure.
The refusal: 409 ``Conflict``, "The request failed due to conflict with a concurrent request."
"""

from __future__ import annotations

from dataclasses import replace

from ..base import arm_id
from ..resources.graph import Wait
from ..resources.kinds import virtual_machine_extension
from .context import PlanContext
from .plan import Change


def complete(context: PlanContext) -> None:
    """Complete ``context.changes`` in place."""
    machines = {arm_id.key(change.id): change for change in context.changes.values()}
    last: dict[str, str] = {}
    for change in _extensions(context, is_delete=True):
        key = _machine(change)
        machine = machines.get(key)
        if machine is not None and machine.action == "replace":
            context.changes[change.address] = replace(
                change, deleted_with=machine.address, needs={machine.address: "done"}
            )
            continue
        before = last.get(key) or (machine.address if machine is not None else "")
        needs: dict[str, Wait] = {before: "done"} if before else {}
        context.changes[change.address] = replace(change, needs={**change.needs, **needs})
        last[key] = change.address
    for change in _extensions(context, is_delete=False):
        if behind := last.get(_machine(change)):
            context.changes[change.address] = replace(change, needs={**change.needs, behind: "done"})


def _extensions(context: PlanContext, is_delete: bool) -> list[Change]:
    return [
        change
        for change in context.changes.values()
        if change.kind is virtual_machine_extension.KIND
        and not change.deleted_with
        and change.action != "no-op"
        and (change.action == "delete") == is_delete
    ]


def _machine(change: Change) -> str:
    return arm_id.key(change.id).rsplit("/", 2)[0]

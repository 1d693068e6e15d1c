"""The steps of a machine's update: its OS disk is an object of its own, and some changes need the machine to be off.

In: a change and its steps by default. Out: its steps. Pure. A tag says that the machine has to be started again, so
that the next run does it when this one is killed. Deallocated twice or started twice is fine: REST "Virtual Machines -
Deallocate" and "- Start".
"""

from __future__ import annotations

from dataclasses import replace

from .. import kinds, power_state
from ..reserved_tags import STOPPED_TAG
from ..steps import Dependency, Detach, MergeTags, Operation, Patch, PostAction, RunIf, Step, SteppedChange
from ._machine_disk import DISK, os_disk_update, to_detach_first

_MARK = {STOPPED_TAG: "true"}


def steps(change: SteppedChange, default: tuple[Step, ...]) -> tuple[Step, ...]:
    """Detach, mark, deallocate, write the disk and the machine, start, and take the mark away: what of it is needed."""
    if change.action != "update":
        return default
    switch = power_state.switch(change.differences) or power_state.Switch("", stops=False, starts=False)
    is_marked = switch.starts and (switch.stops or power_state.is_owed(change.actual))
    result = _detach_step(change, default)
    if switch.stops and switch.starts:
        result.append(_step(change, "mark-stopped", MergeTags(set=_MARK)))
    if switch.stops:
        result.append(_step(change, "deallocate", PostAction("deallocate")))
    for step in default:
        if isinstance(step.operation, Patch):
            result += _disk_step(change, step)
            result.append(replace(step, operation=_marked(step.operation)) if is_marked else step)
    if switch.starts:
        # After a failure the machine is started again, if this change came to stop it.
        after = f"{change.address}:deallocate" if switch.stops else ""
        run_if: RunIf = "started" if switch.stops else "success"
        start = _step(change, "start", PostAction("start"), after, run_if)
        mend = f"the next apply starts it, or run `az vm start --ids {change.id}`."
        notes = f"{change.address} is stopped now: {mend}", f"{change.address} might be stopped now: {mend}"
        result.append(replace(start, left_behind=notes) if switch.stops else start)
        if is_marked:
            unmark = MergeTags(drop=frozenset(_MARK))
            result.append(_step(change, "unmark-stopped", unmark, f"{change.address}:start", run_if))
    return tuple(result)


def _step(change: SteppedChange, name: str, operation: Operation, after: str = "", run_if: RunIf = "success") -> Step:
    # The start follows an attempt to deallocate, whatever came of it; the mark stays until the start succeeded.
    depends_on = {after: Dependency("accepted" if name == "start" else "done")} if after else {}
    return Step(f"{change.address}:{name}", change.address, operation, change.kind, change.id, depends_on, run_if)


def _detach_step(change: SteppedChange, default: tuple[Step, ...]) -> list[Step]:
    """What is detached first: objects that are replaced, and disks whose LUN changes."""
    detached = [each for step in default if isinstance(step.operation, Detach) for each in step.operation.resource_ids]
    if any(isinstance(step.operation, Patch) for step in default):
        detached += [
            each for each in to_detach_first(change.desired or {}, change.actual or {}) if each not in detached
        ]
    return [_step(change, "detach", Detach(tuple(detached)))] if detached else []


def _disk_step(change: SteppedChange, patch: Step) -> list[Step]:
    """What is written on the OS disk itself; the PATCH of the machine leaves it out (``Rules.set_elsewhere``)."""
    disk_id, desired = os_disk_update(change.desired or {}, change.actual or {})
    if not desired:
        return []
    kind = kinds.by_type()[DISK.lower()]
    paths = ("properties.diskSizeGB", "sku")
    return [
        replace(
            patch,
            id=f"{change.address}:update-os-disk",
            operation=Patch(desired, paths),
            kind=kind,
            resource_id=disk_id,
            verb=None,
        )
    ]


def _marked(patch: Patch) -> Patch:
    """A PATCH replaces all tags, so it carries the mark too until the machine has been started."""
    tags = {**patch.desired.get("tags", {}), **_MARK}
    return replace(patch, desired={**patch.desired, "tags": tags})

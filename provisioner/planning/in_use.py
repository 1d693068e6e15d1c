"""What cannot be deleted, because resources that this run does not delete use it.

In: a plan's changes, with the bodies in which Azure names who uses an object. Out: problems. Pure.
Azure refuses such a delete too, but in the middle of the run, after other things were deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body
from . import parts
from .plan import Change

_VERBS = {"replace": "replaced", "delete": "deleted"}
_MOST_NAMED = 5


def problems(changes: Iterable[Change], owned: Iterable[str]) -> list[Diagnostic]:
    """A problem for each object, or part of one, that is to be deleted although another owner's resource uses it.

    Args:
        owned: the ID keys of what the deployment owns.
    """
    found = list(changes)
    ours = {arm_id.key(change.id) for change in found if change.managed} | set(owned)
    # Owning a resource group is not owning what is in it.
    ours = {key for key in ours if "/providers/" in key}
    return [problem for change in found for problem in _problems(change, ours)]


def _problems(change: Change, ours: Set[str]) -> Iterator[Diagnostic]:
    if change.actual is None:
        return
    if change.action in _VERBS:
        used = [("", path, change.actual) for path in change.kind.replacement.used_by]
    elif change.action == "update":
        used = list(_dropped(change))
    else:
        return
    users: dict[str, set[str]] = {}
    for part, path, holder in used:
        foreign = {resource_id for resource_id in _ids(_at(holder, path)) if not _is_in(resource_id, ours)}
        users.setdefault(part, set()).update(foreign)
    for part, foreign in users.items():
        if foreign:
            yield _problem(change, f"{change.address}{part}", sorted(foreign))


def _dropped(change: Change) -> Iterator[tuple[str, str, Body]]:
    """For each part (a subnet) that an update leaves out: the end of its address, a path to its users, its body."""
    for list_path, name in parts.dropped(change):
        prefix = f"{list_path}[]."
        paths = [path.removeprefix(prefix) for path in change.kind.replacement.used_by if path.startswith(prefix)]
        items = [item for item in _at(change.actual, f"{list_path}[]") if str(item["name"]) == name]
        label = f"/{list_path.rpartition('.')[2]}/{name}"
        yield from ((label, path, item) for item in items for path in paths)


def _at(value: Any, path: str) -> list[Any]:
    """The values at a dotted path, in which ``[]`` stands for every item of a list."""
    found = [value]
    for step in path.split("."):
        name = step.removesuffix("[]")
        found = [item[name] for item in found if isinstance(item, Mapping) and item.get(name)]
        if step.endswith("[]"):
            found = [item for items in found for item in items]
    return found


def _ids(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        items = value if isinstance(value, list) else [value]
        for item in items:
            resource_id = item.get("id") if isinstance(item, Mapping) else item
            if isinstance(resource_id, str) and resource_id:
                yield resource_id


def _is_in(resource_id: str, ours: Set[str]) -> bool:
    return any(step in ours for step in arm_id.upwards(resource_id))


def _problem(change: Change, what: str, users: list[str]) -> Diagnostic:
    more = len(users) - _MOST_NAMED
    named = ", ".join(users[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
    verb = _VERBS.get(change.action, "deleted")
    reason = (
        f"Azure does not delete a resource that is in use. Resources that this deployment does not own use it: {named}."
    )
    hint = "delete or move these resources first"
    summary = f"{what} cannot be {verb}, since other resources use it"
    return error("PV3502", summary, *change.path, reason=reason, hint=hint)

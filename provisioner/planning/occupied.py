"""Places that others occupy: a LUN at which another tool attached a disk, the handler of an extension.

In: a plan's changes. Out: problems. Pure. Azure would detach what is there without a word, or refuse in the middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from ..base import arm_id
from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body, value_at
from ..comparison.rendering import OwnedIds, render
from ..resources.actual_state import ActualState
from ..resources.body_paths import item_key, item_label
from .plan import Change, Steps


def siblings(changes: Iterable[Change], actual: ActualState) -> list[Diagnostic]:
    """A problem for each child that is created although its parent has one like it, which is not deleted."""
    every = list(changes)
    handled = {arm_id.key(change.id) for change in every}
    return [
        problem
        for change in every
        if change.action == "create" and change.kind.rules.unique_in_parent
        for problem in _like_it(change, actual, handled)
    ]


def left_behind(changes: Iterable[Change]) -> list[Diagnostic]:
    """A problem for each replacement whose new object needs a name that the old one leaves taken."""
    result = []
    for change in changes:
        if change.action != "replace":
            continue
        name = change.kind.replacement.name_kept(change.desired or {}, change.actual or {})
        if name:
            summary = f"{change.address} can't be replaced, because {name} isn't deleted with it"
            reason = "Azure creates no second disk with the same name."
            hint = "set another `os_disk.name`, or first apply `delete_with_vm: true`"
            result.append(error("PV3506", summary, *change.path, reason=reason, hint=hint))
    return result


def _like_it(change: Change, actual: ActualState, handled: Set[str]) -> Iterator[Diagnostic]:
    parent = actual.body(change.id.rsplit("/", 2)[0]) or {}
    own = _alike(change.desired, change.kind.rules.unique_in_parent)
    for other in parent.get("resources") or ():
        if arm_id.key(other["id"]) in handled or _alike(other, change.kind.rules.unique_in_parent) != own:
            continue
        name = arm_id.parse(other["id"]).name
        summary = f"{change.address} exists already under another name: {name}"
        hint = f"take it over with `name: {name}` and --adopt, or delete it: az resource delete --ids {other['id']}"
        yield error("PV3505", summary, *change.path, reason="Azure takes one of them on a parent.", hint=hint)


def _alike(body: Body | None, paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(value_at(body, tuple(path.split(".")))).lower() for path in paths)


def problems(changes: Iterable[Change], steps: Steps, owned: OwnedIds) -> list[Diagnostic]:
    """A problem for each item of a list that an update puts at a place which an item of others has."""
    return [
        problem
        for change in changes
        if change.action == "update" and change.kind.rules.unique
        for problem in _problems(change, steps, owned)
    ]


def _problems(change: Change, steps: Steps, owned: OwnedIds) -> Iterator[Diagnostic]:
    bodies = [render(step.operation, step.kind, owned, change.actual) for step in steps[change.address] if step.verb]
    for path, name in change.kind.rules.unique.items():
        key = change.kind.rules.list_keys[path]
        wanted = {item_key(item, key) for item in _items(change.desired, path)}
        for body in bodies:
            places = {item.get(name): item for item in _items(body, path) if item_key(item, key) not in wanted}
            for item in _items(body, path):
                other = places.get(item.get(name))
                if other is not None and item is not other:
                    yield _problem(change, path, name, item_label(item, key), other, key)


def _items(body: Body | None, path: str) -> list[Body]:
    return value_at(body, tuple(path.split("."))) or []


def _problem(change: Change, path: str, name: str, label: str, other: Body, key: str) -> Diagnostic:
    place = f"{name} {other[name]}"
    summary = f"{change.address} has a resource of others at {place}, which the spec assigns to {label}"
    reason = f"Attached there: {value_at(other, tuple(key.split('.')))}. This deployment does not own it."
    hint = f"choose another {name}, or detach that resource first"
    return error("PV3504", summary, *change.path, reason=reason, hint=hint)

"""Places in an object that others occupy: a LUN of a machine at which another user or tool attached a disk.

In: a plan's changes. Out: problems. Pure. Azure would detach what is there without a word, or refuse in the middle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..base.diagnostics import Diagnostic
from ..base.reporting import error
from ..base.values import Body, value_at
from ..comparison.context import item_key, item_label
from ..comparison.rendering import OwnedIds, render
from .plan import Change, Steps


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
    summary = f"{change.address} has something of others at {place}, which {label} is to get"
    reason = f"Attached there: {value_at(other, tuple(key.split('.')))}. This deployment does not own it."
    hint = f"choose another {name}, or take it off first"
    return error("PV3504", summary, *change.path, reason=reason, hint=hint)

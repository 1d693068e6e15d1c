"""The parts (subnets, rules) inside an object that an update drops.

In: a change. Out: paths and names. Pure.
"""

from __future__ import annotations

from .plan import Change


def dropped(change: Change) -> list[tuple[str, str]]:
    """The parts that an update removes from its object: (path of their list, name)."""
    result = []
    for item in change.differences if change.kind.ownership.parts else ():
        path, bracket, label = item.path.partition("[")
        if (
            item.operation == "remove"
            and bracket
            and path in change.kind.ownership.parts
            and label.find("]") == len(label) - 1
        ):
            result.append((path, label[:-1]))
    return result

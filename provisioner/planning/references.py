"""What the object of a change refers to in Azure.

In: a change. Out: ARM IDs. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base import arm_id
from ..comparison import merging
from .plan import Change


def referred(change: Change) -> list[str]:
    """The ARM IDs in an actual body, but for what the service wrote into it (back-references)."""
    return list(_ids(merging.writable(change.actual, change.kind.rules))) if change.actual else []


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if arm_id.looks_like_id(value):
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _ids(key)
            yield from _ids(item)
    elif isinstance(value, list):
        for item in value:
            yield from _ids(item)

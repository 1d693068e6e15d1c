"""Paths in ARM bodies, and what the items of a keyed list are known by.

In: bodies. Out: text. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base.values import Unset


def join(pattern: str, key: str) -> str:
    return f"{pattern}.{key}" if pattern else key


def item_key(item: object, key: str) -> str:
    """What an item of a keyed list is known by; ``key`` is a dotted path in the item (``managedDisk.id``)."""
    return item.key if isinstance(item, Unset) else str(_at(item, key)).lower()


def item_label(item: object, key: str) -> str:
    """How people see it; of an object that an item attaches they see the name."""
    label = item.key if isinstance(item, Unset) else str(_at(item, key))
    return label.rpartition("/")[2] if "." in key else label


def _at(item: object, key: str) -> object:
    for name in key.split(".") if isinstance(item, Mapping) else ():
        item = item.get(name) if isinstance(item, Mapping) else None
    return item

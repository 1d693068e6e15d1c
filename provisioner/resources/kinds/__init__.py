"""The kinds of Azure resources, one file each, found by a scan of this package.

In: nothing. Out: every module's ``KIND``. Names that begin with an underscore are helpers, not kinds.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import TYPE_CHECKING

from ...base import arm_id

if TYPE_CHECKING:
    from ...base.values import Body
    from ..kind import Kind


@functools.cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind, sorted by name."""
    names = sorted(item.name for item in pkgutil.iter_modules(__path__) if not item.name.startswith("_"))
    return tuple(importlib.import_module(f"{__name__}.{name}").KIND for name in names)


@functools.cache
def by_name() -> dict[str, Kind]:
    return {kind.name: kind for kind in all_kinds()}


@functools.cache
def by_type() -> dict[str, Kind]:
    """Kinds by ARM type in lower case; things that are only read have no type of their own."""
    return {kind.type.lower(): kind for kind in all_kinds() if kind.type}


def of(body: Body) -> Kind | None:
    """The kind of an actual object, by the type that its body names."""
    return by_type().get(str(body.get("type", "")).lower())


def of_id(resource_id: str) -> Kind | None:
    """The kind of an object, by the type in its ARM ID."""
    return by_type().get(arm_id.parse(resource_id).type.lower())


@functools.cache
def children_of(arm_type: str) -> tuple[Kind, ...]:
    """The kinds whose resources are children of resources of a type."""
    return tuple(
        kind for kind in all_kinds() if kind.nested and kind.type.lower().rpartition("/")[0] == arm_type.lower()
    )


@functools.cache
def container() -> Kind:
    """The kind whose objects contain those of all others: the resource group."""
    return next(kind for kind in all_kinds() if kind.is_container)


@functools.cache
def external() -> Kind:
    """The kind by which an object of any type is read and deleted, by its ID alone."""
    return next(kind for kind in all_kinds() if kind.is_external)

"""Names by Azure's own rules, and one entry for one object.

In: entries with their kinds, and the resources they became. Out: diagnostics. What only follows from a name that is
told already (an interface made for a machine carries the machine's) is not told again; a fleet's mistake is told once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..base import arm_id
from ..base.diagnostics import Diagnostic, SourceLocation, and_others
from ..base.reporting import error
from ..spec.expressions import interpolation
from ..spec.model import Spec
from .addresses import RESOURCE_GROUP
from .entry import Entry
from .kind import Kind, name_of
from .resource import Resource


class _Told:
    """Diagnostics; those of several members of a fleet are the first one's, with their number."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[SourceLocation, object], list[tuple[Diagnostic, str]]] = {}

    def add(self, item: Diagnostic, others: str, apart: object = None) -> None:
        """``others`` is what the rest of one place is called; what has ``apart`` is always told."""
        self._by_place.setdefault((item.location, apart), []).append((item, others))

    def all(self) -> list[Diagnostic]:
        return [and_others(together[0][0], len(together) - 1, together[0][1]) for together in self._by_place.values()]


def check_names(spec: Spec, found: Iterable[tuple[Kind, Entry]]) -> list[Diagnostic]:
    """Names that Azure would refuse; ``found`` has parents before their children."""
    told = _Told()
    refused: dict[str, str] = {}
    for kind, entry in found:
        if spec.is_broken(entry.path) or _fits(kind, entry):
            continue
        name = interpolation.unescape(name_of(kind, entry))
        refused[entry.address] = name
        # The default is longer than the name: nothing begins with it.
        if entry.parent is not None and name.startswith(refused.get(entry.parent.address, name + "-")):
            continue
        is_short = entry.path == (RESOURCE_GROUP,) and isinstance(spec.data[RESOURCE_GROUP], str)
        is_given = "name" in entry.data
        at = (*entry.path, "name") if is_given and not is_short else entry.path
        location = spec.document.locate(at, key=not is_given)
        hint = "choose another name" if is_given else "set another name with `name:`, or rename the key"
        summary = f'"{name}" is not a valid name for a {kind.name.replace("_", " ")}'
        item = error("PV2001", summary, location, reason=f"Azure allows {kind.schema.name_rule[1]}.", hint=hint)
        is_of_fleet = spec.document.is_of_fleet(entry.path)
        told.add(item, "of the fleet", None if is_of_fleet else entry.address)
    return told.all()


def _fits(kind: Kind, entry: Entry) -> bool:
    name = name_of(kind, entry)
    if kind.schema.assignment_key is not None or any(is_expression for is_expression, _ in interpolation.split(name)):
        return True
    return re.fullmatch(kind.schema.name_rule[0], interpolation.unescape(name)) is not None


def check_objects(spec: Spec, resources: Iterable[Resource]) -> list[Diagnostic]:
    """Two entries that would be one object in Azure; ``resources`` has parents before their children."""
    told = _Told()
    first: dict[object, Resource] = {}
    doubled: dict[str, str] = {}
    for item in resources:
        other = first.setdefault(item.assignment_key or arm_id.key(item.id), item) if item.managed else item
        if other is item:
            continue
        where = spec.document.locate(item.path, key=True)
        summary = f"{item.address} is the same Azure resource as {other.address}"
        is_of_fleet = spec.document.is_of_fleet(item.path)
        if item.assignment_key:
            reason = "Both grant the same role to the same principal at the same scope."
            found = error("PV2002", summary, where, reason=reason, hint="delete one of the two")
            told.add(found, "of its grants")
            continue
        name = item.id.rpartition("/")[2]
        doubled[item.address] = name
        if _follows(item, name, doubled):
            continue
        hint = "set another `name:` on one of them"
        if is_of_fleet and spec.document.locate(other.path, key=True) == where:
            hint = "put `${index}` or `${key}` into their `name:`"
        found = error("PV2002", summary, where, reason=item.id, hint=hint)
        told.add(found, "of the fleet", None if is_of_fleet else item.address)
    return told.all()


def _follows(item: Resource, name: str, doubled: dict[str, str]) -> bool:
    """Whether something is doubled since what it is made for is: it lies in that, or carries its name."""
    steps = item.address.split("/")
    around = ["/".join(steps[:length]) for length in range(1, len(steps))]
    return any(
        above in doubled and (name.startswith(doubled[above]) or f"/{doubled[above]}/" in item.id) for above in around
    )

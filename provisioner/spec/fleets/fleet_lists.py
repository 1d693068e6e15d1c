"""Lists that name things: a fleet's address, or key, in one of them stands for all its members.

In: data whose fleets are spread out, and the keys of their members. Out: the data with those lists written out, but for
those that would be more than the spec's budget allows: lists of all members in all members of another fleet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...base.diagnostics import Diagnostic
from ...base.reporting import error
from ...base.values import Path, value_at
from .budget import HINT, ExpansionBudget

_LISTS = {
    ("role_grants", "*", "to"): "",
    ("network", "nat_gateways", "*", "public_ips"): "network/public_ips/",
    ("network", "interfaces", "*", "application_security_groups"): "network/application_security_groups/",
    ("network", "security_groups", "*", "rules", "*", "source_application_security_groups"): (
        "network/application_security_groups/"
    ),
    ("network", "security_groups", "*", "rules", "*", "destination_application_security_groups"): (
        "network/application_security_groups/"
    ),
    ("vms", "*", "interfaces"): "network/interfaces/",
    ("vms", "*", "interfaces", "*", "application_security_groups"): "network/application_security_groups/",
    ("vms", "*", "identity", "user_assigned"): "identities/",
    ("vms", "*", "extensions", "*", "after"): "../",
}
"""The lists, and what bare keys in them are keys of; ``../`` for the entries beside the one that has the list."""


class Written(list[object]):
    """A list that has been written out: when it is empty, its fleets are."""


@dataclass(frozen=True)
class Refused:
    """Lists that stand in the file once and together are too long; the problem is None where it is told already."""

    paths: list[Path]
    problem: Diagnostic | None


@dataclass(frozen=True)
class Opened:
    """``moved`` says where the items stand in the file, by their paths in the data."""

    moved: dict[Path, Path] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)


def opened(data: dict[str, object], members: Mapping[str, list[str]], budget: ExpansionBudget) -> Opened:
    """Write the lists out.

    Args:
        data: of a whole spec; what is changed in it is copied first.
        members: the keys of each fleet's members, by its address.
        budget: counts the items, and of grants the entries that they make, before they are made.
    """
    found = Opened()
    copied: set[Path] = set()
    for pattern, section in _LISTS.items():
        together: dict[Path, list[Path]] = {}
        for path in _matching(data, pattern, ()):
            together.setdefault(_in_file(path), []).append(path)
        for paths in together.values():
            refused = _refusal(data, paths, section, members, budget)
            if refused is not None:
                found.refused.append(refused)
                continue
            for path in paths:
                _open(data, path, _fleets(data, path, section, members), members, found.moved, copied)
    grants = data.get("role_grants")
    if isinstance(grants, Mapping):
        data["role_grants"] = {key: grant for key, grant in grants.items() if not _is_to_nobody(grant)}
    return found


def _refusal(
    data: object, paths: list[Path], section: str, members: Mapping[str, list[str]], budget: ExpansionBudget
) -> Refused | None:
    """Why lists that stand in the file once cannot be written out, if they cannot be."""
    count, largest, item = 0, None, paths[0]
    for path in paths:
        for index, fleet in enumerate(_fleets(data, path, section, members)):
            count += 1 if fleet is None else len(members[fleet])
            if fleet is not None and (largest is None or len(members[fleet]) > len(members[largest])):
                largest, item = fleet, (*path, index)
    if largest is None and _in_file(paths[0]) == paths[0]:
        return None
    summary = budget.take(references=count, entries=count if paths[0][0] == "role_grants" else 0)
    if not summary:
        return None if summary is None else Refused(paths, None)
    name = value_at(data, item)
    if largest is None:
        reason = f"This list is in {len(paths):,} entries."
        return Refused(paths, error("PV1203", summary, *item, reason=reason, hint=HINT))
    what = f"{name} refers to its {len(members[largest]):,} members"
    reason = f"{what}." if len(paths) == 1 else f"{what}, and this list is in {len(paths):,} entries."
    which = "index" if next(iter(members[largest]), "0") == "0" else "key"
    hint = f"name one member, as in {name}/${{{which}}}, or {HINT}"
    return Refused(paths, error("PV1203", summary, *item, reason=reason, hint=hint))


def _open(
    data: dict[str, object], path: Path, fleets: list[str | None], members: Mapping[str, list[str]],
    moved: dict[Path, Path], copied: set[Path],
) -> None:  # fmt: skip
    """Write one list out, where it names a fleet; the members are named as the fleet is."""
    if not any(fleet is not None for fleet in fleets):
        return
    result: list[object] = Written()
    for index, (item, fleet) in enumerate(zip(_list(data, path), fleets, strict=True)):
        before = len(result)
        result += [item] if fleet is None else [f"{item}/{member}" for member in members[fleet]]
        moved |= {(*path, new): (*path, index) for new in range(before, len(result))}
    _put(data, path, result, copied)


def _is_to_nobody(grant: object) -> bool:
    """A grant to the members of empty fleets is none; one that says nobody is a mistake."""
    return isinstance(grant, Mapping) and isinstance(grant.get("to"), Written) and not grant["to"]


def _fleets(data: object, path: Path, section: str, members: Mapping[str, list[str]]) -> list[str | None]:
    """For each item of the list at a path the address of the fleet that it names, if it names one."""
    base = "/".join(map(str, path[:-2])) + "/" if section == "../" else section
    return [_fleet(item, base, members) for item in _list(data, path)]


def _fleet(item: object, base: str, members: Mapping[str, list[str]]) -> str | None:
    if not isinstance(item, str):
        return None
    return next((address for address in (item, f"{base}{item}") if address in members), None)


def _in_file(path: Path) -> Path:
    """Where a path of the data stands in the file: the same place for all members of a fleet."""
    return tuple(str(step).partition("/")[0] for step in path)


def _matching(value: object, pattern: Path, path: Path) -> Iterator[Path]:
    if not pattern:
        if isinstance(value, list):
            yield path
    elif isinstance(value, Mapping):
        for step in value if pattern[0] == "*" else (pattern[0],):
            if step in value:
                yield from _matching(value[step], pattern[1:], (*path, step))


def _list(data: object, path: Path) -> list[object]:
    found = value_at(data, path)
    return found if isinstance(found, list) else []


def _put(data: dict[str, object], path: Path, value: object, copied: set[Path]) -> None:
    holder: dict[str, object] = data
    for length, step in enumerate(path[:-1], 1):
        inner = holder[str(step)]
        assert isinstance(inner, dict)
        if path[:length] not in copied:
            # Members of a fleet share what is written once: each gets its own before it is changed.
            copied.add(path[:length])
            inner = dict(inner)
            holder[str(step)] = inner
        holder = inner
    holder[str(path[-1])] = value

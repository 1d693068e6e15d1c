"""Lists that name things: a fleet's address, or key, in one of them stands for all its members.

In: data whose fleets are spread out, and the keys of their members. Out: the data with those lists written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..leaves import Path

_LISTS = {
    ("role_grants", "*", "to"): "",
    ("network", "nat_gateways", "*", "public_ips"): "network/public_ips/",
    ("vms", "*", "interfaces"): "network/interfaces/",
    ("vms", "*", "identity", "user_assigned"): "identities/",
    ("vms", "*", "extensions", "*", "after"): "../",
}
"""The lists, and what bare keys in them are keys of; ``../`` for the entries beside the one that has the list."""


class Written(list[Any]):
    """A list that has been written out: when it is empty, its fleets are."""


def opened(data: dict[str, Any], members: Mapping[str, list[str]]) -> dict[Path, Path]:
    """Write the lists out.

    Args:
        data: of a whole spec; what is changed in it is copied first.
        members: the keys of each fleet's members, by its address.

    Returns:
        Where the items stand in the file, by their paths in the data.
    """
    moved: dict[Path, Path] = {}
    copied: set[Path] = set()
    for pattern, section in _LISTS.items():
        for path in list(_matching(data, pattern, ())):
            value = _at(data, path)
            base = "/".join(map(str, path[:-2])) + "/" if section == "../" else section
            written = [_named(item, base, members) for item in value]
            if any(names is not None for names in written):
                result: list[Any] = Written()
                for index, names in enumerate(written):
                    before = len(result)
                    result += [value[index]] if names is None else names
                    moved |= {(*path, new): (*path, index) for new in range(before, len(result))}
                _put(data, path, result, copied)
    grants = data.get("role_grants")
    if isinstance(grants, Mapping):
        data["role_grants"] = {key: grant for key, grant in grants.items() if not _is_to_nobody(grant)}
    return moved


def _is_to_nobody(grant: Any) -> bool:
    """A grant to the members of empty fleets is none; one that says nobody is a mistake."""
    return isinstance(grant, Mapping) and isinstance(grant.get("to"), Written) and not grant["to"]


def _named(item: Any, base: str, members: Mapping[str, list[str]]) -> list[str] | None:
    """The members that an item stands for, named as it is; None where it names no fleet."""
    if not isinstance(item, str):
        return None
    found = members.get(item, members.get(f"{base}{item}") if base else None)
    return None if found is None else [f"{item}/{member}" for member in found]


def _matching(value: Any, pattern: Path, path: Path) -> Iterator[Path]:
    if not pattern:
        if isinstance(value, list):
            yield path
    elif isinstance(value, Mapping):
        for step in value if pattern[0] == "*" else (pattern[0],):
            if step in value:
                yield from _matching(value[step], pattern[1:], (*path, step))


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _put(data: dict[str, Any], path: Path, value: Any, copied: set[Path]) -> None:
    holder: Any = data
    for length, step in enumerate(path[:-1], 1):
        if path[:length] not in copied:
            copied.add(path[:length])
            holder[step] = dict(holder[step])
        holder = holder[step]
    holder[path[-1]] = value

"""Every entry of a spec by its address: what a reference may name.

In: entries with their kinds. Out: the entry that an address means, and what it leaves over; or what is near to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base.diagnostics import did_you_mean
from .entry import Entry
from .kind import Kind

RESOURCE_GROUP = "resource_group"
"""The section of the resource group, and its address."""
_DEEPEST = 20
"""Steps that no address has more of."""


class Addresses:
    """Every entry by its address; ``none`` are the addresses of what came to nothing."""

    def __init__(self, entries: list[tuple[Kind, Entry]], none: Mapping[str, object]) -> None:
        self._none = none
        # A grant is several objects, whose names are known late: nothing can refer to it.
        self._known = {entry.address: (kind, entry) for kind, entry in entries if kind.schema.assignment_key is None}
        self._by_section: dict[str, list[str]] = {}
        self._keys: dict[str, list[str]] = {}
        for address in self._known:
            self._by_section.setdefault(address.partition("/")[0] + "/", []).append(address)
            section, _, key = address.rpartition("/")
            self._keys.setdefault(section, []).append(key)
        self._first_parts: dict[str, dict[str, str]] = {}
        self._fleets: dict[str, dict[str, Entry]] = {}
        for _, entry in self._known.values():
            if "/" in entry.key:
                address, _, member = entry.address.rpartition("/")
                self._fleets.setdefault(address, {})[member] = entry

    def keys(self, section: str) -> list[str]:
        return self._keys.get(section, [])

    def find(self, address: str) -> tuple[Kind, Entry, list[str]] | None:
        """The entry with the longest address that ``address`` begins with, and what is left."""
        steps = address.split("/")
        for length in range(min(len(steps), _DEEPEST), 0, -1):
            found = self._known.get("/".join(steps[:length]))
            if found is not None:
                return (*found, steps[length:])
        return None

    def members(self, address: str) -> dict[str, Entry]:
        """The members of a fleet by their own keys, in order; empty where there is none of that address."""
        return self._fleets.get(address, {})

    def first_part(self, section: str, parts: Iterable[str], key: str) -> str:
        """The first member of a fleet of parts inside of an entry (its subnets); empty where there is no such fleet."""
        if section not in self._first_parts:
            members = [part for part in parts if "/" in part]
            self._first_parts[section] = {part.rpartition("/")[0]: part for part in reversed(members)}
        return self._first_parts[section].get(key, "")

    def of_none(self, address: str) -> object:
        """The value of all members of an empty fleet: an empty list or mapping; None for everything else."""
        return self._none.get(address)

    def nothing(self, address: str) -> str:
        """What to do about a reference to an address that is in the spec, and that no resource has."""
        steps = address.split("/")
        for length in range(min(len(steps), _DEEPEST), 0, -1):
            known = "/".join(steps[:length])
            if known in self._none:
                is_fleet = self._none[known] is not None
                why = "has no members" if is_fleet else "is left out by its `when`"
                return f"remove the reference: {known} {why}"
        return ""

    def similar(self, address: str) -> str:
        if why := self.nothing(address):
            return why
        if members := self.members(address):
            return which_one(f"{address}/{next(iter(members))}")
        head = address.partition("/")[0] + "/"
        near = self._by_section.get(head, [])
        if not near and head in ("existing/", "vms/", "identities/", "availability_sets/", "roles/", "network/"):
            return f"declare it under {address.rpartition('/')[0] or head}"
        return did_you_mean(address, near or self._known) or "use the address of an entry, such as vms/web"


def which_one(example: str) -> str:
    """A hint for a fleet where one thing is wanted."""
    return f"refer to one member, such as {example}"

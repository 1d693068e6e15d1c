"""Entries that stand for several, or for none: ``count``, ``for_each`` and ``when``.

In: data whose parameters are replaced, and which the schema accepts. Out: the same with every fleet spread out:
``vms: {web: {count: 2, …}}`` becomes ``vms: {web/0: …, web/1: …}``, each with ``${index}``, ``${key}`` and ``${value}``
put in and a name of its own. Places in the spec are those of the entry that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..diagnostics import Diagnostic
from ..resource import Path
from . import expressions
from .document import Document
from .names import Names

SECTIONS: tuple[Path, ...] = (
    *(
        ("network", name)
        for name in ("virtual_networks", "security_groups", "nat_gateways", "public_ips", "interfaces")
    ),
    ("identities",),
    ("vms",),
    ("role_grants",),
)
AT_MOST = 10_000
"""Entries that one spec may spread out to."""
_WORDS = ("count", "for_each", "when")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNNAMED = ("role_grants",)


class Fleets:
    """Spreads the entries of one spec; ``data`` is the result, ``found`` says whether there was any fleet."""

    def __init__(self, document: Document, data: Mapping[str, Any], broken: set[Path], names: Names) -> None:
        self._document = document
        self._names = names
        self.broken = broken
        self._members: dict[str, list[str]] = {}
        self._count = 0
        self.diagnostics: list[Diagnostic] = []
        self.data: dict[str, Any] = dict(data)
        self.found = False
        self._refuse_inner()
        for section in SECTIONS:
            self._spread_section(section)
        if self._members:
            self._open_lists()

    def _refuse_inner(self) -> None:
        """Interfaces that a machine makes inline share the schema of those with an entry of their own."""
        machines = self.data.get("vms")
        for key, machine in machines.items() if isinstance(machines, Mapping) else ():
            inner = machine.get("interfaces") if isinstance(machine, Mapping) else None
            for name, interface in inner.items() if isinstance(inner, Mapping) else ():
                for word in _WORDS:
                    if isinstance(interface, Mapping) and word in interface:
                        hint = "write it on the machine, or give the interface an entry under network/interfaces"
                        at = ("vms", key, "interfaces", name, word)
                        self._error("PV1201", at, f"`{word}` is for entries of their own", hint)

    def _spread_section(self, section: Path) -> None:
        holder: Any = self.data
        for step in section[:-1]:
            inner = holder.get(step)
            if not isinstance(inner, Mapping):
                return
            holder[step] = dict(inner)
            holder = holder[step]
        entries = holder.get(section[-1])
        if not isinstance(entries, Mapping) or not any(_is_marked(entry) for entry in entries.values()):
            return
        self.found = True
        spread: dict[str, Any] = {}
        for key, entry in entries.items():
            if not _is_marked(entry) or self._is_broken((*section, key)):
                spread[key] = entry
                continue
            for name, one in self._instances((*section, key), entry):
                spread[name] = one
        holder[section[-1]] = spread

    def _instances(self, path: Path, entry: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """The entries that one stands for, by key."""
        key = str(path[-1])
        rest = {name: value for name, value in entry.items() if name not in _WORDS}
        if "count" in entry and "for_each" in entry:
            self._error("PV1201", (*path, "for_each"), "an entry takes `count` or `for_each`, not both")
            return
        is_fleet = "count" in entry or "for_each" in entry
        members = self._values(path, entry) if is_fleet else [("", None)]
        names = []
        for index, (member, value) in enumerate(members):
            known = {"index": index, "key": member if "for_each" in entry else key, "value": value}
            when = self._put_in(entry.get("when", True), known, (*path, "when"))
            if not isinstance(when, bool):
                self._error("PV1202", (*path, "when"), "`when` must be true or false before anything is applied")
                continue
            if not when:
                continue
            if not is_fleet:
                yield key, rest
                continue
            at = (*path[:-1], f"{key}/{member}")
            self._names.members[at] = known
            one = self._put_in(rest, known, path, at)
            if path[0] not in _UNNAMED:
                one.setdefault("name", f"{key}-{member}")
            names.append(f"{key}/{member}")
            yield names[-1], one
        if is_fleet:
            self._members["/".join(map(str, path))] = names

    def _values(self, path: Path, entry: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Key and value of each member."""
        each = entry.get("for_each")
        members: list[tuple[str, Any]] = []
        if "count" in entry:
            count = entry["count"]
            if not isinstance(count, int):
                self._error("PV1202", (*path, "count"), "`count` must be known before anything is applied")
                return []
            members = [(str(index), index) for index in range(min(count, AT_MOST + 1))]
        elif isinstance(each, Mapping):
            members = [(str(key), value) for key, value in each.items()]
        elif isinstance(each, list) and all(isinstance(item, (str, int)) for item in each):
            members = [(str(item), item) for item in each]
        else:
            hint = "a list of texts, or a mapping of keys to values"
            self._error("PV1202", (*path, "for_each"), "`for_each` cannot go over this", hint)
            return []
        for member, _ in members:
            if not _KEY.fullmatch(member):
                hint = "keys are letters, digits and . _ -"
                self._error("PV1202", (*path, "for_each"), f'"{member}" is no key for a member', hint)
                return []
        if len({member for member, _ in members}) != len(members):
            self._error("PV1202", (*path, "for_each"), "a member stands twice in `for_each`")
            return []
        self._count += len(members)
        if self._count > AT_MOST:
            where = "count" if "count" in entry else "for_each"
            self._error("PV1203", (*path, where), f"the spec spreads out to more than {AT_MOST} entries")
            return []
        return members

    def _put_in(self, value: Any, known: Mapping[str, Any], path: Path, member: Path = ()) -> Any:
        def lookup(expression: str, at: Path) -> Any:
            return self._names.evaluate(expression, at, known, (*member, *at[len(path) :]))

        return expressions.evaluate(value, lookup, path)

    def _open_lists(self) -> None:
        """A fleet's address in a grant's ``to`` is that of all its members."""
        grants = self.data.get("role_grants")
        if not isinstance(grants, Mapping):
            return
        self.data["role_grants"] = {key: self._opened(key, grant) for key, grant in grants.items()}

    def _opened(self, key: str, grant: Any) -> Any:
        to = grant.get("to") if isinstance(grant, Mapping) else None
        if not isinstance(to, list):
            return grant
        opened: list[Any] = []
        for index, item in enumerate(to):
            section = str(item).rpartition("/")[0]
            members = self._members.get(item) if isinstance(item, str) else None
            before = len(opened)
            opened += [item] if members is None else [f"{section}/{member}" for member in members]
            at = ("role_grants", key, "to")
            self._document.move({(*at, new): (*at, index) for new in range(before, len(opened))})
        return {**grant, "to": opened}

    def _is_broken(self, path: Path) -> bool:
        return any(bad[: len(path)] == path for bad in self.broken)

    def _error(self, code: str, path: Path, summary: str, hint: str = "") -> None:
        self.broken.add(path)
        self.diagnostics.append(Diagnostic(code, summary, self._document.locate(path), hint=hint))


def _is_marked(entry: Any) -> bool:
    return isinstance(entry, Mapping) and any(word in entry for word in _WORDS)

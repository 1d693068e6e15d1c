"""Entries that stand for several, or for none: ``count``, ``for_each`` and ``when``.

In: data whose parameters are replaced, and which the schema accepts. Out: the same with every fleet spread out:
``vms: {web: {count: 2, …}}`` becomes ``vms: {web/0: …, web/1: …}``, each with ``${index}``, ``${key}`` and ``${value}``
put in and a name of its own; so do entries inside of entries, which know the member around them as ``${parent.index}``.
Places in the spec are those of the entry that was written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from ...base.diagnostics import Diagnostic
from ...base.reporting import Reporter, error
from ...base.values import Path
from ..expressions import interpolation
from ..expressions.evaluation_scope import Names
from ..yaml.document import Document
from . import fleet_lists, fleet_outputs
from .budget import HINT, ExpansionBudget, entries_in, size_of
from .sections import WORDS, Section, has_marks, is_marked, sections

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
Known = Mapping[str, object]
"""What a member of a fleet knows: ``index``, ``key``, ``value``, ``parent``. Nothing outside of fleets."""


class Fleets(Reporter):
    """Spreads the entries of one spec; ``data`` is the result, ``found`` says whether there was any fleet.

    ``none`` holds the addresses of what came to nothing: with the value of all its members for an empty fleet, with
    None for an entry, or a member, that its ``when`` left out. ``counted`` are the addresses of fleets by number.
    ``budget`` holds how much was made.
    """

    def __init__(self, document: Document, data: Mapping[str, object], broken: set[Path], names: Names) -> None:
        self._document = document
        super().__init__(document.locate)
        self._names = names
        self.broken = broken
        self._broken_below: dict[Path, list[Path]] = {}
        for path in broken:
            self._index(path)
        self._members: dict[str, list[str]] = {}
        self.none: dict[str, object] = {}
        self.counted: set[str] = set()
        self.budget = ExpansionBudget()
        self.data: dict[str, object] = dict(data)
        self.found = False
        for path, section in sections().items():
            self._spread_section(path, section)
        self._spread_outputs()
        if self._members:
            opened = fleet_lists.opened(self.data, self._members, self.budget)
            self._document.move(opened.moved)
            for refused in opened.refused:
                problem = refused.problem
                located = problem and problem.placed(self._document.locate(problem.path))
                self._refuse(refused.paths, located)

    def _spread_section(self, path: Path, section: Section) -> None:
        holder: dict[str, object] = self.data
        for step in map(str, path[:-1]):
            inner = holder.get(step)
            if not isinstance(inner, Mapping):
                return
            # What is spread is changed in a copy: the data of the document stays as it is written.
            copy = dict(inner)
            holder[step] = copy
            holder = copy
        entries = holder.get(str(path[-1]))
        if isinstance(entries, Mapping) and has_marks(entries, section):
            self.found = True
            holder[str(path[-1])] = self._entries(entries, section, path, path, {})

    def _spread_outputs(self) -> None:
        outputs = self.data.get("outputs")
        if not isinstance(outputs, Mapping) or not any(map(fleet_outputs.is_marked, outputs.values())):
            return
        self.found = True
        self.data["outputs"] = spread = {}
        for key, entry in outputs.items():
            path: Path = ("outputs", key)
            if not fleet_outputs.is_marked(entry) or self._is_broken(path):
                spread[key] = entry
                continue
            at = (*path, "value")
            members = self._members_of(path, path, entry, {}, {})
            values = {member: self._put_in(entry["value"], known, at, at) for member, known in members}
            if values or fleet_outputs.is_fleet(entry):
                spread[key], moved = fleet_outputs.together(key, entry, values)
                self._document.move(moved)

    def _entries(self, entries: Mapping[str, object], section: Section, path: Path, at: Path, around: Known) -> object:
        """The entries of a section; ``path`` is its place in the file, ``at`` its place in the result."""
        spread: dict[str, object] = {}
        for key, entry in entries.items():
            below = (*path, key)
            if not isinstance(entry, Mapping) or self._is_broken(below, section.inner):
                spread[key] = self._put_in(entry, around, below, (*at, key))
                continue
            is_fleet = "count" in entry or "for_each" in entry
            rest = {word: value for word, value in entry.items() if word not in WORDS} if is_marked(entry) else entry
            names = []
            for member, known in self._members_of(below, (*at, key), entry, around, section.inner):
                name = f"{key}/{member}" if is_fleet else key
                one = self._entry(rest, section, below, (*at, name), known)
                if is_fleet:
                    names.append(member)
                    self._names.members[(*at, name)] = known
                    index = known["index"]
                    assert isinstance(index, int)
                    self._distinguish(one, section, below, (*at, name), index)
                spread[name] = one
            address = "/".join(map(str, (*at, key)))
            if is_fleet:
                self._members[address] = names
            if "count" in entry:
                self.counted.add(address)
            if is_fleet and not names:
                self.none[address] = [] if "count" in entry else {}
            elif key not in spread and not is_fleet:
                self.none[address] = None
        return spread

    def _entry(
        self, entry: Mapping[str, object], section: Section, path: Path, at: Path, known: Known
    ) -> dict[str, object]:
        """One entry, with what its member of a fleet knows put in, and the entries inside of it spread out."""
        result: dict[str, object] = {}
        for word, value in entry.items():
            inner = section.inner.get(word)
            if inner is not None and isinstance(value, Mapping):
                result[word] = self._entries(value, inner, (*path, word), (*at, word), known)
            else:
                result[word] = self._put_in(value, known, (*path, word), (*at, word))
        return result

    def _distinguish(self, one: dict[str, object], section: Section, path: Path, at: Path, index: int) -> None:
        """A name of its own, unless its kind makes one of the key, and a zone in turn."""
        if section.is_named and path[:-1] in sections():
            # The key of a member, `web/0`, has a slash, which no name in Azure may have.
            one.setdefault("name", str(at[-1]).replace("/", "-"))
        zones = one.get("zones") if section.is_zoned else None
        if not isinstance(zones, list) or not zones:
            return
        if "zone" in one:
            summary = "the entry has both `zone` and `zones`"
            self.error("PV1204", summary, *path, "zones", hint="delete `zone:`")
        else:
            one["zone"] = str(zones[index % len(zones)])
            self._document.move({(*at, "zone"): (*path, "zones")})
        del one["zones"]

    def _members_of(
        self, path: Path, at: Path, entry: Mapping[str, object], around: Known, inner: Mapping[str, Section]
    ) -> Iterator[tuple[str, Known]]:
        """The members that an entry stands for, by key, and what each knows; itself where it is no fleet.

        ``inner`` are the sections of entries inside of it.
        """
        if "count" in entry and "for_each" in entry:
            summary = "the entry has both `count` and `for_each`"
            self.error("PV1201", summary, *path, "for_each", hint="delete one of the two")
            return
        is_fleet = "count" in entry or "for_each" in entry
        outer = {"parent": around} if around else {}
        members = self._values(path, at, entry, around, inner) if is_fleet else [("", None)]
        for index, (member, value) in enumerate(members):
            key = member if "for_each" in entry else str(path[-1])
            known = {**outer, "index": index, "key": key, "value": value} if is_fleet else around
            when = self._put_in(entry.get("when", True), known, (*path, "when"), (*at, "when"))
            if not isinstance(when, bool):
                summary = "`when` must be true or false before anything is applied"
                self.error("PV1202", summary, *path, "when", hint="write true, false, or a parameter of type boolean")
            elif when:
                yield member, known
            elif is_fleet:
                self.none["/".join(map(str, (*at, member)))] = None

    def _values(
        self, path: Path, at: Path, entry: Mapping[str, object], around: Known, inner: Mapping[str, Section]
    ) -> list[tuple[str, object]]:
        """Key and value of each member."""
        word = "count" if "count" in entry else "for_each"
        each = self._put_in(entry[word], around, (*path, word), (*at, word))
        if word == "count":
            if not isinstance(each, int) or each < 0:
                summary = "`count` must be a whole number before anything is applied"
                self.error("PV1202", summary, *path, word, hint="write a number, or a parameter of type number")
                return []
            is_small = self._has_room(each, entry, inner, (*path, word))
            return [(str(index), index) for index in range(each)] if is_small else []
        if not isinstance(each, Mapping) and not (
            isinstance(each, list) and all(isinstance(item, (str, int)) for item in each)
        ):
            hint = "write a list of strings, or a mapping of keys to values"
            self.error("PV1202", "`for_each` cannot iterate over this value", *path, word, hint=hint)
            return []
        keys = [str(key) for key in each]
        for member in keys:
            if not _KEY.fullmatch(member):
                hint = "use letters, digits and . _ - in keys"
                self.error("PV1202", f'"{member}" is not a valid key for a member', *path, word, hint=hint)
                return []
        twice = next((key for key, times in Counter(keys).items() if times > 1), None)
        if twice is not None:
            summary = f'"{twice}" is in `for_each` twice'
            self.error("PV1202", summary, *path, word, hint="delete one of the two")
            return []
        if not self._has_room(len(keys), entry, inner, (*path, word)):
            return []
        values = each.values() if isinstance(each, Mapping) else each
        return [(key, interpolation.passed_on(value)) for key, value in zip(keys, values, strict=True)]

    def _has_room(self, count: int, entry: Mapping[str, object], inner: Mapping[str, Section], path: Path) -> bool:
        """Whether an entry may become so many; asked before they are made."""
        values = size_of({key: value for key, value in entry.items() if key not in WORDS})
        refused = self.budget.take(members=count, entries=count * entries_in(entry, inner), values=count * values)
        if refused is not None:
            problem = error("PV1203", refused, self._document.locate(path), hint=HINT) if refused else None
            self._refuse([path], problem)
        return refused is None

    def _put_in(self, value: object, known: Known, path: Path, member: Path) -> object:
        if not known:
            return value

        def lookup(expression: str, at: Path, is_whole: bool) -> object:
            return self._names.evaluate(expression, at, known, (*member, *at[len(path) :]), is_whole)

        return interpolation.evaluate(value, lookup, path)

    def _is_broken(self, path: Path, inner: Container[object] = ()) -> bool:
        """Whether an error lies in an entry, but for those in entries inside of it."""
        deep = len(path)
        return any(not (len(bad) > deep + 1 and bad[deep] in inner) for bad in self._broken_below.get(path, ()))

    def _index(self, path: Path) -> None:
        for length in range(len(path) + 1):
            self._broken_below.setdefault(path[:length], []).append(path)

    def _refuse(self, paths: Iterable[Path], problem: Diagnostic | None) -> None:
        """Leave out what a limit does not allow; told once for each limit."""
        for path in paths:
            self._break(path)
        if problem is not None:
            self.reported.append(problem)

    def _add(self, item: Diagnostic, key: bool) -> None:
        self._break(item.path)
        super()._add(item, key)

    def _break(self, path: Path) -> None:
        self.broken.add(path)
        self._index(path)

"""Runs the checks of ``checks/``: what the schema cannot say, such as addresses that fit and priorities that differ.

In: a ``Spec``. Out: diagnostics. No network. Entries that the schema refused are left out. Names in ``checks/`` that
begin with an underscore are helpers, not checks.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
import weakref
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar

from ..base.diagnostics import UNPLACED, Diagnostic, SourceLocation, and_others
from ..base.reporting import Reporter
from ..base.values import Path
from . import checks
from .locations import plain
from .part import Part

if TYPE_CHECKING:
    from .model import Spec


_PARTS = frozenset({"subnets", "rules", "data_disks", "extensions", "federated_credentials"})
"""Keys of an entry below which stand named parts of it."""

T = TypeVar("T")


class Checker(Reporter):
    """What a check sees: the sound entries of a section, and a way to report."""

    def __init__(self, spec: Spec) -> None:
        super().__init__(spec.document.locate)
        self.spec = spec
        self._entries: dict[tuple[str, ...], list[Part]] = {}
        self._found: dict[tuple[str, SourceLocation], list[tuple[Path, Diagnostic]]] = {}

    def entries(self, *section: str) -> list[Part]:
        """Every entry of a section that the schema accepts.

        What it refuses of an entry's parts (a subnet, a disk) is left out, and the entry is there without it.
        """
        known = self._entries.get(section)
        if known is None:
            known = self._entries[section] = self._sound(section)
        return known

    def declared(self, reference: str, *section: str) -> Part | None:
        """The entry that a key or an address names in a section, whether it is sound or not."""
        key = reference.removeprefix(f"{'/'.join(section)}/")
        value: object = self.spec.section(*section).get(key)
        return Part((*section, key), value) if isinstance(value, Mapping) else None

    def region(self, entry: Part) -> str:
        """The region of an entry: its own, or that of the deployment."""
        return entry.text("location") or self.spec.location

    def plain_region(self, entry: Part) -> str:
        return plain(self.region(entry))

    def place(self, path: Path, seen_from: Path) -> str:
        """``line 12``, of another file ``base.yaml:12``: for a reason that points at another place."""
        return self.spec.document.line_of(path, seen_from)

    def _sound(self, section: tuple[str, ...]) -> list[Part]:
        found = []
        for key, value in self.spec.section(*section).items():
            path = (*section, key)
            if not isinstance(value, Mapping):
                continue
            if not self.spec.is_broken(path):
                found.append(Part(path, value))
            elif (sound := self._without_broken_parts(path, value)) is not None:
                found.append(Part(path, sound))
        return found

    def _without_broken_parts(self, path: Path, value: Mapping[str, object]) -> Mapping[str, object] | None:
        """An entry without the parts that the schema refused; None where it refused anything else of the entry."""
        length = len(path)
        if any(len(bad) < length + 2 or bad[length] not in _PARTS for bad in self.spec.broken_below(path)):
            return None
        return {
            key: {name: part for name, part in item.items() if not self.spec.is_broken((*path, key, name))}
            if key in _PARTS and isinstance(item, Mapping)
            else item
            for key, item in value.items()
        }

    def _add(self, item: Diagnostic, key: bool) -> None:
        location = self._locate(item.path, key=key) if item.location is UNPLACED else item.location
        self._found.setdefault((item.code, location), []).append((item.path, item.placed(location)))

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All that was reported; what several members of a fleet have is told of the first."""
        return [item for together in self._found.values() for item in self._told(together)]

    def _told(self, together: list[tuple[Path, Diagnostic]]) -> list[Diagnostic]:
        first, told = together[0]
        if not any(self.spec.document.is_of_fleet(path) for path, _ in together):
            return [item for _, item in together]
        of_first = [item for path, item in together if path == first]
        others = len({path for path, _ in together} - {first})
        return [and_others(told, others, "of the fleet"), *of_first[1:]] if others else of_first


def once(build: Callable[[Checker], T]) -> Callable[[Checker], T]:
    """What several checks need is built for the first of them, and kept as long as the ``Checker``."""
    built: weakref.WeakKeyDictionary[Checker, T] = weakref.WeakKeyDictionary()

    @functools.wraps(build)
    def found(checker: Checker) -> T:
        if checker not in built:
            built[checker] = build(checker)
        return built[checker]

    return found


@functools.cache
def modules() -> tuple[ModuleType, ...]:
    """Every check, sorted by name."""
    names = sorted(item.name for item in pkgutil.iter_modules(checks.__path__) if not item.name.startswith("_"))
    return tuple(importlib.import_module(f"{checks.__name__}.{name}") for name in names)


def check(spec: Spec) -> list[Diagnostic]:
    """Everything that can be found before any request is made."""
    checker = Checker(spec)
    for module in modules():
        module.check(checker)
    return checker.diagnostics

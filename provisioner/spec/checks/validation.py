"""Checks of what the schema cannot say: addresses that fit, priorities that differ, logins that Azure accepts.

In: a ``Spec``. Out: diagnostics. No network. Entries that the schema refused are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...base.diagnostics import Diagnostic, Severity, SourceLocation, and_others
from ...base.values import Path
from ..model import Spec
from . import existing, grants, identities, machines, network, regions, roles, secrets, security, sizes, zones

_PARTS = frozenset({"subnets", "rules", "data_disks", "extensions", "federated_credentials"})
"""Keys of an entry below which stand named parts of it."""


class Checker:
    """What a check sees: the sound entries of a section, and a way to report."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._found: dict[tuple[str, SourceLocation], list[tuple[Path, Diagnostic]]] = {}

    def entries(self, *section: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Path and data of every entry of a section that the schema accepts.

        What it refuses of an entry's parts (a subnet, a disk) is left out, and the entry is there without it.
        """
        for key, value in self.spec.section(*section).items():
            path = (*section, key)
            if not isinstance(value, Mapping):
                continue
            if not self.spec.is_broken(path):
                yield path, value
            elif (sound := self._without_broken_parts(path, value)) is not None:
                yield path, sound

    def _without_broken_parts(self, path: Path, value: Mapping[str, Any]) -> Mapping[str, Any] | None:
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

    def error(self, code: str, path: Path, summary: str, reason: str = "", hint: str = "", key: bool = False) -> None:
        self._report("error", code, path, summary, reason, hint, key)

    def warn(self, code: str, path: Path, summary: str, reason: str = "", hint: str = "", key: bool = False) -> None:
        self._report("warning", code, path, summary, reason, hint, key)

    def place(self, path: Path, seen_from: Path) -> str:
        """``line 12``, of another file ``base.yaml:12``: for a reason that points at another place."""
        return self.spec.document.line_of(path, seen_from)

    def _report(
        self, severity: Severity, code: str, path: Path, summary: str, reason: str, hint: str, key: bool
    ) -> None:
        location = self.spec.document.locate(path, key=key)
        found = Diagnostic(code, summary, location, severity, reason, hint)
        self._found.setdefault((code, location), []).append((path, found))

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


def check(spec: Spec) -> list[Diagnostic]:
    """Everything that can be found before any request is made."""
    checker = Checker(spec)
    network.check(checker)
    regions.check(checker)
    zones.check(checker)
    machines.check(checker)
    sizes.check(checker)
    grants.check(checker)
    roles.check(checker)
    identities.check(checker)
    existing.check(checker)
    secrets.check(checker)
    security.check(checker)
    return checker.diagnostics

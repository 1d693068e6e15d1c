"""The validated spec.

In: nothing. Out: ``Spec``, a frozen view of the document's data after parameters, the schema and text coercion.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from ..base.diagnostics import Diagnostic
from ..base.values import Path, mapping
from .expressions.expression_parser import SECRET_PARAMETERS, UNKNOWN
from .fleets.budget import ExpansionBudget
from .parameters import secret_parameters
from .yaml.document import Document


@dataclass(frozen=True)
class Spec:
    """``data`` is schema-valid except below the paths in ``broken``; ``diagnostics`` says what is wrong so far.

    ``evaluate`` tells the value of an expression in a text that comes from another file (a template) and what is wrong
    with it, for the entry at a path. ``none`` holds the addresses of what came to nothing: with the value of all its
    members for an empty fleet, with None for an entry that its ``when`` left out. ``counted`` are the addresses of
    fleets whose members have numbers, not keys. ``budget`` holds what its fleets have made.
    """

    document: Document
    data: Mapping[str, Any]
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: frozenset[Path] = field(default_factory=frozenset)
    evaluate: Callable[[str, Path], tuple[object, list[Diagnostic]]] = lambda expression, path: (UNKNOWN, [])
    none: Mapping[str, object] = field(default_factory=dict)
    counted: Set[str] = frozenset()
    budget: ExpansionBudget = field(default_factory=ExpansionBudget)

    @property
    def deployment(self) -> str:
        return str(self.data.get("deployment", ""))

    @property
    def location(self) -> str:
        return str(self.data.get("location", ""))

    @property
    def subscription(self) -> str:
        return str(self.data.get("subscription") or "")

    @property
    def tags(self) -> Mapping[str, str]:
        return self.section("tags")

    @property
    def secrets(self) -> Mapping[str, Any]:
        return self.section("secrets")

    @functools.cached_property
    def secret_names(self) -> frozenset[str]:
        """What secrets are called in expressions: entries of ``secrets:``, and parameters that are one."""
        declared = self.document.data.get("parameters")
        found = [f"{SECRET_PARAMETERS}{name}" for name in secret_parameters(declared)]
        return frozenset([*(f"secrets.{name}" for name in self.secrets), *found])

    def section(self, *path: str) -> Mapping[str, Any]:
        """The mapping at a path, empty when it is absent or broken."""
        value: object = self.data
        for step in path:
            value = mapping(value).get(step)
        return mapping(value)

    def is_broken(self, path: Path) -> bool:
        """Whether an error lies at, below or directly above a path (and so it must not be interpreted)."""
        return path in self._above_broken or any(path[:length] in self.broken for length in range(2, len(path) + 1))

    def broken_below(self, path: Path) -> list[Path]:
        """Where errors lie at or below an entry (of a section, or of one in ``network``), or directly above it."""
        above = [path[:length] for length in range(2, len(path)) if path[:length] in self.broken]
        return above + self._broken_by_entry.get(path, [])

    @functools.cached_property
    def _broken_by_entry(self) -> dict[Path, list[Path]]:
        found: dict[Path, list[Path]] = {}
        for bad in self.broken:
            for length in {2, 3} & set(range(len(bad) + 1)):
                found.setdefault(bad[:length], []).append(bad)
        return found

    @functools.cached_property
    def _above_broken(self) -> frozenset[Path]:
        """Every path that an error lies at or below."""
        return frozenset(bad[:length] for bad in self.broken for length in range(len(bad) + 1))

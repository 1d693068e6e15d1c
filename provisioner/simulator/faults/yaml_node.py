"""A small reader of YAML that knows where everything stands.

In: text. Out: values taken out of it one by one, and a list of problems with line and column: all of them, not the
first alone.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

import yaml

Value = TypeVar("Value")


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, with its place; 1-based."""

    line: int
    column: int
    message: str
    hint: str = ""


class Part:
    """One node of the document, and where problems are noted."""

    def __init__(self, node: yaml.Node, where: str, problems: list[Problem]) -> None:
        self.node = node
        self.where = where
        self.problems = problems
        self._taken: set[str] = set()
        self._members: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = str(key.value)
                if name in self._members:
                    self._note(key, f"{name} is defined twice")
                self._members[name] = (key, value)

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    def problem(self, message: str, hint: str = "") -> None:
        self._note(self.node, message, hint)

    def _note(self, node: yaml.Node, message: str, hint: str = "") -> None:
        mark = node.start_mark
        where = f"{self.where}: " if self.where else ""
        self.problems.append(Problem(mark.line + 1, mark.column + 1, f"{where}{message}", hint))

    @property
    def is_map(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def take(self, name: str) -> Part | None:
        """The member of that name, if it is there."""
        self._taken.add(name)
        found = self._members.get(name)
        if found is None:
            return None
        return Part(found[1], f"{self.where}.{name}" if self.where else name, self.problems)

    def members(self) -> Iterator[tuple[str, Part]]:
        """Every member, in the file's order."""
        for name in list(self._members):
            found = self.take(name)
            if found is not None:
                yield name, found

    def entries(self) -> list[Part]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem("write a list here")
            return []
        return [Part(node, f"{self.where}[{index}]", self.problems) for index, node in enumerate(self.node.value)]

    def require_map(self) -> bool:
        if not self.is_map:
            self.problem("write a map here (name: value)")
        return self.is_map

    def done(self, known: Collection[str] = ()) -> None:
        """Note every member that nobody took."""
        names = sorted({*self._taken, *known})
        for name, (key, _) in self._members.items():
            if name not in self._taken:
                close = difflib.get_close_matches(name, names, n=1)
                hint = f"did you mean '{close[0]}'?" if close else f"use one of: {', '.join(names)}"
                self._note(key, f"unknown key '{name}'", hint)

    def scalar(self, name: str, read: Callable[[Part], Value | None], default: Value) -> Value:
        """A member read by a function that notes a problem and returns None for what it cannot read."""
        found = self.take(name)
        value = read(found) if found is not None else None
        return default if value is None else value

    def text(self) -> str | None:
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value:
            self.problem("write a string here")
            return None
        return str(self.node.value)

    def flag(self) -> bool | None:
        value = self._plain()
        if isinstance(value, bool):
            return value
        self.problem("write true or false here")
        return None

    def number(self, least: float = 0.0, most: float = math.inf) -> float | None:
        value = self._plain()
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.problem(
            f"write a number {f'from {least:g} to {most:g}' if most < math.inf else f'of {least:g} or more'} here"
        )
        return None

    def whole(self, least: int = 0, most: float = math.inf) -> int | None:
        value = self._plain()
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        upper = f" to {most:g}" if most < math.inf else " or more"
        self.problem(f"write a whole number, {least}{upper}, here")
        return None

    def word(self, words: Collection[str]) -> str | None:
        value = self.text()
        if value is None or value in words:
            return value
        close = difflib.get_close_matches(value, words, n=1)
        self.problem(
            f"'{value}' is not one of {', '.join(words)}", f"did you mean '{close[0]}'?" if close else ""
        )  # fmt: skip
        return None

    def texts(self) -> list[str]:
        """One text, or a list of them."""
        parts = [self] if self.is_scalar else self.entries()
        return [text for part in parts if (text := part.text()) is not None]

    def _plain(self) -> object:
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        value = yaml.safe_load(self.node.value) if self.node.style is None else None
        # YAML 1.1 has numbers such as 1e3 only with a dot and a sign.
        if isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                return None
        return None if isinstance(value, float) and not math.isfinite(value) else value

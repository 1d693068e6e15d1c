"""What a diagnostic may show of a file: never a line where a secret stands in the clear.

In: nodes or lines of a spec. Out: where secrets begin, and lines cut there. Users write passwords into specs by
mistake; the message about it (or about something else on the same line) must not carry them into a CI log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from ...base.values import Path

CUT = "…"
_NAME = r"pass(?:wor|phrase|wd|code)|pwd|secret|token|(?<!federated_)credential|private_?key|protected_settings"
_KEY = re.compile(_NAME, re.IGNORECASE)
_COLON = re.compile(r":(?:\s+|$)")
_WORD = re.compile(r"[\w.-]+")
_LONGEST_WORD = 200
_EXPRESSION = re.compile(r"\s*\$\{[^{}]*\}\s*")
_SAFE_REST = re.compile(r"""["']?\$\{[^{}]*\}["']?\s*(?=[,}\]#]|$)""")


def is_secret(path: Path) -> bool:
    """Whether what stands at a path may be a secret: something is named so on the way to it."""
    return any(isinstance(step, str) and _KEY.search(step) for step in path)


@dataclass
class Secrets:
    """Where the secrets of a document stand: ``cuts`` gives for a 0-based line the column of the first one."""

    cuts: dict[int, int] = field(default_factory=dict)
    nodes: set[int] = field(default_factory=set)


def find(root: yaml.Node) -> Secrets:
    """Every scalar below a key that names a secret, but for those that are one ``${…}``."""
    found = Secrets()
    seen: set[tuple[int, bool]] = set()
    todo: list[tuple[yaml.Node, bool]] = [(root, False)]
    while todo:
        node, secret = todo.pop()
        # An alias has the node of its anchor, which may be secret under one key and plain under another.
        if (id(node), secret) in seen:
            continue
        seen.add((id(node), secret))
        if secret:
            found.nodes.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                named = isinstance(key, yaml.ScalarNode) and _KEY.search(key.value) is not None
                todo.append((value, secret or named))
        elif isinstance(node, yaml.SequenceNode):
            todo.extend((item, secret) for item in node.value)
        elif isinstance(node, yaml.ScalarNode) and secret and node.value and not _EXPRESSION.fullmatch(node.value):
            _cut(found, node)
    return found


def _cut(found: Secrets, node: yaml.ScalarNode) -> None:
    first, last = node.start_mark, node.end_mark
    found.cuts[first.line] = min(first.column, found.cuts.get(first.line, first.column))
    for line in range(first.line + 1, last.line + (last.column > 0)):
        found.cuts[line] = 0


class Guess:
    """Where the lines of a file that cannot be parsed may hold secrets, by their keys and indents."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._around: list[int] = []

    def cut(self, line: int) -> int | None:
        """The column where a line may hold a secret; None where it does not."""
        if not self._around:
            self._around = _around(self.lines)
        at = self._around[line]
        while at >= 0:
            if next(_written(self.lines[at]), None) is not None:
                return 0
            at = self._around[at]
        text = self.lines[line]
        return next((end for end in _written(text) if end < len(text) and not _SAFE_REST.match(text, end)), None)


def _around(lines: Sequence[str]) -> list[int]:
    """For each line the nearest one above that is indented less; -1 where there is none."""
    found: list[int] = []
    still: list[int] = []
    for line, text in enumerate(lines):
        if not text.strip():
            found.append(-1)
            continue
        while still and _indent(lines[still[-1]]) >= _indent(text):
            still.pop()
        found.append(still[-1] if still else -1)
        still.append(line)
    return found


def _written(text: str) -> Iterator[int]:
    """Where values begin behind keys that name a secret. A word too long to be looked at may be one."""
    for colon in _COLON.finditer(text):
        begin = max(0, colon.start() - _LONGEST_WORD)
        before = text[begin : colon.start()].rstrip()
        before = before[:-1] if before.endswith(("'", '"')) else before
        word = _WORD.match(before[::-1])
        key = word.group()[::-1] if word else ""
        if _KEY.search(key) or (begin and len(key) == len(before)):
            yield colon.end()


def _indent(text: str) -> int:
    """The column of a line's first word; that of a list's item is behind the dash."""
    return len(text) - len(text.lstrip(" -"))

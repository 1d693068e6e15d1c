"""YAML text to a tree that knows where each part of it stands, anchors and styles included.

In: the text of one document. Out: ``Node``; lines and columns count from 0. PyYAML's own nodes forget
anchors, and which name a value is an alias of, so the tree is made from its events.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_PROPERTY = re.compile(r"[&!][^\s{}\[\],]*")
_SPACE = re.compile(r"(?:\s|#[^\n]*(?=\n|$))*")
_HEADER = re.compile(r"([|>])([-+]?)([1-9]?)([-+]?)")


class CannotFormatError(Exception):
    """A text that is laid out in a way that is not worth to be understood; in words."""


@dataclass
class Node:
    """``start`` and ``end`` are positions in the text, behind anchors and tags (``properties``), which begin on
    ``first_line``.

    ``style`` is the quote or ``|`` or ``>`` of a scalar; ``children`` are items, or keys and values in turn.
    """

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    end: int
    line: int
    column: int
    last_line: int
    first_line: int
    properties: str = ""
    value: str = ""
    style: str = ""
    flow: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def pairs(self) -> Iterator[tuple[Node, Node]]:
        return zip(self.children[::2], self.children[1::2], strict=True)

    @property
    def is_block(self) -> bool:
        return self.kind in ("mapping", "sequence") and not self.flow


@dataclass
class Tree:
    """``start_line`` is that of ``---``, or -1."""

    text: str
    lines: list[str]
    root: Node
    start_line: int


def read(text: str) -> Tree:
    """The tree of a text that ``spec.document`` accepts, with ``\\n`` as its only line ends.

    Raises:
        CannotFormatError: it has something in it that this room does not know.
    """
    reader = _Reader(text)
    events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    start_line, root = -1, None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and event.explicit:
            mark: Any = event.end_mark
            start_line = mark.line
        if isinstance(event, yaml.NodeEvent):
            root = reader.node(event, events)
    if root is None:
        raise CannotFormatError("it is empty")
    return Tree(text, reader.lines, root, start_line)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def node(self, event: Any, events: Iterator[yaml.Event]) -> Node:
        start, end = self._at(event.start_mark), self._at(event.end_mark)
        first = event.start_mark.line
        line, column, last = event.start_mark.line, event.start_mark.column, event.end_mark.line
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start, end, line, column, last, first, value=self.text[start:end])
        properties = []
        while event.anchor is not None or event.tag is not None:
            found = _PROPERTY.match(self.text, start)
            if found is None:
                break
            properties.append(found.group())
            start = self._behind(found.end())
        if properties:
            line, column = self._place(start)
        written = " ".join(properties)
        if isinstance(event, yaml.ScalarEvent):
            if properties and end <= start:
                # Nothing but an anchor or a tag: the value is empty.
                return Node("scalar", end, end, last, column, last, first, written)
            style = event.style or ""
            if style in ("|", ">"):
                end, last = self.starts[line + 1] - 1, line
            return Node("scalar", start, end, line, column, last, first, written, event.value, style)
        kind: Literal["mapping", "sequence"] = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        node = Node(kind, start, end, line, column, last, first, written, flow=bool(event.flow_style))
        for child in events:
            if isinstance(child, yaml.CollectionEndEvent):
                mark: Any = child.end_mark
                node.end, node.last_line = self._at(mark), mark.line
                return node
            node.children.append(self.node(child, events))
        raise CannotFormatError("it has no end")

    def _at(self, mark: Any) -> int:
        line: int = min(mark.line, len(self.starts) - 1)
        return self.starts[line] + int(mark.column)

    def _behind(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect.bisect_right(self.starts, at) - 1
        return line, at - self.starts[line]


@dataclass(frozen=True)
class BlockText:
    """A ``|`` or ``>`` scalar: its header, the comment behind that, and its lines without their indent.

    ``keeps`` says that the blank lines at its end belong to it (``|+``).
    """

    header: str
    comment: str
    lines: list[str]
    last_line: int
    keeps: bool


def block_text(tree: Tree, node: Node, parent_column: int) -> BlockText:
    """What a block scalar holds; ``parent_column`` is that of the mapping or list that it stands in."""
    rest = tree.lines[node.line][node.column :]
    found = _HEADER.match(rest)
    if found is None:
        raise CannotFormatError("a block of text without its indicator")
    sign, before, digit, behind = found.groups()
    chomping = before or behind
    at = node.line + 1
    end = len(tree.lines) - (tree.lines[-1] == "")
    indent = (
        parent_column + int(digit) if digit else _indent(map(tree.lines.__getitem__, range(at, end)), parent_column)
    )
    taken = []
    for line in map(tree.lines.__getitem__, range(at, end)):
        if line.strip(" ") and len(line) - len(line.lstrip(" ")) < indent:
            break
        taken.append(line[indent:])
    while taken and not taken[-1] and chomping != "+":
        taken.pop()
    if taken and at + len(taken) == len(tree.lines):
        # Without a line end at the end of the file the text has none either.
        chomping = "-"
    comment = rest[found.end() :].strip()
    header = f"{sign}{'2' if digit else ''}{chomping}"
    return BlockText(header, comment, taken, node.line + len(taken), chomping == "+")


def _indent(lines: Iterable[str], parent_column: int) -> int:
    for line in lines:
        if line.strip(" "):
            return max(len(line) - len(line.lstrip(" ")), parent_column + 1)
    return parent_column + 1

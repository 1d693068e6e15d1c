"""A tree and its comments to lines: two spaces a level, ``key: value``, comments where they were.

In: a tree. Out: lines. Block stays block and flow stays flow; a flow value of several
lines keeps its breaks.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import comments, scalar_text
from .tree import CannotFormatError, Node, Tree, block_text

STEP = "  "


@dataclass(frozen=True)
class Level:
    """A block collection: where it stood, and how deep it stands now."""

    column: int
    depth: int


class Writer:
    """Writes one document. ``entries`` are the lines on which the root's keys begin; ``kept`` are lines that end a
    block of text to which the blank lines behind it belong."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._comments = comments.find(tree)
        self._next = 0
        self._open: list[Level] = []
        self._last: list[Level] = []
        self.lines: list[str] = []
        self.entries: list[int] = []
        self.kept: set[int] = set()

    def document(self) -> list[str]:
        """The lines of the whole document."""
        root = self._tree.root
        if root.is_block:
            self._block(root, 0, inline=False)
        else:
            self._skip_to(root.line, 0)
            self.lines.append("")
            self._value(root, 0)
        self._skip_to(len(self._tree.lines), 0, 0)
        return self.lines

    def _skip_to(self, line: int, depth: int, column: int = -1, first: bool = False) -> None:
        """Write the comments above a line. One that was indented deeper than what follows stays with what is above."""
        deeper = [level for level in self._last if 0 <= column < level.column]
        while self._next < len(self._comments) and self._comments[self._next].line < line:
            comment = self._comments[self._next]
            self._next += 1
            if not comment.own:
                self._attach(comment)
                continue
            if not comment.text:
                self._blank(first)
                continue
            first = False
            if comment.column <= column:
                deeper = []
            fitting = [level.depth for level in deeper if level.column <= comment.column]
            self.lines.append(STEP * max([depth, *fitting]) + comment.text)

    def _attach(self, comment: comments.Comment) -> None:
        if self.lines:
            self.lines[-1] += " " * comment.gap + comment.text
        else:
            self.lines.append(comment.text)

    def _blank(self, first: bool) -> None:
        is_text = len(self.lines) - 1 in self.kept
        if self.lines and self.lines[-1] and not first and not is_text:
            self.lines.append("")

    def _hoist(self, start: int, end: int) -> None:
        """Write comments between a key and its value above the line that has been begun."""
        at = self._next
        kept, moved = [], []
        while at < len(self._comments) and self._comments[at].line < end:
            comment = self._comments[at]
            if comment.line <= start or not comment.own:
                kept.append(comment)
            elif comment.text:
                moved.append(comment.text)
            at += 1
        self._next = at - len(kept)
        self._comments[self._next : at] = kept
        line = self.lines[-1]
        indent = line[: len(line) - len(line.lstrip(" "))] if line.strip() else line
        above = len(self.lines) - 1
        self.lines[above:above] = [indent + text for text in moved]

    def _block(self, node: Node, depth: int, inline: bool) -> None:
        """A block collection; ``inline`` says that its first entry goes on with the line that is there."""
        self._open.append(Level(node.column, depth))
        entries = list(node.pairs) if node.kind == "mapping" else [(item, item) for item in node.children]
        for index, (key, value) in enumerate(entries):
            if index or not inline:
                is_first = index == 0 and len(self._open) > 1
                self._skip_to(_first_line(key), depth, node.column, is_first)
                self.lines.append(STEP * depth)
            if not value.is_block:
                self._hoist(key.line, value.line)
            if len(self._open) == 1:
                self.entries.append(len(self.lines) - 1)
            self._last = list(self._open)
            if node.kind == "mapping":
                self._key(key, in_flow=False)
                self._entry(value, depth)
            else:
                self._item(value, depth)
        self._open.pop()

    def _key(self, key: Node, in_flow: bool) -> None:
        if key.kind not in ("scalar", "alias") or key.line != key.last_line or key.style in ("|", ">"):
            raise CannotFormatError(f"line {key.line + 1}: a key in several lines")
        if key.properties:
            self.lines[-1] += key.properties + " "
        if key.kind == "alias":
            self.lines[-1] += key.value + " :"
            return
        raw = self._tree.text[key.start : key.end]
        self.lines[-1] += scalar_text.shortest(raw, key.value, key.style, in_flow, is_key=True) + ":"

    def _entry(self, value: Node, depth: int) -> None:
        """What stands behind ``key:``."""
        if not value.is_block:
            self._value(value, depth, " ")
            return
        if value.properties:
            self.lines[-1] += " " + value.properties
        self._block(value, depth + 1, inline=False)

    def _item(self, value: Node, depth: int) -> None:
        """What stands behind a dash."""
        self.lines[-1] += "-"
        if not value.is_block:
            self._value(value, depth, " ")
        elif value.properties:
            self.lines[-1] += " " + value.properties
            self._block(value, depth + 1, inline=False)
        else:
            self.lines[-1] += " "
            self._block(value, depth + 1, inline=True)

    def _value(self, value: Node, depth: int, before: str = "", in_flow: bool = False) -> None:
        """A scalar or a flow collection, in the line that is there."""
        if value.properties:
            self.lines[-1] += before + value.properties
            before = " "
        if value.kind == "alias":
            self.lines[-1] += before + value.value
        elif value.kind != "scalar":
            self.lines[-1] += before
            self._flow(value, depth)
        elif value.style in ("|", ">"):
            self._block_text(value, depth, before)
        elif value.end > value.start:
            raw = self._tree.text[value.start : value.end]
            first, *rest = raw.split("\n")
            if not rest:
                self.lines[-1] += before + scalar_text.shortest(raw, value.value, value.style, in_flow, is_key=False)
                return
            self.lines[-1] += before + first.rstrip()
            for line in rest:
                self.lines.append((STEP * (depth + 1) + line.strip()).rstrip())
        elif in_flow:
            # A tag, and a key without a value, go on up to a space.
            self.lines[-1] += " "

    def _block_text(self, value: Node, depth: int, before: str) -> None:
        column = self._open[-1].column if self._open else 0
        text = block_text(self._tree, value, column)
        self.lines[-1] += before + text.header + (f"  {text.comment}" if text.comment else "")
        # The comment of a key whose text begins on a later line belongs to the line of the key.
        self._skip_to(value.line + 1, depth)
        self.lines += [STEP * (depth + 1) + line if line else "" for line in text.lines]
        if text.keeps:
            self.kept.add(len(self.lines) - 1)

    def _flow(self, node: Node, depth: int) -> None:
        """A flow collection; ``depth`` is that of the line that it begins on."""
        opening = self._tree.text[node.start]
        bare = opening not in "[{"
        if not bare:
            self.lines[-1] += opening
        entries = list(node.pairs) if node.kind == "mapping" else [(None, item) for item in node.children]
        line, inner = node.line, depth
        for index, (key, value) in enumerate(entries):
            head = key or value
            if index:
                self.lines[-1] += ","
            if head.line > line:
                inner = depth + 1
                self._skip_to(head.line, inner, first=index == 0)
                self.lines.append(STEP * inner)
            elif index:
                self.lines[-1] += " "
            if key is not None:
                self._key(key, in_flow=True)
            self._value(value, inner, " " if key is not None else "", in_flow=True)
            line = max(value.last_line, head.last_line)
        if bare:
            return
        if node.last_line > line:
            if entries:
                self.lines[-1] += ","
            self._skip_to(node.last_line, depth + 1)
            self.lines.append(STEP * depth)
        self.lines[-1] += self._tree.text[node.end - 1]


def _first_line(node: Node) -> int:
    """The line of what a dash's own line will hold."""
    while node.is_block and not node.properties:
        node = node.children[0]
    return node.first_line

"""The comments and blank lines of a text: all that stands outside of its values.

In: a tree. Out: a ``Comment`` for each, blank lines too, in order. A ``#`` outside of every scalar begins a comment.
"""

from __future__ import annotations

from dataclasses import dataclass

from .tree import Node, Tree, block_text

_GAP = 2


@dataclass(frozen=True)
class Comment:
    """``own`` says that nothing else is on its line; ``gap`` counts the spaces before it where something is.

    A blank line is a comment without a text.
    """

    line: int
    column: int
    text: str
    own: bool
    gap: int = _GAP


def find(tree: Tree) -> list[Comment]:
    """Every comment and blank line below the ``---``, by line."""
    spans: list[tuple[int, int, int]] = []
    _spans(tree, tree.root, 0, spans)
    spans.append((len(tree.text), len(tree.text), 0))
    found: list[Comment] = []
    at = line = 0
    for start, end, last_line in spans:
        found += _between(tree.text, at, start, line)
        at, line = end, last_line
    return [comment for comment in found if comment.line > tree.start_line]


def _spans(tree: Tree, node: Node, column: int, spans: list[tuple[int, int, int]]) -> None:
    """Where the scalars are, in order, and the line that each ends on; a block of text with all of its lines."""
    if node.kind in ("mapping", "sequence"):
        for child in node.children:
            _spans(tree, child, node.column, spans)
    elif node.style in ("|", ">"):
        text = block_text(tree, node, column)
        end = node.start + len(tree.lines[node.line]) - node.column
        end += sum(len(line) + 1 for line in tree.lines[node.line + 1 : text.last_line + 1])
        spans.append((node.start, end, text.last_line))
    elif node.end > node.start:
        spans.append((node.start, node.end, node.last_line))


def _between(text: str, start: int, end: int, line: int) -> list[Comment]:
    found: list[Comment] = []
    at = start
    while at <= end:
        begin = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        sign = text.find("#", at, min(stop, end))
        if sign >= 0:
            before = text[begin:sign]
            gap = len(before) - len(before.rstrip())
            # A comment behind a dash or comma alone goes into a line of its own.
            own = not before.strip(" -,")
            column = len(before) - len(before.lstrip(" ")) if own else sign - begin
            found.append(Comment(line, column, text[sign:stop].rstrip(), own, max(gap, _GAP)))
        elif stop <= end and not text[begin:stop].strip() and stop < len(text):
            found.append(Comment(line, 0, "", own=True))
        at = stop + 1
        line += 1
    return found

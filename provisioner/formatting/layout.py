"""The one layout of a spec: its sections in the order of the schema, and a blank line around those of several lines.

In: a document. Out: its text, laid out. The data is the same before and after, down to the text of its plain scalars;
what cannot be laid out so is refused, never written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from ..base.diagnostics import SpecError
from ..spec.schema.schema import bundled
from ..spec.yaml import document as documents
from ..spec.yaml import scalars
from . import tree
from .tree import CannotFormatError
from .writer import Writer

__all__ = ["CannotFormatError", "formatted"]


_PASSES = 4


@dataclass
class _Section:
    """``above`` are the comments above it; ``apart`` says that a blank line stood before those."""

    key: str
    above: list[str]
    lines: list[str]
    apart: bool
    keeps: bool = False


def formatted(raw: bytes, file: str) -> str:
    """The text of a spec, laid out.

    Raises:
        SpecError: it is no YAML that this tool reads.
        CannotFormatError: it cannot be laid out; in words.
    """
    found = _laid_out(raw, file)
    # A comment between indents may belong to another line once the lines around it have moved.
    for _ in range(_PASSES):
        again = _laid_out(found.encode(), file)
        if again == found:
            return found
        found = again
    raise CannotFormatError("its comments are in positions that no layout keeps")


def _laid_out(raw: bytes, file: str) -> str:
    before = documents.parse(raw, file, documents.OVERLAY_TAGS)
    text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    if set(text) & set("\x85\u2028\u2029"):
        raise CannotFormatError("it has line ends in it that only some programs know (U+0085, U+2028, U+2029)")
    wanted = list(_meaning(before.root))
    for in_order in (True, False):
        found = "\n".join(_lines(tree.read(text), in_order)) + "\n"
        try:
            after = documents.parse(found.encode(), file, documents.OVERLAY_TAGS)
        except SpecError:
            continue
        same_order = list(_meaning(after.root)) == wanted
        if same_order or (in_order and _sections(after) == _sections(before)):
            return found
    raise CannotFormatError("its data would not be the same; nothing was written")


def _sections(document: documents.Document) -> dict[str, list[Any]]:
    assert isinstance(document.root, yaml.MappingNode)
    return {key.value: list(_meaning(value)) for key, value in document.root.value}


def _meaning(node: yaml.Node) -> Iterator[Any]:
    """All that a node says, without its layout: a plain scalar that is no text by its source too."""
    if isinstance(node, yaml.ScalarNode):
        is_text = bool(node.style) or isinstance(scalars.resolve(node.value), str)
        yield ("text" if is_text else "plain", node.tag if node.tag.startswith("!") else "", node.value)
        return
    yield (type(node).__name__, len(node.value))
    for child in node.value:
        for part in child if isinstance(child, tuple) else (child,):
            yield from _meaning(part)


def _lines(read: tree.Tree, in_order: bool) -> list[str]:
    writer = Writer(read)
    lines = writer.document()
    head = [line.rstrip() for line in read.lines[: read.start_line + 1]]
    if not writer.entries:
        return [*head, *lines]
    header, sections, footer = _split(read, lines, writer)
    if in_order:
        properties = bundled()["properties"]
        order = list(properties) if isinstance(properties, dict) else []
        sections.sort(key=lambda section: order.index(section.key) if section.key in order else len(order))
    return [*head, *_joined(header, sections, footer)]


def _split(read: tree.Tree, lines: list[str], writer: Writer) -> tuple[list[str], list[_Section], list[str]]:
    """The head of the file with the blank line below it, its sections, and what is below the last of them."""
    bounds = [*writer.entries, len(lines)]
    begins = [_lead(lines, bounds[at - 1] + 1 if at else 0, bound, writer.kept) for at, bound in enumerate(bounds)]
    sections = []
    for at, key in enumerate(read.root.children[::2]):
        above = lines[begins[at] : bounds[at]]
        apart = bool(above) and not above[0]
        body = lines[bounds[at] : begins[at + 1]]
        keeps = begins[at + 1] - 1 in writer.kept
        sections.append(_Section(key.value, above[1:] if apart else above, body, apart, keeps))
    first = sections[0]
    blanks = [at for at, line in enumerate(first.above) if not line]
    end = blanks[-1] if blanks else len(first.above)
    header = first.above[: end + 1]
    first.apart, first.above = bool(blanks), first.above[end + 1 :]
    return header, sections, lines[begins[-1] :]


def _lead(lines: list[str], start: int, end: int, kept: set[int]) -> int:
    """Where the comments begin that stand directly above a line, from the left edge."""
    at = end
    while at > start and (not lines[at - 1] or lines[at - 1].startswith("#")) and at - 1 not in kept:
        at -= 1
    return at


def _joined(header: Sequence[str], sections: Sequence[_Section], footer: list[str]) -> list[str]:
    lines = list(header)
    above: _Section | None = None
    for section in sections:
        wants = section.apart or len(section.lines) > 1 or (above is not None and len(above.lines) > 1)
        if above is not None and not above.keeps and wants:
            lines.append("")
        lines += [*section.above, *section.lines]
        above = section
    while footer and not footer[-1]:
        footer.pop()
    return lines + footer

"""The blocks of a page: what is in a fence, and the comments right before it.

A comment says what a test does with a block, and a reader does not see it:

``<!-- file: web.yaml -->``      write the block to this file
``<!-- append: web.yaml -->``    append it to this file
``<!-- exit: 65 -->``            its last command ends with this exit code
``<!-- output -->``              its lines are in what the commands before it printed; … stands for anything
``<!-- instead: COMMAND -->``    run this command instead, for example of a command that only Azure has
``<!-- not run: REASON -->``     nothing is done with it

In ``sh``, a line that begins with ``#>`` is in what the command before it prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!-- ([\w ]+?)(?:: ((?:(?!-->).)*?))? -->$", re.DOTALL)
_KNOWN = {"file", "append", "exit", "output", "instead", "not run", "command"}


@dataclass(frozen=True)
class Block:
    """``marks`` are the comments by name; ``line`` is that of its fence."""

    language: str
    text: str
    line: int
    marks: dict[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        """Whether a test does something with it."""
        return "not run" not in self.marks and ("output" in self.marks or self.language in ("sh", "yaml", "json"))


def blocks(page: str) -> list[Block]:
    """All blocks of a page, in order."""
    found = []
    for match in _FENCE.finditer(page):
        indent, language, body = match.groups()
        text = re.sub(f"^{indent}", "", body, flags=re.MULTILINE)
        line = page.count("\n", 0, match.start()) + 1
        found.append(Block(language, text, line, _marks(page[: match.start()])))
    return found


def _marks(before: str) -> dict[str, str]:
    marks: dict[str, str] = {}
    before = before.rstrip()
    while comment := _COMMENT.search(before):
        assert comment[1] in _KNOWN, f"unknown mark: {comment[0]}"
        marks[comment[1]] = (comment[2] or "").strip()
        before = before[: comment.start()].rstrip()
    return marks


def steps(text: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("#> "):
            found[-1][1].append(line.removeprefix("#> "))
        elif line.strip() and not line.startswith("#"):
            found.append((line, []))
    return found

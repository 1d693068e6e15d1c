"""Warnings that a comment in the spec silences: ``# provisioner: ignore PV2904``.

In: a document and diagnostics. Out: those that stay. A comment behind something counts for its line, one that stands
alone for the next line that is no comment. Errors cannot be silenced; a comment that silences nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...base.diagnostics import Diagnostic
from ...base.reporting import warning
from .document import Document
from .source import Source

_BETWEEN = r"(?:,\s+|\s+(?:,\s+)?)"
_COMMENT = re.compile(
    rf"(?:^|\s)#\s*provisioner:\s*ignore\s+(?P<codes>PV\d{{4}}(?:{_BETWEEN}PV\d{{4}})*)\s*(?:$|[:.(])"
)
_CODE = re.compile(r"PV\d{4}")


def remaining(document: Document, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that no comment silences, and a warning for each comment that is of no use."""
    sources = {source.file: source for source in document.sources}
    silenced = {(file, *key): place for file, source in sources.items() for key, place in _silenced(source).items()}
    if not silenced:
        return list(diagnostics)
    used: set[tuple[str, int, str]] = set()
    stay = []
    for item in diagnostics:
        key = (item.location.file, item.location.line, item.code)
        if item.severity == "warning" and key in silenced:
            used.add(key)
        else:
            stay.append(item)
    for key, (line, column) in silenced.items():
        if key not in used:
            location = sources[key[0]].at(line, column)
            summary = f"the warning {key[2]} to ignore does not occur here"
            stay.append(warning("PV1011", summary, location, hint="delete the comment"))
    return stay


def _silenced(source: Source) -> dict[tuple[int, str], tuple[int, int]]:
    """Line (from 1) and code of what is silenced, with the place (from 0) of the comment that says so."""
    found: dict[tuple[int, str], tuple[int, int]] = {}
    below = len(source.lines) - 1
    # From the end, so that `below` is the next line that is no comment.
    for number in range(len(source.lines) - 1, -1, -1):
        line = source.lines[number]
        if not line.lstrip().startswith("#"):
            below = number
        comment = _COMMENT.search(line) if "provisioner:" in line else None
        if comment is None:
            continue
        target = number if line[: comment.start()].strip() else below
        for code in _CODE.findall(comment["codes"]):
            found.setdefault((target + 1, code), (number, line.index("#", comment.start())))
    return found

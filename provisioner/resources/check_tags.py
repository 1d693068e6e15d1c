"""Tags: names that Azure or the program keeps for itself, names that are one, and their number.

In: the tags of the deployment and of one entry. Out: diagnostics. Sources:
https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (50 tags, names without case),
https://learn.microsoft.com/rest/api/resources/tags/create-or-update (reserved prefixes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..base.diagnostics import Diagnostic, Severity
from ..base.values import Path
from ..spec.model import Spec
from .entry import Entry
from .reserved_tags import is_reserved

_MOST = 50
_MARKS = 2
"""Tags that the program writes on everything: whose it is, and what it was made from."""
_RESERVED = ("azure", "microsoft", "windows")


def check(spec: Spec, entry: Entry, common: Mapping[str, object]) -> list[Diagnostic]:
    """What is wrong with the tags of an entry beside those of the deployment."""
    own: Mapping[str, object] = entry.data["tags"]
    path = (*entry.path, "tags")
    found = list(_names(spec, path, own, common))
    is_protected = bool(entry.data.get("lifecycle", {}).get("prevent_destroy"))
    count, room = len({name.lower() for name in (*common, *own)}), _MOST - _MARKS - is_protected
    if count > room:
        reason = f"Azure takes {_MOST} on a resource, and {_MOST - room} are the program's own."
        hint = "put several values into one tag, or take some away"
        found.append(_told(spec, path, "PV2004", f"{count} tags, with those of the deployment", reason, hint))
    return found


def _names(spec: Spec, path: Path, own: Mapping[str, object], common: Mapping[str, object]) -> Iterator[Diagnostic]:
    known = {name.lower(): name for name in common}
    for name in own:
        at = (*path, name)
        other = known.setdefault(name.lower(), name)
        if other != name:
            reason = "Azure tells names of tags apart by their letters, not by their case."
            hint = f"write it as {other}" if other in common else "keep one of the two"
            yield _told(spec, at, "PV2003", f'the tags "{other}" and "{name}" are one', reason, hint)
        elif is_reserved(name):
            reason = "By tags of this name the program knows its resources again."
            yield _told(spec, at, "PV2003", f'the tag "{name}" is the program\'s own', reason, "choose another name")
        elif name.lower().startswith(_RESERVED):
            reason = f"Azure keeps names that begin with {', '.join(_RESERVED)} for itself."
            hint = "choose another name"
            yield _told(spec, at, "PV2005", f'the tag "{name}" begins with a reserved word', reason, hint, "warning")


def _told(
    spec: Spec, at: Path, code: str, summary: str, reason: str, hint: str, severity: Severity = "error"
) -> Diagnostic:
    return Diagnostic(code, summary, spec.document.locate(at, key=True), severity, reason, hint)

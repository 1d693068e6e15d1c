"""Tags: names that Azure or the program keeps for itself, names that are one, and their number.

In: the tags of the deployment and of one entry. Out: diagnostics. Sources:
https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (50 tags, names without case),
https://learn.microsoft.com/rest/api/resources/tags/create-or-update (reserved prefixes).
"""

from __future__ import annotations

from collections.abc import Mapping

from ..base.diagnostics import Diagnostic
from ..base.reporting import Reporter
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
    reporter = Reporter(spec.document.locate)
    _names(reporter, path, own, common)
    is_protected = bool(entry.data.get("lifecycle", {}).get("prevent_destroy"))
    count, room = len({name.lower() for name in (*common, *own)}), _MOST - _MARKS - is_protected
    if count > room:
        summary = f"{entry.address} has {count} tags, including those of the deployment"
        reason = f"Azure allows {_MOST} on a resource, and provisioner uses {_MOST - room} of them."
        hint = "combine several values into one tag, or remove some"
        reporter.error("PV2004", summary, *path, reason=reason, hint=hint, key=True)
    return reporter.reported


def _names(reporter: Reporter, path: Path, own: Mapping[str, object], common: Mapping[str, object]) -> None:
    known = {name.lower(): name for name in common}
    for name in own:
        at = (*path, name)
        other = known.setdefault(name.lower(), name)
        if other != name:
            summary = f'the tags "{other}" and "{name}" are the same in Azure'
            reason = "Azure tag names are not case-sensitive."
            hint = f"write it as {other}" if other in common else "keep one of the two"
            reporter.error("PV2003", summary, *at, reason=reason, hint=hint, key=True)
        elif is_reserved(name):
            summary = f'the tag "{name}" is reserved for provisioner'
            reason = "provisioner recognizes its resources by tags of this name."
            reporter.error("PV2003", summary, *at, reason=reason, hint="choose another name", key=True)
        elif name.lower().startswith(_RESERVED):
            summary = f'the tag "{name}" begins with a reserved word'
            reason = f"Azure reserves names that begin with {', '.join(_RESERVED)}."
            reporter.warning("PV2005", summary, *at, reason=reason, hint="choose another name", key=True)

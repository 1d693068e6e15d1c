"""What a plan does about an object whose last operation failed, and the reason that Azure gives.

In: a kind and an object's ARM body, with its instance view where it has one. Out: how it is mended, and why. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.values import Body
from ..resources import reserved_tags
from ..resources.facts import Repair
from ..resources.resource import Resource
from .reasons import Reason, ReasonCode

_LONGEST_REASON = 400


def reason(mend: Repair, body: Body) -> Reason:
    """Why an object is written although nothing differs."""
    why = "; ".join(f"{code}: {text}" if code else text for code, text in failures(body))[:_LONGEST_REASON]
    detail = f": {why}" if why else ""
    if mend.why:
        # Azure's message often ends with a stop, which would stand before the semicolon.
        detail = f"{detail.removesuffix('.')}; {mend.why}"
    return Reason(ReasonCode.LAST_OPERATION_FAILED, detail)


def mend(resource: Resource, body: Body, is_locked: bool) -> Repair:
    """How an object is mended; one that may not be deleted is written again."""
    found = resource.kind.replacement.repair([code for code, _ in failures(body)])
    is_kept = is_locked or _is_kept(resource.lifecycle, body)
    return Repair() if found.how != "write" and is_kept else found


def failures(body: Body) -> list[tuple[str, str]]:
    """What Azure's instance view says: (code, message), the code empty where it only repeats that it failed."""
    view = (body.get("properties") or {}).get("instanceView") or {}
    found = []
    for item in [view, view.get("vmAgent") or {}]:
        for status in [*(item.get("statuses") or ()), *(item.get("substatuses") or ())]:
            if status.get("level") == "Error":
                code = str(status.get("code", "")).removeprefix("ProvisioningState/").removeprefix("failed/")
                text = " ".join(str(status.get("message") or status.get("displayStatus") or "").split())
                found.append(("" if code == "failed" else code, text))
    return found


def _is_kept(lifecycle: Mapping[str, Any], body: Body) -> bool:
    is_protected = lifecycle.get("prevent_destroy") or reserved_tags.PROTECT_TAG in (body.get("tags") or {})
    return bool(is_protected) or lifecycle.get("replace") == "never"

"""Whether the last operation on an object succeeded. In: an ARM body. Out: the answer. Pure."""

from __future__ import annotations

from ..base.values import Body


def has_failed(body: Body) -> bool:
    """Whether the last operation on an object did not succeed."""
    return str((body.get("properties") or {}).get("provisioningState", "")).lower() in ("failed", "canceled")

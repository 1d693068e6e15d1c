"""Whether a machine runs, by its instance view (REST "Virtual Machines - Instance View", ``PowerState/…``).

In: a machine's ARM body. Out: its power state. Pure.
"""

from __future__ import annotations

from ..base.values import Body

OFF = frozenset({"stopped", "stopping", "deallocated", "deallocating"})
_STATE = "PowerState/"


def state(body: Body) -> str:
    """``running``, ``deallocated``, …: what a machine's instance view says; empty where it says nothing."""
    view = (body.get("properties") or {}).get("instanceView") or {}
    codes = [str(status.get("code", "")) for status in view.get("statuses") or ()]
    return next((code.removeprefix(_STATE) for code in codes if code.startswith(_STATE)), "")

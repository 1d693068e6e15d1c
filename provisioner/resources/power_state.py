"""Whether a machine runs, by its instance view (REST "Virtual Machines - Instance View", ``PowerState/…``).

In: a machine's ARM body, or how a change says that the power state changes. Out: power states. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..base.values import Body
from .reserved_tags import STOPPED_TAG
from .steps import SeenDifference

RUNNING, DEALLOCATED = "running", "deallocated"
OFF = frozenset({"stopped", "stopping", DEALLOCATED, "deallocating"})
PATH = "power state"
"""The path of the difference in which a change shows that it starts or stops a machine."""
_STATE = "PowerState/"
_AND_BACK = f"{DEALLOCATED}, then {RUNNING}"


@dataclass(frozen=True)
class Switch:
    """``before``: the state in which the machine is found; ``stops`` and ``starts``: what the change does about it."""

    before: str
    stops: bool
    starts: bool

    @property
    def after(self) -> str:
        """As a difference shows it."""
        if not self.stops:
            return RUNNING
        return _AND_BACK if self.starts else DEALLOCATED


def state(body: Body) -> str:
    """``running``, ``deallocated``, …: what a machine's instance view says; empty where it says nothing."""
    view = (body.get("properties") or {}).get("instanceView") or {}
    codes = [str(status.get("code", "")) for status in view.get("statuses") or ()]
    return next((code.removeprefix(_STATE) for code in codes if code.startswith(_STATE)), "")


def switch(differences: Iterable[SeenDifference]) -> Switch | None:
    """How a change switches its machine; None where it does not."""
    for item in differences:
        if item.path == PATH:
            return Switch(str(item.before), item.after != RUNNING, item.after != DEALLOCATED)
    return None


def is_owed(machine: Body | None) -> bool:
    """Whether a run has stopped a machine, and has not started it again since."""
    return STOPPED_TAG in ((machine or {}).get("tags") or {})

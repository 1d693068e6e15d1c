"""What a plan does about an object that exists.

In: how it differs from the spec, and how it is repaired where its last operation failed. Out: an action and why. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..base.values import Body
from ..comparison.differences import Difference
from ..resources.facts import Impact, Repair
from . import repair
from .plan import Action
from .reasons import Reason, ReasonCode


@dataclass(frozen=True)
class Decision:
    """``impact``: of a replace that loses nothing, since what exists has failed; else the change's own grade counts."""

    action: Action
    reasons: tuple[Reason, ...] = ()
    impact: Impact = "none"


def decide(found: Sequence[Difference], failed: Repair | None, actual: Body) -> Decision:
    """The least that removes the differences and repairs the object.

    Args:
        failed: how the object is repaired; None where its last operation succeeded.
    """
    if not found and failed is None:
        return Decision("no-op")
    why = (repair.reason(failed, actual),) if failed is not None else ()
    immutable = [item.path for item in found if item.immutable]
    if not immutable and (failed is None or failed.how == "write"):
        return Decision("update", why)
    # An immutable property names the reason even of a failed object: it would be replaced without the failure too.
    if immutable:
        why = (Reason(ReasonCode.IMMUTABLE_PROPERTIES, ", ".join(immutable)),)
    loses_nothing = failed is not None and failed.how == "remake"
    return Decision("replace", why, "live" if loses_nothing else "none")

"""Why a change is in the plan: a code for programs, and beside it the sentence for people.

In: nothing. Out: ``Reason`` values. A reason explains a decision that was made elsewhere; nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class ReasonCode(Enum):
    """Each code with its sentence; ``{}`` is where the detail of a reason goes."""

    # Nothing is done.
    READ_ONLY = "read only"
    GRANTED_ALREADY = "granted already under another name"
    GROUP_IS_SHARED = "kept, since it contains resources that this deployment does not own"

    # A create.
    MAY_EXIST = "it might exist: you have no permission to list the resources at its scope"
    PARENT_REPLACED = "the resource that contains it is replaced"

    # An update or a replace.
    IMMUTABLE_PROPERTIES = "{} cannot be changed in place"
    DEPENDENCY_REPLACED = "{} is replaced"
    DEPENDENCY_RECREATED = "it still refers to an earlier {}, which no longer exists"
    LAST_OPERATION_FAILED = "its last operation did not succeed{}"

    # An update of a machine that is switched on or off.
    STARTED_FOR_EXTENSIONS = "it is {}, and extensions change only on a running VM"
    STOPPED_BY_EARLIER_RUN = "an earlier run stopped it for a change, and did not start it again"
    STOPPED = "it is stopped for this change"
    STOPPED_AND_STARTED = "it is stopped for this change and started again"

    # A delete.
    NOT_IN_SPEC = "it is no longer in the spec"
    DESTROYED = "destroy"
    DELETED_WITH_GROUP = "it is deleted with its resource group"


@dataclass(frozen=True)
class Reason:
    """``detail`` fills the gap in the code's sentence: an address, paths, a state."""

    code: ReasonCode
    detail: str = ""

    def __str__(self) -> str:
        return self.code.value.format(self.detail)


def joined(reasons: Iterable[Reason]) -> str:
    """All reasons of a change in one line."""
    return "; ".join(map(str, reasons))

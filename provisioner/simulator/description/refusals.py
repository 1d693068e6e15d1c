"""What is said when a write is refused: ARM's own words; a provider with others overrides them.

In: the facts of a refusal. Out: ArmError. Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ArmError, invalid_content, provider_not_found
from ..schema import Problem

if TYPE_CHECKING:
    from ..arm.resource_write import ResourceWrite
    from ..protocol.wire import Request
    from ..state.operations import Operation
    from .body import Reference


class Refusals:
    """Refusals in ARM's words."""

    def malformed(self, problems: Sequence[Problem]) -> ArmError:
        """A body that does not fit its schema; there is at least one problem."""
        return invalid_content(f"{problems[0].message}, line 1, position 1")

    def busy(self, request: Request, operation: Operation) -> ArmError:
        """A write while another operation runs."""
        return ArmError(
            409,
            "Conflict",
            "The request failed due to conflict with a concurrent request. To resolve it, please refer to "
            "https://aka.ms/activitylog to get more details on the conflicting requests.",
        )

    def reference_without_id(self, path: str) -> ArmError:
        """A reference that names nothing."""
        return ArmError(
            400, "InvalidParameter", f"Required parameter '{path}.id' is missing (null).", target=f"{path}.id"
        )

    def malformed_reference(self, reference: Reference, target: str, path: str) -> ArmError:
        """A reference to something of another type, or to nothing that has an ID."""
        return ArmError(400, "InvalidParameter", f"The value of parameter {path} is invalid.", target=path)

    def missing_reference(self, change: ResourceWrite, target: str) -> ArmError:
        """A reference to a resource that is not there."""
        return provider_not_found(target)


ARM = Refusals()

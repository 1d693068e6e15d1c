"""How the network provider words its refusals: always with a list of details, empty ones included.

Sources: `InvalidRequestFormat` with `InvalidJson` in Azure/azure-cli#16205; a malformed ID in
MSOpenTech/azure-xplat-cli#497; a running operation in Azure/bicep#5132.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.operation_answers import status_url
from ...arm.resource_write import ResourceWrite
from ...description.body import Reference
from ...description.refusals import Refusals
from ...errors import ArmError
from ...protocol.wire import Request
from ...schema import Problem
from ...state.operations import Operation


def _cannot_parse(details: Sequence[tuple[str, str]]) -> ArmError:
    listed = [{"code": code, "message": message} for code, message in details]
    return ArmError(400, "InvalidRequestFormat", "Cannot parse the request.", details=listed)


class NetworkRefusals(Refusals):
    def malformed(self, problems: Sequence[Problem]) -> ArmError:
        return _cannot_parse([("InvalidJson", f"{problem.message}, line 1, position 1.") for problem in problems])

    def busy(self, request: Request, operation: Operation) -> ArmError:
        return ArmError(
            409,
            "AnotherOperationInProgress",
            "Another operation on this or dependent resource is in progress. To retrieve status of the operation use "
            f"uri: {status_url(request, operation)}.",
            details=[],
        )

    def reference_without_id(self, path: str) -> ArmError:
        return _cannot_parse([("MissingJsonReferenceId", f"Value for reference id is missing. Path {path}.")])

    def malformed_reference(self, reference: Reference, target: str, path: str) -> ArmError:
        message = (
            f"Reference Id {target} is not formatted correctly. The Id is expected to reference resources of type "
            f"{reference.type.rpartition('/')[2]}. Path {path}."
        )
        return _cannot_parse([("InvalidJsonReferenceFormat", message)])

    def missing_reference(self, change: ResourceWrite, target: str) -> ArmError:
        return ArmError(
            400,
            "InvalidResourceReference",
            f"Resource {target} referenced by resource {change.id} was not found. Please make sure that the referenced "
            "resource exists, and that both resources are in the same region.",
            details=[],
        )

"""What the compute types share: errors in the compute provider's wording, and who uses a disk.

In: a change or a resource. Out: `ArmError`s, resources. Nothing is changed.

Wordings: "Required parameter ... is missing (null)." and "Changing property ... is not allowed." are recorded
(error_bodies of the recordings); others are quoted where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...arm.cloud import Cloud
from ...description.answers import Answers, LongRunning
from ...errors import ArmError
from ...state.resources import Resource
from ._refusals import ComputeRefusals

MACHINE = "Microsoft.Compute/virtualMachines"
EXTENSION = f"{MACHINE}/extensions"
DISK = "Microsoft.Compute/disks"
SET = "Microsoft.Compute/availabilitySets"
COMPUTE = LongRunning(
    body="compute",
    creating="Creating",
    create_retry_after_s=10,
    update_retry_after_s=None,
    poll_retry_after_s=30,
    delete_preempts=True,
)
"""The compute provider: 201 Creating / 200 Updating, never Location on PUT, polls with Retry-After 9-70, mostly 30."""
ANSWERS = Answers(refusals=ComputeRefusals(), patch="merge")


def invalid(message: str, target: str) -> ArmError:
    return ArmError(400, "InvalidParameter", message, target=target)


def invalid_value(name: str) -> ArmError:
    return invalid(f"The value of parameter {name} is invalid.", name)


def missing(name: str) -> ArmError:
    return invalid(f"Required parameter '{name}' is missing (null).", name)


def not_allowed(message: str, target: str | None = None) -> ArmError:
    return ArmError(409, "OperationNotAllowed", message, target=target)


def cannot_change(name: str) -> ArmError:
    return ArmError(409, "PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.", target=name)


def users(cloud: Cloud, target: str) -> Iterator[Resource]:
    """The machines that refer to a disk, an interface, an availability set."""
    for link in cloud.links.to(target):
        other = cloud.get(link.source)
        if other is not None and other.type == MACHINE:
            yield other


def power(machine: Resource) -> str:
    """`running`, `stopped` or `deallocated`; `starting` until the machine was created."""
    return str(machine.hidden.get("power", "starting"))


def group_name(resource_id: str) -> str:
    return resource_id.split("/")[4]


def sibling_id(resource_id: str, type_: str, name: str) -> str:
    """The ID of a resource of another type in the same group."""
    return f"{resource_id.rpartition('/providers/')[0]}/providers/{type_}/{name}"

"""Microsoft.Compute/virtualMachines/extensions: REST reference "Virtual Machine Extensions", 2024-07-01.

201 Creating / 200 Updating with Azure-AsyncOperation; protected settings are never answered;
`autoUpgradeMinorVersion` is filled in as false (recorded). A VM takes one extension of each handler type.
"""

from __future__ import annotations

from ..change import Change
from ..errors import ArmError
from ..resource_type import COMPUTE, Immutable, NameRule, ResourceType

TYPE = "Microsoft.Compute/virtualMachines/extensions"


def validate(change: Change) -> None:
    properties = change.properties
    for name in ("publisher", "type", "typeHandlerVersion"):
        if not properties.get(name):
            raise ArmError(
                400, "InvalidParameter", f"Required parameter '{name}' is missing (null).", target=f"properties.{name}"
            )
    handler = (str(properties["publisher"]).lower(), str(properties["type"]).lower())
    machine = str(change.parsed.parent)
    for other in change.world.resources.in_container(machine, TYPE):
        theirs = (str(other.properties.get("publisher")).lower(), str(other.properties.get("type")).lower())
        if other.key != change.key and theirs == handler:
            raise ArmError(
                409,
                "Conflict",
                f"The handler for VM extension type '{properties['publisher']}.{properties['type']}' is already added "
                f"to the VM by the extension '{other.name}'.",
            )
    owner = change.world.get(machine)
    if owner is not None and owner.hidden.get("power") == "deallocated":
        raise ArmError(
            409,
            "OperationNotAllowed",
            "Cannot modify extensions in the VM when the VM is not running.",
        )


TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(pattern=r"[A-Za-z0-9_.-]+", longest=80),
        model="azure.mgmt.compute.models:VirtualMachineExtension",
        style="compute",
        long_running=COMPUTE,
        patch="merge",
        defaults={"properties.autoUpgradeMinorVersion": False},
        immutable=(Immutable(path="properties.publisher"), Immutable(path="properties.type")),
        secret=("properties.protectedSettings",),
        locks_parent=True,
        validate=validate,
    ),
)

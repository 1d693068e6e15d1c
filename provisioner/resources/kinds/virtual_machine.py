"""Virtual machine. REST: https://learn.microsoft.com/rest/api/compute/virtual-machines (2024-11-01 and later).

Updates are PATCHes: they merge, so identities and profiles that others put on the machine survive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...base.values import Body
from ..facts import (
    GOES,
    ForwardedOutput,
    Hardware,
    Import,
    Leaving,
    Operations,
    Output,
    Ownership,
    Repair,
    Replacement,
    Rules,
    Schema,
    Timing,
    shrinks,
)
from ..kind import Kind
from ._bodies import COMPUTE_LEAST_POLL_S, EVERYWHERE_READ_ONLY
from ._machine_as_made import as_made
from ._machine_body import body
from ._machine_connection import connection
from ._machine_disk import ON_THE_DISK, hidden_disk, with_disk
from ._machine_entry import DEFAULTS, entry
from ._machine_identity import part_names, with_identities
from ._machine_password import refused_secrets
from ._machine_steps import steps


def normalize_desired(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """What the machine keeps: how it was made, and the identities of others."""
    return with_identities(as_made(desired, actual), actual, is_ours)


def repair(codes: Sequence[str]) -> Repair:
    """What was not provisioned cannot be provisioned again; every other failure is mended by writing the machine.

    "States and billing of Azure Virtual Machines" (codes OSProvisioning…), "Resilient create and delete for Virtual
    Machine Scale Sets" (after a timeout of provisioning Azure itself deletes the machine and makes a new one).
    """
    if any(code.lower().startswith("osprovisioning") for code in codes):
        return Repair("replace", "its operating system can be provisioned only once")
    return Repair()


def deletes_along(body: Body) -> tuple[str, ...]:
    """Disks and interfaces whose ``deleteOption`` is ``Delete`` (REST "Virtual Machines - Create Or Update")."""
    storage = (body.get("properties") or {}).get("storageProfile") or {}
    return (*_disks_along([storage.get("osDisk") or {}]), *attached_along(body))


def name_kept(desired: Body, actual: Body) -> str:
    """The OS disk that outlives a machine, and has the name that the next one is to get (ConflictingUserInput)."""
    wanted, present = (
        ((body.get("properties") or {}).get("storageProfile") or {}).get("osDisk") or {} for body in (desired, actual)
    )
    name = str(wanted.get("name") or "")
    is_taken = name.lower() == str(present.get("name")).lower() and not _goes_along(present.get("deleteOption"))
    return name if name and is_taken else ""


def attached_along(body: Body) -> tuple[str, ...]:
    """Those of them that exist without the machine too: its data disks and interfaces."""
    properties = body.get("properties") or {}
    disks = (properties.get("storageProfile") or {}).get("dataDisks") or []
    interfaces = (properties.get("networkProfile") or {}).get("networkInterfaces") or []
    found = [item for item in interfaces if _goes_along((item.get("properties") or {}).get("deleteOption"))]
    return (*_disks_along(disks), *(str(item["id"]) for item in found if item.get("id")))


def _disks_along(disks: list[Body]) -> list[str]:
    found = [(disk.get("managedDisk") or {}).get("id") for disk in disks if _goes_along(disk.get("deleteOption"))]
    return [str(disk_id) for disk_id in found if disk_id]


def _goes_along(option: object) -> bool:
    return str(option).lower() == "delete"


def hardware(body: Body) -> Hardware:
    properties = body.get("properties") or {}
    network = properties.get("networkProfile") or {}
    return Hardware(
        size=str((properties.get("hardwareProfile") or {}).get("vmSize", "")),
        zones=tuple(str(zone) for zone in body.get("zones") or ()),
        is_spot=str(properties.get("priority", "")).lower() == "spot",
        data_disks=len((properties.get("storageProfile") or {}).get("dataDisks") or ()),
        interfaces=sum(isinstance(item, Mapping) for item in network.get("networkInterfaces") or ()),
    )


_DISKS = "properties.storageProfile"
KIND = Kind(
    name="virtual_machine",
    type="Microsoft.Compute/virtualMachines",
    schema=Schema(
        sections=("vms/*",),
        body=body,
        name_rule=(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?", "1 to 64 letters, digits and _ . -"),
        outputs={
            "principal_id": Output(("identity", "principalId"), early=True, needs=("identity", "system_assigned")),
            "vm_id": Output(("properties", "vmId")),
        },
        forwarded={
            name: ForwardedOutput("interfaces", "network/interfaces", name, what)
            for name, what in (("private_ip", "interface"), ("public_ip_address", "public IP"), ("fqdn", "public IP"))
        },
        connection=connection,
        refused_secrets=refused_secrets,
    ),
    operations=Operations(
        "compute",
        "virtual_machines",
        patch="begin_update",
        has_instance_view=True,
        start="begin_start",
        deallocate="begin_deallocate",
        details_in=hidden_disk,
        with_details=with_disk,
    ),
    rules=Rules(
        # https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update says per property which can
        # change; what is listed here is refused with PropertyChangeNotAllowed.
        immutable=(
            "location", "zones", "plan", "properties.availabilitySet", "properties.priority",
            "properties.evictionPolicy", f"{_DISKS}.imageReference", f"{_DISKS}.osDisk.createOption",
            "properties.osProfile.computerName", "properties.osProfile.adminUsername",
            "properties.osProfile.linuxConfiguration", "properties.osProfile.windowsConfiguration",
            "properties.securityProfile.securityType", f"{_DISKS}.osDisk.managedDisk.securityProfile",
        ),
        immutable_if={f"{_DISKS}.osDisk.diskSizeGB": shrinks},
        read_only=(
            *EVERYWHERE_READ_ONLY, "resources", "managedBy", "identity.principalId", "identity.tenantId",
            "identity.userAssignedIdentities.*", "properties.vmId", "properties.timeCreated", "properties.instanceView",
            f"{_DISKS}.imageReference.exactVersion",
        ),
        write_only=("properties.userData",),
        set_elsewhere=ON_THE_DISK,
        unique={f"{_DISKS}.dataDisks": "lun"},
        # A restore swaps the OS disk for one of another name ("Change the OS disk used by an Azure VM"): replacing the
        # VM for its name would lose what was restored.
        create_only=(
            "properties.osProfile.adminPassword", "properties.osProfile.customData", f"{_DISKS}.osDisk.name",
        ),
        list_keys={
            f"{_DISKS}.dataDisks": "managedDisk.id",
            "properties.networkProfile.networkInterfaces": "id",
            "properties.osProfile.linuxConfiguration.ssh.publicKeys": "keyData",
        },
        case_insensitive=(
            "properties.hardwareProfile.vmSize", f"{_DISKS}.osDisk.createOption", f"{_DISKS}.osDisk.caching",
            f"{_DISKS}.osDisk.deleteOption", f"{_DISKS}.dataDisks[].createOption", f"{_DISKS}.dataDisks[].caching",
            f"{_DISKS}.dataDisks[].deleteOption", f"{_DISKS}.imageReference.publisher",
            f"{_DISKS}.imageReference.offer",
            f"{_DISKS}.imageReference.sku", "properties.osProfile.computerName", "plan.name",
            "plan.publisher", "plan.product", "properties.priority", "properties.evictionPolicy", "identity.type",
        ),
        normalize_desired=normalize_desired,
        # Sources: https://learn.microsoft.com/azure/virtual-machines/sizes/resize-vm, /linux/expand-disks,
        # /disks-convert-types, https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface-vm,
        # https://learn.microsoft.com/azure/virtual-machines/disks-performance (changing the cache restarts).
        impacts={
            "properties.hardwareProfile.vmSize": ("restart", "a new size restarts the VM"),
            f"{_DISKS}.osDisk.diskSizeGB": ("deallocate", "the disk of a running VM cannot grow"),
            f"{_DISKS}.osDisk.managedDisk": ("deallocate", (
                "the type of a disk changes only while the VM is stopped"
            )),
            f"{_DISKS}.osDisk.caching": ("restart", "another cache of the OS disk restarts the VM"),
            f"{_DISKS}.dataDisks[].lun": ("restart", "the disk is detached, and attached again at another LUN"),
            "properties.networkProfile.networkInterfaces": ("deallocate", (
                "interfaces change only while the VM is stopped"
            )),
            "properties.securityProfile": ("deallocate", (
                "security settings change only while the VM is stopped"
            )),
            "properties.additionalCapabilities": ("deallocate", "a running VM cannot start to use Ultra disks"),
        },
        optional={
            "plan": GOES,
            "zones": GOES,
            # `az vm update --license-type None`; not verified on Azure.
            "properties.licenseType": Leaving("None"),
            "properties.diagnosticsProfile.bootDiagnostics.enabled": Leaving(False),
            "properties.diagnosticsProfile.bootDiagnostics.storageUri": GOES,
            "properties.securityProfile.encryptionAtHost": Leaving(False),
            "properties.securityProfile.securityType": Leaving(stays="Azure chose between the types at its creation"),
            "properties.additionalCapabilities.ultraSSDEnabled": Leaving(False),
            "properties.availabilitySet": GOES,
            "properties.priority": GOES,
            # Not verified on Azure: no source says how user data is removed.
            "properties.userData": Leaving(""),
            "properties.osProfile.customData": Leaving(stays="a VM reads it only at its first boot"),
            "properties.osProfile.linuxConfiguration.ssh.publicKeys": GOES,
            "properties.networkProfile.networkInterfaces": GOES,
            f"{_DISKS}.osDisk.name": Leaving(stays="a disk cannot be renamed"),
            f"{_DISKS}.osDisk.diskSizeGB": Leaving(stays="a disk cannot shrink"),
            f"{_DISKS}.osDisk.managedDisk.storageAccountType": Leaving(
                stays="Azure's default depends on the size of the VM"
            ),
        },
    ),
    ownership=Ownership(part_names=part_names),
    replacement=Replacement(
        triggered_by=("network_interface", "availability_set"),
        when_deleted=("data-loss", "the OS disk and its content will be lost"),
        when_replaced=("data-loss", "the OS disk and its content will be lost"),
        deletes_along=deletes_along,
        attached_along=attached_along,
        name_kept=name_kept,
        repair=repair,
    ),
    importing=Import(entry=entry, defaults=DEFAULTS),
    # The median of 323 recorded creates.
    timing=Timing(typical_s=96, least_poll_s=COMPUTE_LEAST_POLL_S),
    hardware=hardware,
    steps=steps,
)  # fmt: skip

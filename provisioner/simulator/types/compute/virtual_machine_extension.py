"""Microsoft.Compute/virtualMachines/extensions: REST reference "Virtual Machine Extensions", 2024-07-01.

201 Creating / 200 Updating with Azure-AsyncOperation and without Retry-After, as the 202 of a DELETE (25 recorded);
protected settings are never answered, `autoUpgradeMinorVersion` is filled in as false (recorded). A machine takes one
extension of each handler (acs-engine#2926), one operation at a time, and only while it runs (terraform azurerm #477).
Any handler is taken for known, except those that the settings call missing: ManagedIdentityExtensionForLinux, retired,
is answered `ArtifactNotFound` by newer clouds.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ...arm.cloud import Cloud
from ...arm.resource_write import ResourceWrite
from ...description.body import Body
from ...description.hooks import DeleteHooks, ReadHooks, WriteHooks
from ...description.names import NameRule
from ...description.placement import Containment
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...json_values import Json
from ...protocol.json_paths import read
from ...protocol.wire import Request
from ...state.resources import Resource
from ._machine_view import extension_view
from ._shared import ANSWERS, COMPUTE, EXTENSION, cannot_change, invalid_value, missing, not_allowed, power

VERSION = r"\d+(\.\d+){0,3}"
PROTECTED = "properties.protectedSettings"


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    properties.pop("instanceView", None)
    for name in ("publisher", "type", "typeHandlerVersion"):
        if not properties.get(name) and change.before is not None:
            properties[name] = change.before.properties.get(name)
        if not properties.get(name):
            raise missing(name)
    if not re.fullmatch(VERSION, str(properties["typeHandlerVersion"])):
        raise invalid_value("typeHandlerVersion")
    if PROTECTED in change.secrets and properties.get("protectedSettingsFromKeyVault"):
        raise invalid_value("protectedSettings")
    if change.before is not None:
        for name in ("publisher", "type"):
            if _lower(properties, name) != _lower(change.before.properties, name):
                raise cannot_change(name)
    _check_repository(change)
    machine = change.cloud.get(str(change.parsed.parent))
    if machine is not None:
        _check_agent(machine)
        _check_running(machine)
        _check_only_one(change, machine)


def _lower(properties: Json, name: str) -> str:
    return str(properties.get(name)).lower()


def _check_repository(change: ResourceWrite) -> None:
    properties = change.properties
    handler = f"{properties['publisher']}.{properties['type']}".lower()
    if change.before is None and handler in {name.lower() for name in change.cloud.settings.missing_extensions}:
        raise ArmError(
            404,
            "ArtifactNotFound",
            f"Extension with publisher '{properties['publisher']}', type '{properties['type']}', and type handler "
            f"version '{properties['typeHandlerVersion']}' could not be found in the extension repository.",
        )


def _check_agent(machine: Resource) -> None:
    """The documented refusal ("Virtual machine extensions and features for Linux", Troubleshooting)."""
    profile: Json = machine.properties.get("osProfile") or {}
    configuration: Json = profile.get("linuxConfiguration") or profile.get("windowsConfiguration") or {}
    if profile.get("allowExtensionOperations") is False or configuration.get("provisionVMAgent") is False:
        raise not_allowed(
            "This operation cannot be performed when extension operations are disallowed. To allow, please ensure "
            "VM Agent is installed on the VM and the osProfile.allowExtensionOperations property is true."
        )


def _check_running(machine: Resource) -> None:
    if power(machine) in ("stopped", "deallocated"):
        raise not_allowed("Cannot modify extensions in the VM when the VM is not running.")


def _check_only_one(change: ResourceWrite, machine: Resource) -> None:
    properties = change.properties
    for other in change.cloud.resources.in_container(machine.id, EXTENSION):
        same = all(_lower(other.properties, name) == _lower(properties, name) for name in ("publisher", "type"))
        if same and other.key != change.key:
            system = read(machine.body, "properties.storageProfile.osDisk.osType") or "Linux"
            raise ArmError(
                400,
                "BadRequest",
                f"Multiple VMExtensions per handler not supported for OS type '{system}'. VMExtension '{other.name}' "
                f"with handler '{other.properties['publisher']}.{other.properties['type']}' already added or "
                "specified in input.",
            )


def check_delete(resource: Resource, cloud: Cloud) -> None:
    machine = cloud.get(str(resource.parsed.parent))
    if machine is not None:
        _check_running(machine)


def render(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    if request.method == "GET" and "instanceview" in request.query.get("$expand", "").lower():
        body["properties"]["instanceView"] = extension_view(resource)


TYPES = (
    ResourceType(
        type=EXTENSION,
        name=NameRule(pattern=r"[A-Za-z0-9_.-]+", longest=80),
        body=Body(
            model="azure.mgmt.compute.models:VirtualMachineExtension",
            defaults={"properties.autoUpgradeMinorVersion": False},
            secret=(PROTECTED,),
        ),
        containment=Containment(
            shares_operations=True,
        ),
        answers=replace(ANSWERS, long_running=replace(COMPUTE, create_retry_after_s=None, delete_retry_after_s=None)),
        on_write=WriteHooks(validate=validate),
        on_read=ReadHooks(render=render),
        on_delete=DeleteHooks(check=check_delete),
    ),
)

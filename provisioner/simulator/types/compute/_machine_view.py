"""The instance view of a virtual machine: power, agent, disks, extensions.

In: a stored machine. Out: what `$expand=instanceView` and GET .../instanceView answer. Nothing is stored. Shape:
example "Get virtual machine instance view" of the REST reference; the code of a failed one carries the failure's own
(ProvisioningState/failed/OSProvisioningTimedOut: "Troubleshoot Windows VM OS provisioning errors").
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...arm.provisioning_state import FAILURE
from ...json_values import Json
from ...protocol.json_paths import read
from ...state.resources import Resource
from ...timing import iso
from ._shared import EXTENSION, power

AGENT = {"Linux": "2.11.1.12", "Windows": "2.7.41491.1172"}
STATES = {"Creating": "creating", "Updating": "updating", "Deleting": "deleting", "Failed": "failed"}


def instance_view(machine: Resource, cloud: Cloud) -> Json:
    """The run-time state of a machine."""
    moment = iso(machine.changed_at, suffix="+00:00")
    system = str(read(machine.body, "properties.storageProfile.osDisk.osType") or "Linux")
    view: Json = {"hyperVGeneration": machine.hidden.get("generation", "V1"), "disks": _disks(machine, moment)}
    if power(machine) == "running":
        view["computerName"] = read(machine.body, "properties.osProfile.computerName") or machine.name
        view["osName"] = system
        if _has_agent(machine):
            view["vmAgent"] = _agent(machine, cloud, AGENT[system], moment)
    if machine.body.get("identity") or read(machine.body, "properties.availabilitySet"):
        view.setdefault("platformFaultDomain", 0)
        view.setdefault("platformUpdateDomain", 0)
    if read(machine.body, "properties.diagnosticsProfile.bootDiagnostics.enabled"):
        view["bootDiagnostics"] = {}
    extensions = [extension_view(each) for each in cloud.resources.in_container(machine.id, EXTENSION)]
    if extensions:
        view["extensions"] = extensions
    view["statuses"] = _statuses(machine, moment)
    return view


def _has_agent(machine: Resource) -> bool:
    profile: Json = machine.properties.get("osProfile") or {}
    configurations = (profile.get("linuxConfiguration"), profile.get("windowsConfiguration"))
    return all((configuration or {}).get("provisionVMAgent", True) for configuration in configurations)


def _statuses(machine: Resource, moment: str) -> list[Json]:
    state = str(machine.properties.get("provisioningState"))
    word = STATES.get(state, "succeeded")
    shown = "Provisioning succeeded" if word == "succeeded" else state
    first = {"code": f"ProvisioningState/{word}", "level": "Info", "displayStatus": shown, "time": moment}
    failure: Json | None = machine.hidden.get(FAILURE)
    if word == "failed" and failure is not None:
        first |= {"code": f"ProvisioningState/failed/{failure['code']}", "level": "Error"}
        first |= {"displayStatus": "Provisioning failed", "message": failure["message"]}
    statuses = [
        first,
        {"code": f"PowerState/{power(machine)}", "level": "Info", "displayStatus": f"VM {power(machine)}"},
    ]
    if machine.hidden.get("generalized"):
        statuses.append({"code": "OSState/generalized", "level": "Info", "displayStatus": "VM generalized"})
    return statuses


def _disks(machine: Resource, moment: str) -> list[Json]:
    storage: Json = machine.properties.get("storageProfile") or {}
    entries = [storage.get("osDisk") or {}, *(storage.get("dataDisks") or [])]
    status = {
        "code": "ProvisioningState/succeeded",
        "level": "Info",
        "displayStatus": "Provisioning succeeded",
        "time": moment,
    }
    return [{"name": entry["name"], "statuses": [status]} for entry in entries if entry.get("name")]


def _agent(machine: Resource, cloud: Cloud, version: str, moment: str) -> Json:
    handlers = [
        {
            "type": f"{each.properties.get('publisher')}.{each.properties.get('type')}",
            "typeHandlerVersion": _full_version(each),
            "status": {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Ready"},
        }
        for each in cloud.resources.in_container(machine.id, EXTENSION)
        if each.properties.get("provisioningState") == "Succeeded"
    ]
    return {
        "vmAgentVersion": version,
        "statuses": [
            {
                "code": "ProvisioningState/succeeded",
                "level": "Info",
                "displayStatus": "Ready",
                "message": "Guest Agent is running",
                "time": moment,
            }
        ],
        "extensionHandlers": handlers,
    }


def extension_view(extension: Resource) -> Json:
    """The run-time state of one extension."""
    state = str(extension.properties.get("provisioningState"))
    word = STATES.get(state, "succeeded")
    failure: Json = extension.hidden.get(FAILURE) or {}
    return {
        "name": extension.name,
        "type": f"{extension.properties.get('publisher')}.{extension.properties.get('type')}",
        "typeHandlerVersion": _full_version(extension),
        "statuses": [
            {
                "code": f"ProvisioningState/{word}",
                "level": "Error" if word == "failed" else "Info",
                "displayStatus": "Provisioning succeeded" if word == "succeeded" else state,
                "message": "Enable succeeded." if word == "succeeded" else failure.get("message", ""),
            }
        ],
    }


def _full_version(extension: Resource) -> str:
    """The version that runs: the asked one with all four numbers."""
    parts = str(extension.properties.get("typeHandlerVersion") or "1.0").split(".")
    return ".".join([*parts, "0", "0", "0"][:4])

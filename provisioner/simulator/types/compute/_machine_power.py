"""What can be done with a virtual machine: start, stop, restart, generalize, run a command.

REST reference "Virtual Machines", the POST operations; 202 with both headers and Retry-After 10 (recorded on start
and deallocate). The power state changes when the operation ends. "Operation 'start' is not allowed on VM 'x' since
the VM is generalized." is the documented refusal ("Troubleshoot VM allocation and start failures").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ...arm.resource_write import ResourceWrite
from ...description.hooks import Action
from ...protocol.json_paths import read
from ...protocol.wire import Response
from ._shared import COMPUTE, missing, not_allowed, power

NOT_EXECUTED = "The command was accepted and not executed: the simulator has no operating system."
RUN_COMMAND = replace(COMPUTE, poll_retry_after_s=10)
Check = Callable[[ResourceWrite], None]


def state_action(state: str | None, *, running_only: bool = False) -> Action:
    """An action after which the machine is in a power state; None leaves it as it is."""

    def run(change: ResourceWrite) -> Response | None:
        _check_not_generalized(change)
        if running_only:
            _check_running(change)
        change.properties["provisioningState"] = "Updating"
        return None

    def finish(change: ResourceWrite) -> None:
        if state is not None:
            change.hidden["power"] = state

    return Action(run=run, long_running=COMPUTE, finish=finish)


def _check_not_generalized(change: ResourceWrite) -> None:
    if change.hidden.get("generalized") and change.verb != "deallocate":
        raise not_allowed(
            f"Operation '{change.verb}' is not allowed on VM '{change.name}' since the VM is generalized.", change.name
        )


def _check_running(change: ResourceWrite) -> None:
    if change.before is not None and power(change.before) != "running":
        raise not_allowed(
            f"Operation '{change.verb}' is not allowed on VM '{change.name}' since the VM is not running.", change.name
        )


def _generalize(change: ResourceWrite) -> Response | None:
    """At once, and on a stopped machine only."""
    if change.before is not None and power(change.before) == "running":
        raise not_allowed(
            f"The VM '{change.name}' must be powered off before it can be generalized. Please power off the VM and "
            "try again.",
            change.name,
        )
    change.hidden["generalized"] = True
    return Response(200)


def _boot_data(change: ResourceWrite) -> Response:
    enabled = read(change.body, "properties.diagnosticsProfile.bootDiagnostics.enabled")
    if not enabled:
        raise not_allowed(f"Boot diagnostics is not enabled for the virtual machine '{change.name}'.", change.name)
    base = f"https://md-{change.name}.blob.storage.azure.net/bootdiagnostics/{change.properties.get('vmId')}"
    return Response(
        200,
        {
            "consoleScreenshotBlobUri": f"{base}.screenshot.bmp",
            "serialConsoleLogBlobUri": f"{base}.serialconsole.log",
        },
    )


def _run_command(change: ResourceWrite) -> Response | None:
    _check_running(change)
    if not change.sent.get("commandId"):
        raise missing("commandId")
    return None


def _command_result(change: ResourceWrite) -> None:
    """Recorded: the result URL answers `{"value": [...]}`, the status URL has it under `properties.output`."""
    change.output = {
        "value": [
            {
                "code": f"ComponentStatus/{name}/succeeded",
                "level": "Info",
                "displayStatus": "Provisioning succeeded",
                "message": message,
            }
            for name, message in (("StdOut", NOT_EXECUTED), ("StdErr", ""))
        ]
    }


ACTIONS = {
    "start": state_action("running"),
    "restart": state_action(None, running_only=True),
    "poweroff": state_action("stopped"),
    "deallocate": state_action("deallocated"),
    "redeploy": state_action(None),
    "reapply": state_action(None),
    "generalize": Action(run=_generalize),
    "retrievebootdiagnosticsdata": Action(run=_boot_data),
    "runcommand": Action(run=_run_command, long_running=RUN_COMMAND, finish=_command_result),
}

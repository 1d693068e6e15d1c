"""Virtual machines that start, stop, and are looked into."""

from __future__ import annotations

import pytest

from .compute_bodies import act, compute, extension, extension_of, machine, make_interface, make_machine, vm
from .conftest import Arm


async def _power(arm: Arm) -> str:
    view = (await arm.get(f"{vm(arm)}/instanceView")).body
    return str(view["statuses"][1]["code"])


async def test_power_changes_when_the_operation_ends(arm: Arm) -> None:
    await make_machine(arm)
    for action, before, after in (
        ("powerOff", "running", "stopped"),
        ("start", "stopped", "running"),
        ("deallocate", "running", "deallocated"),
        ("start", "deallocated", "running"),
        ("restart", "running", "running"),
        ("redeploy", "running", "running"),
        ("reapply", "running", "running"),
    ):
        reply = await arm("POST", f"{vm(arm)}/{action}")
        assert (reply.status, reply.headers["Retry-After"]) == (202, "10")
        assert {"Azure-AsyncOperation", "Location"} <= set(reply.headers)
        assert (await arm.get(vm(arm))).body["properties"]["provisioningState"] == "Updating"
        assert await _power(arm) == f"PowerState/{before}"
        arm.clock.advance(1000)
        assert await _power(arm) == f"PowerState/{after}"
        assert (await arm.get(reply.headers["Location"])).status == 200


async def test_a_machine_that_is_not_there_cannot_be_started(arm: Arm) -> None:
    assert (await arm("POST", f"{vm(arm)}/start")).status == 404


async def test_a_stopped_machine_cannot_be_restarted(arm: Arm) -> None:
    await make_machine(arm)
    await act(arm, vm(arm), "deallocate")
    assert (await arm("POST", f"{vm(arm)}/restart")).code == "OperationNotAllowed"


async def test_a_disk_of_a_deallocated_machine_is_reserved(arm: Arm) -> None:
    made = await make_machine(arm)
    await act(arm, vm(arm), "deallocate")
    disk = made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    assert (await arm.get(disk)).body["properties"]["diskState"] == "Reserved"


async def test_the_instance_view_shows_power_agent_disks_and_extensions(arm: Arm) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    view = (await arm.get(f"{vm(arm)}/instanceView")).body
    assert [status["code"] for status in view["statuses"]] == ["ProvisioningState/succeeded", "PowerState/running"]
    assert view["vmAgent"]["statuses"][0]["displayStatus"] == "Ready"
    assert view["vmAgent"]["extensionHandlers"][0]["type"] == "Microsoft.Azure.Extensions.CustomScript"
    assert view["extensions"][0]["name"] == "script"
    assert view["disks"][0]["name"].startswith("vm_OsDisk_1_")
    assert view["hyperVGeneration"] == "V2"
    expanded = (await arm.get(f"{vm(arm)}?$expand=instanceView")).body
    assert expanded["properties"]["instanceView"] == view
    assert "instanceView" not in (await arm.get(vm(arm))).body["properties"]
    everywhere = f"{arm.subscription}/providers/Microsoft.Compute/virtualMachines"
    (with_status,) = (await arm.get(f"{everywhere}?statusOnly=true")).body["value"]
    assert with_status["properties"]["instanceView"] == view
    (plain,) = (await arm.get(everywhere)).body["value"]
    assert "instanceView" not in plain["properties"]


async def test_a_machine_in_the_making_is_starting(arm: Arm) -> None:
    await arm.put(vm(arm), machine(await make_interface(arm)))
    view = (await arm.get(f"{vm(arm)}/instanceView")).body
    assert [status["code"] for status in view["statuses"]] == ["ProvisioningState/creating", "PowerState/starting"]
    assert "vmAgent" not in view


async def test_a_command_is_accepted_and_not_executed(arm: Arm) -> None:
    await make_machine(arm)
    body = {"commandId": "RunShellScript", "script": ["id"]}
    reply = await act(arm, vm(arm), "runCommand", body)
    assert reply.status == 202
    result = (await arm.get(reply.headers["Location"])).body
    assert [entry["code"] for entry in result["value"]] == [
        "ComponentStatus/StdOut/succeeded",
        "ComponentStatus/StdErr/succeeded",
    ]
    assert "not executed" in result["value"][0]["message"]
    status = (await arm.get(reply.headers["Azure-AsyncOperation"])).body
    assert status["properties"]["output"] == result
    assert (await arm("POST", f"{vm(arm)}/runCommand", {})).body["error"]["target"] == "commandId"


async def test_a_generalized_machine_becomes_an_image(arm: Arm) -> None:
    await make_machine(arm)
    image = compute(arm, "images", "golden")
    body = {"location": "westus2", "properties": {"sourceVirtualMachine": {"id": vm(arm)}}}
    assert (await arm("POST", f"{vm(arm)}/generalize")).code == "OperationNotAllowed"
    await act(arm, vm(arm), "deallocate")
    assert (await arm.put(image, body)).code == "OperationNotAllowed"
    assert (await arm("POST", f"{vm(arm)}/generalize")).status == 200
    refused = await arm("POST", f"{vm(arm)}/start")
    message = "Operation 'start' is not allowed on VM 'vm' since the VM is generalized."
    assert (refused.status, refused.body["error"]["message"]) == (409, message)
    made = await arm.made(image, body)
    assert made["properties"]["storageProfile"]["osDisk"]["osState"] == "Generalized"
    copy = machine(await make_interface(arm, "other"), storageProfile={"imageReference": {"id": image}})
    assert (await arm.put(vm(arm, "copy"), copy)).status == 201


@pytest.mark.parametrize("enabled", [True, False])
async def test_boot_diagnostics_have_to_be_on(arm: Arm, enabled: bool) -> None:
    await make_machine(arm, body=machine(diagnosticsProfile={"bootDiagnostics": {"enabled": enabled}}))
    reply = await arm("POST", f"{vm(arm)}/retrieveBootDiagnosticsData")
    assert reply.status == (200 if enabled else 409)
    assert not enabled or reply.body["serialConsoleLogBlobUri"].endswith(".serialconsole.log")

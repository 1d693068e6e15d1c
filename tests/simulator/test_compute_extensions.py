"""Extensions of virtual machines."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import act, extension, extension_of, machine, make_machine, vm
from .conftest import Arm, Starter

SCRIPT = "Microsoft.Azure.Extensions.CustomScript"


async def test_a_create_is_answered_201_creating_and_keeps_secrets(arm: Arm) -> None:
    await make_machine(arm)
    body = extension(settings={"fileUris": []}, protectedSettings={"commandToExecute": "hidden"})
    reply = await arm.put(extension_of(arm, "script"), body)
    assert reply.status == 201
    assert "Azure-AsyncOperation" in reply.headers
    assert not {"Retry-After", "Location"} & set(reply.headers)
    assert reply.body["properties"] == {
        "publisher": "Microsoft.Azure.Extensions",
        "type": "CustomScript",
        "typeHandlerVersion": "2.1",
        "settings": {"fileUris": []},
        "autoUpgradeMinorVersion": False,
        "provisioningState": "Creating",
    }
    arm.clock.advance(1000)
    read = (await arm.get(extension_of(arm, "script"))).body
    assert read["properties"] == {**reply.body["properties"], "provisioningState": "Succeeded"}
    again = await arm.put(extension_of(arm, "script"), body)
    assert (again.status, again.body["properties"]["provisioningState"]) == (200, "Updating")


async def test_the_machine_shows_its_extensions(arm: Arm) -> None:
    await make_machine(arm)
    made = await arm.made(extension_of(arm, "script"), {**extension(), "tags": {"a": "b"}})
    assert (await arm.get(vm(arm))).body["resources"] == [made]
    assert (await arm.get(f"{vm(arm)}/extensions")).names == ["script"]
    listed = await arm.get(f"{arm.group}/resources?$filter=tagName eq 'a' and tagValue eq 'b'")
    assert listed.names == ["vm/script"]


async def test_one_operation_at_a_time(arm: Arm) -> None:
    await make_machine(arm)
    await arm.put(extension_of(arm, "script"), extension())
    assert (await arm.get(vm(arm))).body["properties"]["provisioningState"] == "Updating"
    reply = await arm.put(extension_of(arm, "agent"), extension("Agent", "Contoso"))
    assert (reply.status, reply.code) == (409, "Conflict")
    assert reply.body["error"]["message"].startswith("The request failed due to conflict with a concurrent request.")
    arm.clock.advance(1000)
    assert (await arm.get(vm(arm))).body["properties"]["provisioningState"] == "Succeeded"
    assert (await arm.put(extension_of(arm, "agent"), extension("Agent", "Contoso"))).status == 201


async def test_one_extension_of_each_handler(arm: Arm) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    reply = await arm.put(extension_of(arm, "other"), extension("customScript"))
    assert (reply.status, reply.code, reply.body["error"]["message"]) == (
        400,
        "BadRequest",
        "Multiple VMExtensions per handler not supported for OS type 'Linux'. VMExtension 'script' with handler "
        f"'{SCRIPT}' already added or specified in input.",
    )


async def test_extensions_change_on_a_running_machine_only(arm: Arm) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    await act(arm, vm(arm), "deallocate")
    refused = [
        await arm.put(extension_of(arm, "script"), extension()),
        await arm.put(extension_of(arm, "agent"), extension("Agent", "Contoso")),
        await arm.delete(extension_of(arm, "script")),
    ]
    message = "Cannot modify extensions in the VM when the VM is not running."
    for reply in refused:
        assert (reply.status, reply.code, reply.body["error"]["message"]) == (409, "OperationNotAllowed", message)


@pytest.mark.parametrize(
    "profile", [{"allowExtensionOperations": False}, {"linuxConfiguration": {"provisionVMAgent": False}}]
)
async def test_extensions_need_an_agent(arm: Arm, profile: Any) -> None:
    body = machine()
    body["properties"]["osProfile"].update(profile)
    await make_machine(arm, body=body)
    reply = await arm.put(extension_of(arm, "script"), extension())
    assert (reply.status, reply.code) == (409, "OperationNotAllowed")
    assert "please ensure VM Agent is installed" in reply.body["error"]["message"]


@pytest.mark.parametrize("name", ["publisher", "type"])
async def test_the_handler_is_fixed(arm: Arm, name: str) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    reply = await arm.put(extension_of(arm, "script"), extension(**{name if name != "type" else "type_": "Other"}))
    assert (reply.code, reply.body["error"]["target"]) == ("PropertyChangeNotAllowed", name)


@pytest.mark.parametrize("name", ["publisher", "type", "typeHandlerVersion"])
async def test_a_handler_is_named_in_full(arm: Arm, name: str) -> None:
    await make_machine(arm)
    body = extension()
    del body["properties"][name]
    reply = await arm.put(extension_of(arm, "script"), body)
    assert (reply.code, reply.body["error"]["target"]) == ("InvalidParameter", name)


async def test_a_retired_handler_is_accepted_unless_it_is_said_to_be_missing(started: Starter) -> None:
    name = "ManagedIdentityExtensionForLinux"
    body = extension(name, "Microsoft.ManagedIdentity", settings={"port": 50342})
    for missing, status in ((frozenset(), 201), (frozenset({f"microsoft.managedidentity.{name}"}), 404)):
        async with started(missing_extensions=missing) as arm:
            await arm.make_group()
            await make_machine(arm)
            reply = await arm.put(extension_of(arm, "msi"), body)
            assert reply.status == status
            assert status == 201 or reply.code == "ArtifactNotFound"


async def test_an_extension_needs_its_machine_and_goes_with_it(arm: Arm) -> None:
    assert (await arm.put(extension_of(arm, "script"), extension())).code == "ParentResourceNotFound"
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    await arm.gone(vm(arm))
    await arm.made(vm(arm), machine(f"{arm.network}/networkInterfaces/vm-nic"))
    assert (await arm.get(extension_of(arm, "script"))).status == 404


async def test_an_extension_is_deleted_by_itself(arm: Arm) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    reply = await arm.delete(extension_of(arm, "script"))
    assert reply.status == 202
    assert {"Azure-AsyncOperation", "Location"} <= set(reply.headers)
    arm.clock.advance(1000)
    assert "resources" not in (await arm.get(vm(arm))).body


async def test_its_state_is_shown_when_asked_for(arm: Arm) -> None:
    await make_machine(arm)
    await arm.made(extension_of(arm, "script"), extension())
    shown = (await arm.get(f"{extension_of(arm, 'script')}?$expand=instanceView")).body["properties"]["instanceView"]
    assert (shown["type"], shown["statuses"][0]["code"]) == (SCRIPT, "ProvisioningState/succeeded")

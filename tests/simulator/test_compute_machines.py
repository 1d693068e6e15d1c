"""Machines over their life: what is answered, what may change, what stays hidden."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from .conftest import Arm, Starter
from .plain_machines import IMAGE, PASSWORD, compute, done, machine, make_machine, make_nic

SECRET = "c2VjcmV0IGN1c3RvbSBkYXRh"


def _kept(state: Path) -> tuple[str, bytes]:
    """What a state file holds: its rows as text, and the bytes of it and of what lies beside it."""
    with closing(sqlite3.connect(state)) as database:
        rows = "\n".join(database.iterdump())
    return rows, b"".join(file.read_bytes() for file in state.parent.iterdir())


async def test_a_create_is_201_creating_with_no_location(arm: Arm) -> None:
    vm = f"{compute(arm)}/virtualMachines/vm"
    body = machine(await make_nic(arm))
    reply = await arm.put(vm, body)
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Creating")
    assert reply.headers["Retry-After"] == "10"
    assert "Azure-AsyncOperation" in reply.headers and "Location" not in reply.headers
    assert "id" not in reply.body["properties"]["storageProfile"]["osDisk"]["managedDisk"]
    arm.clock.advance(1000)
    properties = (await arm.get(vm)).body["properties"]
    os_disk = properties["storageProfile"]["osDisk"]
    assert os_disk["name"].startswith("vm_OsDisk_1_")
    assert (await arm.get(os_disk["managedDisk"]["id"])).body["properties"]["diskState"] == "Attached"
    assert properties["vmId"] and properties["osProfile"]["secrets"] == []
    assert (await arm.put(vm, body)).status == 200


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"priority": "Spot"}, "priority"),
        ({"osProfile": {"adminUsername": "somebody"}}, "adminUsername"),
        ({"osProfile": {"computerName": "other"}}, "computerName"),
        ({"storageProfile": {"imageReference": {**IMAGE, "sku": "minimal"}}}, "imageReference"),
    ],
)
async def test_what_an_update_may_not_change(arm: Arm, change: dict[str, Any], shown: str) -> None:
    vm = await make_machine(arm)
    refused = await arm.put(vm, machine(f"{arm.network}/networkInterfaces/nic", **change))
    assert (refused.status, refused.code) == (409, "PropertyChangeNotAllowed")
    assert refused.body["error"]["target"] == shown
    assert refused.body["error"]["message"] == f"Changing property '{shown}' is not allowed."


async def test_the_size_may_change(arm: Arm) -> None:
    vm = await make_machine(arm)
    await done(arm, "PATCH", vm, {"properties": {"hardwareProfile": {"vmSize": "Standard_D8s_v5"}}})
    assert (await arm.get(vm)).body["properties"]["hardwareProfile"]["vmSize"] == "Standard_D8s_v5"


async def test_the_name_of_an_availability_set_is_answered_in_capitals(arm: Arm) -> None:
    path = f"{compute(arm)}/availabilitySets/many"
    body = {"location": "westus2", "sku": {"name": "Aligned"}, "properties": {"platformFaultDomainCount": 2}}
    assert (await arm.put(path, body)).status == 200
    assert (await arm.put(path, body)).status == 200
    vm = await make_machine(arm, availabilitySet={"id": path})
    assert (await arm.get(vm)).body["properties"]["availabilitySet"]["id"].endswith("/MANY")
    assert [each["id"] for each in (await arm.get(path)).body["properties"]["virtualMachines"]] == [vm]
    assert (await arm.delete(path)).status == 409
    await arm.gone(vm)
    assert (await arm.delete(path)).status == 200


async def test_secrets_are_neither_answered_nor_kept(started: Starter, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    async with started(state_path=state) as arm:
        await arm.make_group()
        vm = await make_machine(arm, osProfile={"customData": SECRET})
        extension = f"{vm}/extensions/script"
        settings = {"commandToExecute": "echo hidden-command"}
        properties = {"publisher": "Microsoft.Azure.Extensions", "type": "CustomScript", "typeHandlerVersion": "2.1"}
        body = {"location": "westus2", "properties": {**properties, "protectedSettings": settings}}
        shown = [await arm.made(extension, body), (await arm.get(vm)).body, (await arm.get(f"{vm}/extensions")).body]
        for secret in (PASSWORD, SECRET, "hidden-command"):
            assert all(secret not in str(each) for each in shown)
    rows, raw = _kept(state)
    assert "CustomScript" in rows
    for secret in (PASSWORD, SECRET, "hidden-command"):
        assert secret not in rows
        assert secret.encode() not in raw


async def test_user_data_is_answered_when_it_is_asked_for(arm: Arm) -> None:
    vm = await make_machine(arm, userData="aGVsbG8=")
    assert "userData" not in (await arm.get(vm)).body["properties"]
    assert (await arm.get(f"{vm}?$expand=userData")).body["properties"]["userData"] == "aGVsbG8="

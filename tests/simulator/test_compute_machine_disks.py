"""Data disks of virtual machines: attached, made, detached."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import attach, changed, disk, empty, machine, make_disk, make_interface, make_machine, storage, vm
from .conftest import Arm


async def _patched(arm: Arm, *disks: Any) -> Any:
    reply = await arm.patch(vm(arm), {"properties": {"storageProfile": {"dataDisks": list(disks)}}})
    arm.clock.advance(1000)
    return reply


async def test_a_disk_is_attached_and_shown_on_both_sides(arm: Arm) -> None:
    data = await make_disk(arm)
    made = await make_machine(arm, body=machine(storageProfile=storage(attach(3, data))))
    assert made["properties"]["storageProfile"]["dataDisks"] == [
        {
            "lun": 3,
            "createOption": "Attach",
            "managedDisk": {"id": data, "storageAccountType": "Standard_LRS"},
            "caching": "None",
            "toBeDetached": False,
            "deleteOption": "Detach",
            "name": "data",
            "diskSizeGB": 32,
        }
    ]
    shown = (await arm.get(data)).body
    assert (shown["managedBy"], shown["properties"]["diskState"]) == (vm(arm), "Attached")


async def test_an_empty_disk_is_made_when_the_operation_ends(arm: Arm) -> None:
    made = await make_machine(arm, body=machine(storageProfile=storage(empty(0, 64), empty(1, name="named"))))
    first, second = made["properties"]["storageProfile"]["dataDisks"]
    assert first["name"].startswith("vm_disk2_")
    assert second["name"] == "named"
    body = (await arm.get(first["managedDisk"]["id"])).body
    assert (body["managedBy"], body["properties"]["diskSizeGB"], body["sku"]["name"]) == (vm(arm), 64, "Premium_LRS")


async def test_disks_that_are_made_with_a_machine_have_its_tags_of_that_moment(arm: Arm) -> None:
    body = {**machine(storageProfile=storage(empty(0))), "tags": {"cost": "42"}}
    made = (await make_machine(arm, body=body))["properties"]["storageProfile"]
    assert (await arm.patch(vm(arm), {"tags": {"cost": "43"}})).status == 200
    arm.clock.advance(1000)
    for entry in (made["osDisk"], *made["dataDisks"]):
        assert (await arm.get(entry["managedDisk"]["id"])).body["tags"] == {"cost": "42"}


async def test_a_put_that_repeats_itself_makes_no_second_disk(arm: Arm) -> None:
    body = machine(storageProfile=storage(empty(0)))
    first = await make_machine(arm, body=body)
    again = await arm.made(vm(arm), body)
    assert again["properties"]["storageProfile"] == first["properties"]["storageProfile"]
    assert len((await arm.get(f"{arm.group}/providers/Microsoft.Compute/disks")).names) == 2


async def test_a_disk_left_out_is_detached_and_stays(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    assert (await _patched(arm)).status == 200
    assert "managedBy" not in (await arm.get(data)).body
    assert (await _patched(arm, attach(1, data))).status == 200
    await arm.made(vm(arm), machine(f"{arm.network}/networkInterfaces/vm-nic"))
    assert (await arm.get(data)).body["properties"]["diskState"] == "Unattached"


async def test_a_disk_to_be_detached_is(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    await _patched(arm, attach(0, data, toBeDetached=True))
    assert (await arm.get(vm(arm))).body["properties"]["storageProfile"]["dataDisks"] == []


async def test_a_machine_shows_the_size_that_its_disk_has(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    await arm.made(data, disk(64))
    assert (await arm.get(vm(arm))).body["properties"]["storageProfile"]["dataDisks"][0]["diskSizeGB"] == 64


async def test_a_disk_goes_with_the_machine_if_it_says_so(arm: Arm) -> None:
    kept, gone = await make_disk(arm, "kept"), await make_disk(arm, "gone")
    disks = storage(attach(0, kept), attach(1, gone, deleteOption="Delete"))
    await make_machine(arm, body=machine(storageProfile=disks))
    await arm.gone(vm(arm))
    assert [(await arm.get(each)).status for each in (kept, gone)] == [200, 404]


async def test_a_disk_of_another_machine_is_refused(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm, "first", machine(storageProfile=storage(attach(0, data))))
    await make_machine(arm)
    reply = await _patched(arm, attach(0, data))
    assert (reply.status, reply.code, reply.body["error"]["target"]) == (409, "ConflictingUserInput", data)
    assert "because it is already attached to VM" in reply.body["error"]["message"]


async def test_an_ultra_disk_is_for_machines_that_ask_for_them(arm: Arm) -> None:
    data = await make_disk(arm, body=disk(sku={"name": "UltraSSD_LRS"}))
    body = machine(await make_interface(arm), storageProfile=storage(attach(0, data)))
    reply = await arm.put(vm(arm), body)
    assert (reply.status, reply.code) == (400, "InvalidParameter")
    assert reply.body["error"]["target"] == "managedDisk.storageAccountType"
    await arm.made(vm(arm), changed(body, additionalCapabilities={"ultraSSDEnabled": True}))
    reply = await arm.patch(vm(arm), {"properties": {"additionalCapabilities": {"ultraSSDEnabled": False}}})
    assert (reply.status, reply.code) == (409, "OperationNotAllowed")


async def test_an_os_disk_name_that_is_taken_is_refused(arm: Arm) -> None:
    taken = await make_disk(arm, "taken")
    os_disk = {"createOption": "FromImage", "name": "taken"}
    body = machine(await make_interface(arm), storageProfile=storage(os_disk=os_disk))
    reply = await arm.put(vm(arm), body)
    assert (reply.status, reply.code, reply.body["error"]["target"]) == (409, "ConflictingUserInput", taken)
    message = "Disk taken already exists in resource group RG. Only CreateOption.Attach is supported."
    assert reply.body["error"]["message"] == message


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"createOption": "Empty", "diskSizeGB": 4}], "InvalidParameter"),
        ([{"lun": 0, "createOption": "Empty"}], "InvalidParameter"),
        ([{"lun": 0, "createOption": "Attach"}], "InvalidParameter"),
        ([empty(0), empty(0)], "InvalidParameter"),
        ([empty(64)], "InvalidParameter"),
        ([empty(index) for index in range(9)], "OperationNotAllowed"),
    ],
)
async def test_disks_that_cannot_be(arm: Arm, entries: list[Any], code: str) -> None:
    await make_machine(arm)
    assert (await _patched(arm, *entries)).code == code


async def test_an_existing_disk_cannot_be_made_empty(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm)
    reply = await _patched(arm, {"lun": 0, "createOption": "Empty", "managedDisk": {"id": data}})
    assert reply.code == "InvalidParameterConflictingProperties"


async def test_disk_and_machine_are_in_one_zone(arm: Arm) -> None:
    data = await make_disk(arm, body={**disk(), "zones": ["2"]})
    body = {**machine(await make_interface(arm), storageProfile=storage(attach(0, data))), "zones": ["1"]}
    reply = await arm.put(vm(arm), body)
    assert reply.code == "BadRequest"
    assert reply.body["error"]["message"].endswith("VM zone: '1'. Disk zone: '2'.")


async def test_a_machine_of_a_disk_that_was_left_behind(arm: Arm) -> None:
    made = await make_machine(arm)
    left = made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    await arm.gone(vm(arm))
    body = machine(f"{arm.network}/networkInterfaces/vm-nic")
    body["properties"]["storageProfile"] = {"osDisk": {"createOption": "Attach", "managedDisk": {"id": left}}}
    assert (await arm.put(vm(arm, "again"), body)).body["error"]["message"] == "Parameter 'osProfile' is not allowed."
    del body["properties"]["osProfile"]
    again = await arm.made(vm(arm, "again"), body)
    assert again["properties"]["storageProfile"]["osDisk"]["osType"] == "Linux"
    assert (await arm.get(left)).body["managedBy"] == vm(arm, "again")


async def test_a_disk_changes_its_lun_only_by_detaching_it_first(arm: Arm) -> None:
    data, other = await make_disk(arm), await make_disk(arm, "other")
    await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    reply = await _patched(arm, attach(1, data))
    assert (reply.status, reply.code) == (409, "ConflictingUserInput")
    reply = await _patched(arm, attach(0, other))
    assert (reply.status, reply.code, reply.body["error"]["target"]) == (
        409, "PropertyChangeNotAllowed", "dataDisk.managedDisk.id",
    )  # fmt: skip
    assert (await _patched(arm)).status == 200
    assert (await _patched(arm, attach(0, other), attach(1, data))).status == 200

"""Access to a disk's bytes, and a disk's state beside its machine."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LOCATION, Arm
from .plain_machines import compute, disk, done, machine, make_machine

GRANT = {"access": "Read", "durationInSeconds": 86_400}


async def _state(arm: Arm, path: str) -> Any:
    return (await arm.get(path)).body["properties"]["diskState"]


async def test_access_is_granted_shown_and_revoked(arm: Arm) -> None:
    path = f"{compute(arm)}/disks/data"
    await arm.made(path, disk())
    reply = await arm("POST", f"{path}/beginGetAccess", GRANT)
    assert reply.status == 202
    arm.clock.advance(60)
    result = await arm.get(reply.headers["Location"])
    assert (result.status, list(result.body)) == (200, ["accessSAS"])
    polled = await arm.get(reply.headers["Azure-AsyncOperation"])
    assert polled.body["properties"]["output"] == result.body
    assert await _state(arm, path) == "ActiveSAS"
    refused = await arm.delete(path)
    expected = (
        "There is an active shared access signature outstanding for disk data. Call EndGetAccess before attaching or "
        "deleting the disk. Learn more here: aka.ms/revokeaccessapi."
    )
    assert (refused.status, refused.code, refused.body["error"]["message"]) == (409, "OperationNotAllowed", expected)
    await done(arm, "POST", f"{path}/endGetAccess")
    assert await _state(arm, path) == "Unattached"
    await arm.gone(path)
    assert (await arm.get(path)).status == 404


async def test_access_ends_by_itself(arm: Arm) -> None:
    path = f"{compute(arm)}/disks/data"
    await arm.made(path, disk())
    await done(arm, "POST", f"{path}/beginGetAccess", {**GRANT, "durationInSeconds": 500})
    assert await _state(arm, path) == "Unattached"
    assert (await arm.delete(path)).status == 202


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ({"durationInSeconds": 60}, "grantAccessData.access"),
        ({"access": "Own", "durationInSeconds": 60}, "grantAccessData.access"),
        ({"access": "Read"}, "grantAccessData.durationInSeconds"),
        ({"access": "Read", "durationInSeconds": 0}, "grantAccessData.durationInSeconds"),
    ],
)
async def test_a_grant_that_says_too_little(arm: Arm, asked: dict[str, Any], target: str) -> None:
    path = f"{compute(arm)}/disks/data"
    await arm.made(path, disk())
    refused = await arm("POST", f"{path}/beginGetAccess", asked)
    assert (refused.status, refused.code) == (400, "InvalidParameter")
    assert refused.body["error"]["target"] == target


async def test_a_disk_under_a_running_machine_is_not_given_out(arm: Arm) -> None:
    vm = await make_machine(arm)
    path = (await arm.get(vm)).body["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    assert (await arm("POST", f"{path}/beginGetAccess", GRANT)).status == 409
    await done(arm, "POST", f"{vm}/deallocate")
    assert await _state(arm, path) == "Reserved"
    assert (await arm("POST", f"{path}/beginGetAccess", GRANT)).status == 202


async def test_a_data_disk_is_made_with_the_machine_and_detached_by_leaving_it_out(arm: Arm) -> None:
    wanted = {"lun": 0, "createOption": "Empty", "diskSizeGB": 64}
    vm = await make_machine(arm, storageProfile={"dataDisks": [wanted]})
    (shown,) = (await arm.get(vm)).body["properties"]["storageProfile"]["dataDisks"]
    path = shown["managedDisk"]["id"]
    made = (await arm.get(path)).body
    assert (made["properties"]["diskSizeGB"], made["managedBy"]) == (64, vm)
    refused = await arm.delete(path)
    assert (refused.status, refused.body["error"]["message"]) == (
        409,
        f"Disk {made['name']} is attached to VM {vm}.",
    )
    body = machine(f"{arm.network}/networkInterfaces/nic", storageProfile={"dataDisks": []})
    assert (await arm.made(vm, body))["properties"]["storageProfile"]["dataDisks"] == []
    assert await _state(arm, path) == "Unattached"
    await arm.gone(path)


async def test_what_is_left_behind_and_what_goes_with_the_machine(arm: Arm) -> None:
    vm = await make_machine(arm)
    kept = (await arm.get(vm)).body["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    await arm.gone(vm)
    assert await _state(arm, kept) == "Unattached"
    nic = f"{arm.network}/networkInterfaces/nic"
    interfaces = [{"id": nic, "properties": {"deleteOption": "Delete"}}]
    disks = {"osDisk": {"createOption": "FromImage", "deleteOption": "Delete"}}
    body = machine(nic, storageProfile=disks, networkProfile={"networkInterfaces": interfaces})
    shown = await arm.made(vm, body)
    gone = shown["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    await arm.gone(vm)
    assert [(await arm.get(each)).status for each in (gone, nic, kept)] == [404, 404, 200]


async def test_a_patch_changes_the_size_and_tags_and_nothing_else(arm: Arm) -> None:
    path = f"{compute(arm)}/disks/data"
    before = await arm.made(path, {**disk(), "tags": {"a": "b"}})
    await done(arm, "PATCH", path, {"properties": {"diskSizeGB": 64}})
    after = (await arm.get(path)).body
    assert (after["properties"]["diskSizeGB"], after["tags"]) == (64, {"a": "b"})
    assert after["properties"]["uniqueId"] == before["properties"]["uniqueId"]
    assert after["location"] == LOCATION

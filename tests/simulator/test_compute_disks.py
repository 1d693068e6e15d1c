"""Managed disks and snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import act, attach, compute, disk, machine, make_disk, make_machine, storage, vm
from .conftest import LOCATION, Arm


async def test_a_create_is_answered_202_with_both_headers(arm: Arm) -> None:
    reply = await arm.put(compute(arm, "disks", "data"), disk(100))
    assert (reply.status, reply.headers["Retry-After"]) == (202, "2")
    assert reply.body["properties"]["provisioningState"] == "Updating"
    assert "/locations/westus2/DiskOperations/" in reply.headers["Azure-AsyncOperation"]
    assert "monitor=true" in reply.headers["Location"]
    arm.clock.advance(100)
    status = (await arm.get(reply.headers["Azure-AsyncOperation"])).body
    made = (await arm.get(compute(arm, "disks", "data"))).body
    assert status["properties"]["output"] == made
    assert made["sku"] == {"name": "Standard_LRS", "tier": "Standard"}
    properties = made["properties"]
    assert properties["diskSizeBytes"] == 107374182400
    assert (properties["diskIOPSReadWrite"], properties["diskMBpsReadWrite"]) == (500, 60)
    assert properties["encryption"] == {"type": "EncryptionAtRestWithPlatformKey"}
    assert properties["diskState"] == "Unattached"
    assert {"timeCreated", "uniqueId"} < set(properties)


async def test_premium_disks_have_a_tier(arm: Arm) -> None:
    path = await make_disk(arm, body=disk(200, sku={"name": "Premium_LRS"}))
    properties = (await arm.get(path)).body["properties"]
    assert (properties["tier"], properties["diskIOPSReadWrite"], properties["diskMBpsReadWrite"]) == ("P15", 1100, 125)


async def test_a_disk_grows_and_never_shrinks(arm: Arm) -> None:
    path = await make_disk(arm, body=disk(60))
    assert (await arm.made(path, disk(100)))["properties"]["diskSizeGB"] == 100
    reply = await arm.put(path, disk(50))
    assert reply.status == 202
    arm.clock.advance(100)
    status = (await arm.get(reply.headers["Azure-AsyncOperation"])).body
    assert (status["status"], status["error"]["code"]) == ("Failed", "InvalidParameter")
    assert status["error"]["message"] == "Disks or snapshot cannot be resized down."
    assert (await arm.get(path)).body["properties"]["diskSizeGB"] == 100


async def test_an_attached_disk_cannot_be_deleted(arm: Arm) -> None:
    data = await make_disk(arm)
    await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    reply = await arm.delete(data)
    message = f"Disk data is attached to VM {vm(arm)}."
    assert (reply.status, reply.code, reply.body["error"]["message"]) == (409, "OperationNotAllowed", message)
    await arm.gone(vm(arm))
    assert (await arm.delete(data)).status == 202
    arm.clock.advance(100)
    assert (await arm.get(data)).status == 404


async def test_an_os_disk_grows_on_a_deallocated_machine_only(arm: Arm) -> None:
    made = await make_machine(arm)
    path = made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    bigger = {"properties": {"diskSizeGB": 64}}
    refused = await arm.patch(path, bigger)
    assert (refused.status, refused.code) == (409, "OperationNotAllowed")
    assert "while it is attached to running VM" in refused.body["error"]["message"]
    await act(arm, vm(arm), "deallocate")
    assert (await arm.patch(path, bigger)).status == 202


@pytest.mark.parametrize("which", ["os", "data"])
async def test_a_disk_changes_its_kind_on_a_deallocated_machine_only(arm: Arm, which: str) -> None:
    data = await make_disk(arm)
    made = await make_machine(arm, body=machine(storageProfile=storage(attach(0, data))))
    path = data if which == "data" else made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    other = {"sku": {"name": "StandardSSD_LRS"}}
    refused = await arm.patch(path, other)
    assert (refused.status, refused.code) == (409, "OperationNotAllowed")
    await act(arm, vm(arm), "deallocate")
    assert (await arm.patch(path, other)).status == 202


async def test_a_patch_changes_tags_and_sku(arm: Arm) -> None:
    path = await make_disk(arm)
    reply = await arm.patch(path, {"tags": {"a": "b"}, "sku": {"name": "StandardSSD_LRS"}})
    assert (reply.status, reply.body["sku"]["name"]) == (202, "StandardSSD_LRS")
    arm.clock.advance(100)
    after = (await arm.get(path)).body
    assert (after["tags"], after["properties"]["diskSizeGB"]) == ({"a": "b"}, 32)


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({}, "disk.creationData"),
        ({"creationData": {"createOption": "Empty"}}, "disk.diskSizeGB"),
        ({"creationData": {"createOption": "Empty"}, "diskSizeGB": 0}, "disk.diskSizeGB"),
        ({"creationData": {"createOption": "Copy"}}, "disk.creationData.sourceResourceId"),
    ],
)
async def test_a_disk_that_cannot_be(arm: Arm, properties: Any, target: str) -> None:
    reply = await arm.put(compute(arm, "disks", "data"), {"location": LOCATION, "properties": properties})
    assert (reply.code, reply.body["error"]["target"]) == ("InvalidParameter", target)


async def test_zone_and_origin_are_fixed(arm: Arm) -> None:
    path = await make_disk(arm, body=disk(zones=["1"]))
    assert (await arm.put(path, disk(zones=["2"]))).code == "PropertyChangeNotAllowed"
    other = {**disk(), "properties": {"creationData": {"createOption": "Upload"}, "diskSizeGB": 32}}
    assert (await arm.put(path, other)).code == "PropertyChangeNotAllowed"


async def test_a_snapshot_and_a_disk_made_of_it_have_the_size_of_the_disk(arm: Arm) -> None:
    source = await make_disk(arm, body=disk(48))
    snapshot, copy = compute(arm, "snapshots", "before"), compute(arm, "disks", "copy")
    for path, origin in ((snapshot, source), (copy, snapshot)):
        creation = {"createOption": "Copy", "sourceResourceId": origin}
        reply = await arm.put(path, {"location": LOCATION, "properties": {"creationData": creation}})
        assert reply.status == 202, reply.body
        arm.clock.advance(100)
        assert (await arm.get(path)).body["properties"]["diskSizeGB"] == 48


async def test_a_disk_to_which_access_is_granted_cannot_be_attached(arm: Arm) -> None:
    await make_machine(arm)
    path = await make_disk(arm)
    await arm("POST", f"{path}/beginGetAccess", {"access": "Read", "durationInSeconds": 100_000})
    arm.clock.advance(100)
    disks = {"storageProfile": {"dataDisks": [attach(0, path)]}}
    assert (await arm.patch(vm(arm), {"properties": disks})).code == "OperationNotAllowed"
    await act(arm, path, "endGetAccess")
    assert (await arm.patch(vm(arm), {"properties": disks})).status == 200

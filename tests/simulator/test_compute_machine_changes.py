"""What an update of a virtual machine may change, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest

from .compute_bodies import UBUNTU, act, compute, machine, make_interface, make_machine, vm
from .conftest import Arm


async def _patched(arm: Arm, **properties: Any) -> Any:
    return await arm.patch(vm(arm), {"properties": properties})


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({"storageProfile": {"imageReference": {**UBUNTU, "sku": "22_04-lts"}}}, "imageReference"),
        ({"storageProfile": {"osDisk": {"createOption": "Attach"}}}, "osDisk.createOption"),
        ({"storageProfile": {"osDisk": {"name": "other"}}}, "osDisk.name"),
        (
            {"storageProfile": {"osDisk": {"managedDisk": {"storageAccountType": "Standard_LRS"}}}},
            "osDisk.managedDisk.storageAccountType",
        ),
        ({"osProfile": {"computerName": "other"}}, "computerName"),
        ({"osProfile": {"adminUsername": "other"}}, "adminUsername"),
        ({"osProfile": {"customData": "Y2xvdWQ="}}, "customData"),
        (
            {"osProfile": {"linuxConfiguration": {"disablePasswordAuthentication": True}}},
            "linuxConfiguration.disablePasswordAuthentication",
        ),
        ({"priority": "Spot"}, "priority"),
        ({"securityProfile": {"securityType": "TrustedLaunch"}}, "securityProfile.securityType"),
    ],
)
async def test_what_is_fixed_is_refused_by_its_name(arm: Arm, properties: Any, target: str) -> None:
    await make_machine(arm)
    reply = await _patched(arm, **properties)
    assert (reply.status, reply.code) == (409, "PropertyChangeNotAllowed")
    assert reply.body["error"]["message"] == f"Changing property '{target}' is not allowed."
    assert reply.body["error"]["target"] == target


async def test_zones_are_fixed(arm: Arm) -> None:
    await make_machine(arm, body={**machine(), "zones": ["1"]})
    assert (await arm.patch(vm(arm), {"zones": ["2"]})).body["error"]["target"] == "zones"
    nic = f"{arm.network}/networkInterfaces/vm-nic"
    assert (await arm.made(vm(arm), machine(nic)))["zones"] == ["1"]


async def test_an_availability_set_is_for_good(arm: Arm) -> None:
    sets = [compute(arm, "availabilitySets", name) for name in ("one", "two")]
    for each in sets:
        await arm.put(each, {"location": "westus2", "sku": {"name": "Aligned"}})
    made = await make_machine(arm, body=machine(availabilitySet={"id": sets[0]}))
    assert made["properties"]["availabilitySet"]["id"] == f"{sets[0].rpartition('/')[0]}/ONE"
    assert (await _patched(arm, availabilitySet={"id": sets[0].upper()})).status == 200
    arm.clock.advance(1000)
    assert (await _patched(arm, availabilitySet={"id": sets[1]})).body["error"]["target"] == "availabilitySet"


async def test_the_same_said_again_is_no_change(arm: Arm) -> None:
    made = await make_machine(arm)
    for _ in range(2):
        assert (await arm.put(vm(arm), made)).status == 200
        arm.clock.advance(1000)
    after = (await arm.get(vm(arm))).body
    assert {**after, "etag": None} == {**made, "etag": None}


async def test_the_size_may_change(arm: Arm) -> None:
    await make_machine(arm)
    assert (await _patched(arm, hardwareProfile={"vmSize": "Standard_E4s_v5"})).status == 200
    arm.clock.advance(1000)
    assert (await _patched(arm, hardwareProfile={"vmSize": "Standard_Nope"})).code == "InvalidParameter"


async def test_a_put_without_profile_drops_it_as_recorded(arm: Arm) -> None:
    await make_machine(arm)
    body = machine(f"{arm.network}/networkInterfaces/vm-nic")
    del body["properties"]["osProfile"]
    assert "osProfile" not in (await arm.made(vm(arm), body))["properties"]


async def test_interfaces_change_on_a_deallocated_machine_only(arm: Arm) -> None:
    await make_machine(arm)
    nics = [f"{arm.network}/networkInterfaces/vm-nic", await make_interface(arm, "more")]
    two = machine(*nics)["properties"]["networkProfile"]
    reply = await _patched(arm, networkProfile=two)
    assert (reply.status, reply.code) == (400, "AddingOrDeletingNetworkInterfacesOnARunningVirtualMachineNotSupported")
    assert "with a single network interface must be stop-deallocated" in reply.body["error"]["message"]
    await act(arm, vm(arm), "deallocate")
    assert (await _patched(arm, networkProfile=two)).status == 200
    arm.clock.advance(1000)
    assert (await arm.get(nics[1])).body["properties"]["virtualMachine"] == {"id": vm(arm)}


async def test_size_and_kind_of_the_os_disk_do_not_change_through_the_machine(arm: Arm) -> None:
    made = await make_machine(arm)
    disk = made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    bigger = {"osDisk": {"diskSizeGB": 64}}
    other = {"osDisk": {"managedDisk": {"storageAccountType": "StandardSSD_LRS"}}}
    assert (await _patched(arm, storageProfile=bigger)).code == "Conflict"
    assert (await _patched(arm, storageProfile=other)).code == "PropertyChangeNotAllowed"
    await act(arm, vm(arm), "deallocate")
    for change, code in ((bigger, "ResizeDiskError"), (other, "OperationNotAllowed")):
        refused = await _patched(arm, storageProfile=change)
        assert refused.code == code
        assert f"disk resource at {disk}." in refused.body["error"]["message"]


async def test_a_deallocated_machine_does_not_say_what_its_disks_are_like(arm: Arm) -> None:
    made = await make_machine(arm)
    disk = made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"]
    assert made["properties"]["storageProfile"]["osDisk"]["diskSizeGB"] == 30
    await act(arm, vm(arm), "deallocate")
    shown = (await arm.get(vm(arm))).body["properties"]["storageProfile"]["osDisk"]
    assert "diskSizeGB" not in shown
    assert shown["managedDisk"] == {"id": disk}
    assert (await arm.patch(disk, {"properties": {"diskSizeGB": 64}})).status == 202
    arm.clock.advance(1000)
    await act(arm, vm(arm), "start")
    assert (await arm.get(vm(arm))).body["properties"]["storageProfile"]["osDisk"]["diskSizeGB"] == 64


async def test_encryption_at_host_is_switched_on_a_deallocated_machine_only(arm: Arm) -> None:
    await make_machine(arm)
    encrypted = {"encryptionAtHost": True}
    assert (await _patched(arm, securityProfile=encrypted)).code == "OperationNotAllowed"
    await act(arm, vm(arm), "deallocate")
    assert (await _patched(arm, securityProfile=encrypted)).status == 200


async def test_trusted_launch_comes_to_a_deallocated_machine(arm: Arm) -> None:
    await make_machine(arm)
    await act(arm, vm(arm), "deallocate")
    assert (await _patched(arm, securityProfile={"securityType": "TrustedLaunch"})).status == 200

"""Virtual machines: how they come, what the service adds, how they go."""

from __future__ import annotations

from .compute_bodies import PASSWORD, UBUNTU, compute, machine, make_interface, make_machine, storage, vm
from .conftest import LOCATION, Arm


async def test_a_create_is_polled_to_its_end(arm: Arm) -> None:
    reply = await arm.put(vm(arm), machine(await make_interface(arm)))
    assert (reply.status, reply.body["etag"], reply.headers["ETag"]) == (201, '"1"', '"1"')
    assert "/providers/Microsoft.Compute/locations/westus2/operations/" in reply.headers["Azure-AsyncOperation"]
    assert (await arm.get(reply.headers["Azure-AsyncOperation"])).body["status"] == "InProgress"
    arm.clock.advance(200)
    status = await arm.get(reply.headers["Azure-AsyncOperation"])
    assert list(status.body) == ["startTime", "endTime", "status", "name"]
    assert (await arm.get(vm(arm))).body["properties"]["provisioningState"] == "Succeeded"


async def test_the_service_fills_in_what_was_left_out(arm: Arm) -> None:
    reply = await arm.put(vm(arm), machine(await make_interface(arm)))
    properties = reply.body["properties"]
    assert properties["storageProfile"] == {
        "imageReference": {**UBUNTU, "exactVersion": "22.04.202508150"},
        "osDisk": {
            "osType": "Linux",
            "createOption": "FromImage",
            "caching": "ReadWrite",
            "managedDisk": {"storageAccountType": "Premium_LRS"},
            "deleteOption": "Detach",
            "diskSizeGB": 30,
        },
        "dataDisks": [],
        "diskControllerType": "SCSI",
    }
    assert properties["osProfile"] == {
        "computerName": "vm",
        "adminUsername": "azureuser",
        "linuxConfiguration": {
            "provisionVMAgent": True,
            "enableVMAgentPlatformUpdates": False,
            "patchSettings": {"patchMode": "ImageDefault", "assessmentMode": "ImageDefault"},
            "disablePasswordAuthentication": False,
        },
        "secrets": [],
        "allowExtensionOperations": True,
        "requireGuestProvisionSignal": True,
    }
    assert {"vmId", "timeCreated"} < set(properties)


async def test_the_os_disk_appears_with_the_end_of_the_create(arm: Arm) -> None:
    await arm.put(vm(arm), machine(await make_interface(arm)))
    creating = (await arm.get(vm(arm))).body["properties"]["storageProfile"]["osDisk"]
    assert "name" not in creating
    arm.clock.advance(200)
    entry = (await arm.get(vm(arm))).body["properties"]["storageProfile"]["osDisk"]
    assert entry["managedDisk"]["id"] == compute(arm, "disks", entry["name"])
    made = (await arm.get(entry["managedDisk"]["id"])).body
    assert made["managedBy"] == vm(arm)
    assert made["properties"]["creationData"]["createOption"] == "FromImage"
    assert (made["properties"]["osType"], made["properties"]["diskState"]) == ("Linux", "Attached")


async def test_sizes_without_premium_storage_get_standard_disks(arm: Arm) -> None:
    body = await make_machine(arm, body=machine(size="Standard_D4_v5"))
    assert body["properties"]["storageProfile"]["osDisk"]["managedDisk"]["storageAccountType"] == "Standard_LRS"


async def test_what_is_secret_is_never_answered(arm: Arm) -> None:
    body = machine(await make_interface(arm))
    body["properties"]["osProfile"]["customData"] = "Y2xvdWQ="
    body["properties"]["userData"] = "dXNlcg=="
    first = await arm.put(vm(arm), body)
    arm.clock.advance(200)
    for reply in (first, await arm.get(vm(arm))):
        assert PASSWORD not in str(reply.body)
        assert "customData" not in str(reply.body)
        assert "userData" not in reply.body["properties"]
    expanded = await arm.get(f"{vm(arm)}?$expand=userData")
    assert expanded.body["properties"]["userData"] == "dXNlcg=="


async def test_an_update_is_answered_200_updating_without_retry_after(arm: Arm) -> None:
    await make_machine(arm)
    nic = f"{arm.network}/networkInterfaces/vm-nic"
    reply = await arm.put(vm(arm), {**machine(nic), "tags": {"a": "b"}})
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (200, "Updating")
    assert "Azure-AsyncOperation" in reply.headers
    assert "Retry-After" not in reply.headers
    assert (await arm.patch(vm(arm), {"tags": {}})).code == "Conflict"


async def test_an_update_keeps_what_the_server_made(arm: Arm) -> None:
    before = (await make_machine(arm))["properties"]
    nic = f"{arm.network}/networkInterfaces/vm-nic"
    after = (await arm.made(vm(arm), machine(nic)))["properties"]
    assert after == before


async def test_a_patch_merges_and_replaces_tags(arm: Arm) -> None:
    before = await make_machine(arm)
    await arm.made(vm(arm), {**before, "tags": {"a": "1"}})
    size = {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}}
    reply = await arm.patch(vm(arm), {"tags": {"b": "2"}, "properties": size})
    assert (reply.status, reply.body["tags"]) == (200, {"b": "2"})
    arm.clock.advance(200)
    after = (await arm.get(vm(arm))).body
    assert after["properties"]["hardwareProfile"] == size["hardwareProfile"]
    assert after["properties"]["osProfile"] == before["properties"]["osProfile"]


async def test_the_etag_counts_up_and_guards(arm: Arm) -> None:
    etag = (await make_machine(arm))["etag"]
    stale = await arm.patch(vm(arm), {"tags": {"a": "b"}}, headers={"If-Match": '"1"'})
    assert (stale.status, stale.code) == (412, "PreconditionFailed")
    assert (await arm.patch(vm(arm), {"tags": {"a": "b"}}, headers={"If-Match": etag})).status == 200
    assert int((await arm.get(vm(arm))).body["etag"].strip('"')) > int(etag.strip('"'))


async def test_a_delete_leaves_disks_and_interfaces(arm: Arm) -> None:
    made = await make_machine(arm)
    reply = await arm.delete(vm(arm))
    assert (reply.status, reply.headers["Retry-After"]) == (202, "10")
    assert "monitor=true" in reply.headers["Location"]
    assert (await arm.get(vm(arm))).body["properties"]["provisioningState"] == "Deleting"
    arm.clock.advance(200)
    gone = await arm.get(vm(arm))
    assert (gone.status, gone.code) == (404, "ResourceNotFound")
    left = (await arm.get(made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"])).body
    assert "managedBy" not in left
    assert left["properties"]["diskState"] == "Unattached"
    assert (await arm.get(f"{arm.network}/networkInterfaces/vm-nic")).status == 200
    assert (await arm.delete(vm(arm))).status == 204


async def test_what_says_so_goes_with_the_machine(arm: Arm) -> None:
    body = machine(storageProfile=storage(os_disk={"createOption": "FromImage", "deleteOption": "Delete"}))
    made = await make_machine(arm, body=body)
    nic = f"{arm.network}/networkInterfaces/vm-nic"
    parts = {"networkProfile": {"networkInterfaces": [{"id": nic, "properties": {"deleteOption": "Delete"}}]}}
    await arm.patch(vm(arm), {"properties": parts})
    arm.clock.advance(200)
    await arm.gone(vm(arm))
    assert (await arm.get(made["properties"]["storageProfile"]["osDisk"]["managedDisk"]["id"])).status == 404
    assert (await arm.get(nic)).status == 404


async def test_machines_are_listed_by_group_subscription_and_location(arm: Arm) -> None:
    await make_machine(arm, "one")
    await make_machine(arm, "two")
    provider = "providers/Microsoft.Compute"
    for scope in (arm.group, arm.subscription):
        assert (await arm.get(f"{scope}/{provider}/virtualMachines")).names == ["one", "two"]
    of = f"{arm.subscription}/{provider}/locations"
    assert (await arm.get(f"{of}/{LOCATION}/virtualMachines")).names == ["one", "two"]
    assert (await arm.get(f"{of}/eastus/virtualMachines")).names == []
    listed = await arm.get(f"{arm.group}/resources?$filter=resourceType eq 'Microsoft.Compute/virtualMachines'")
    assert listed.names == ["one", "two"]
    disks = await arm.get(f"{arm.group}/resources?$filter=resourceType eq 'Microsoft.Compute/disks'")
    assert {each["managedBy"] for each in disks.body["value"]} == {vm(arm, "one"), vm(arm, "two")}


async def test_unknown_and_mistyped_properties_are_refused(arm: Arm) -> None:
    body = machine(await make_interface(arm))
    body["properties"]["hardwareProfile"]["cpus"] = 4
    reply = await arm.put(vm(arm), body)
    assert (reply.status, reply.code) == (400, "BadRequest")
    start = "Could not find member 'cpus' on object of type 'HardwareProfile'."
    assert reply.body["error"]["message"].startswith(start)
    del body["properties"]["hardwareProfile"]["cpus"]
    body["properties"]["storageProfile"] = storage(os_disk={"createOption": "FromImage", "diskSizeGB": "big"})
    mistyped = await arm.put(vm(arm), body)
    target = "properties.storageProfile.osDisk.diskSizeGB"
    assert (mistyped.code, mistyped.body["error"]["target"]) == ("InvalidParameter", target)

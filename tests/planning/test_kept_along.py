"""What Azure deletes together with a machine, and the plan does not delete, is kept."""

from __future__ import annotations

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.resources.steps import Keep
from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINES, DISKS = "Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks"
DISK = "    data_disks: {db: {lun: 0, size_gb: 8, delete_with_vm: true}}\n"
SPEC = HEAD + NETWORK + machine(DISK).replace("Standard_B1s", "Standard_D4s_v5")
OTHER_IMAGE = SPEC.replace("ubuntu-24_04-lts:server", "0001-com-ubuntu-server-jammy:22_04-lts-gen2")


async def _attach_foreign(world: World) -> str:
    """A disk of another tool, and all interfaces, so that Azure deletes them together with the machine."""
    disk, path = world.in_group(GROUP, DISKS, "foreign"), world.in_group(GROUP, MACHINES, "web")
    properties = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}
    await world.arm("PUT", disk, {"location": "westus2", "sku": {"name": "Premium_LRS"}, "properties": properties})
    _, body = await world.arm("GET", path)
    found = body["properties"]["storageProfile"]["dataDisks"]
    found.append({"lun": 5, "createOption": "Attach", "deleteOption": "Delete", "managedDisk": {"id": disk}})
    interfaces = body["properties"]["networkProfile"]["networkInterfaces"]
    for item in interfaces:
        item["properties"] = {**item.get("properties", {}), "deleteOption": "Delete"}
    changed = {"storageProfile": {"dataDisks": found}, "networkProfile": {"networkInterfaces": interfaces}}
    status, _ = await world.arm("PATCH", path, {"properties": changed})
    assert status == 200
    return disk


async def _unique_id(world: World, name: str) -> str:
    status, body = await world.arm("GET", world.in_group(GROUP, DISKS, name))
    return str(body["properties"]["uniqueId"]) if status == 200 else ""


async def test_a_replaced_machine_keeps_its_data_disk_and_what_others_attached(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    disk = await _attach_foreign(world)
    before = [await _unique_id(world, name) for name in ("web-db", "foreign")]
    assert all(before)
    plan = await world.plan(OTHER_IMAGE)
    assert actions(plan) == {"vms/web": "replace"}
    keep, *_ = [step.operation for step in plan.steps["vms/web"]]
    assert isinstance(keep, Keep)
    assert {each.rpartition("/")[2] for each in keep.resource_ids} == {"web-db", "foreign", "web-nic"}
    assert any(note.endswith(disk) for note in plan.pending[0].notes)
    assert failures(await world.apply(OTHER_IMAGE)) == []
    assert [await _unique_id(world, name) for name in ("web-db", "foreign")] == before
    assert not (await world.plan(OTHER_IMAGE)).pending


async def test_destroy_keeps_what_others_attached(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    await _attach_foreign(world)
    await world.destroy(SPEC)
    assert await _unique_id(world, "foreign")
    assert not await _unique_id(world, "web-db")


async def test_an_os_disk_that_stays_and_keeps_its_name_is_a_problem(world: World) -> None:
    kept = SPEC.replace(DISK, "    os_disk: {name: web-os, delete_with_vm: false}\n")
    assert failures(await world.apply(kept)) == []
    other = kept.replace("ubuntu-24_04-lts:server", "0001-com-ubuntu-server-jammy:22_04-lts-gen2")
    with pytest.raises(SpecError) as caught:
        await world.plan(other)
    assert [item.code for item in caught.value.diagnostics] == ["PV3506"]
    renamed = other.replace("web-os", "web-os-2")
    assert failures(await world.apply(renamed)) == []
    assert not (await world.plan(renamed)).pending
    gone = renamed.replace("delete_with_vm: false", "delete_with_vm: true")
    assert failures(await world.apply(gone)) == []
    again = gone.replace("0001-com-ubuntu-server-jammy:22_04-lts-gen2", "ubuntu-24_04-lts:server")
    assert actions(await world.plan(again)) == {"vms/web": "replace"}
    assert failures(await world.apply(again)) == []

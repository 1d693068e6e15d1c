"""Managed data disks and the machines that they are attached to, on the simulator."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, entry, round_trip
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

TYPE = "Microsoft.Compute/disks"
MACHINE = "Microsoft.Compute/virtualMachines"
ADDRESS = "vms/web/data_disks/data"


def spec(disk: str = "lun: 0, size_gb: 64", machine_extra: str = "") -> str:
    return HEAD + NETWORK + machine(f"    data_disks: {{data: {{{disk}}}}}\n{machine_extra}")


WITHOUT = HEAD + NETWORK + machine()


async def read(world: World, name: str = "web-data") -> Any:
    return (await world.arm("GET", world.in_group(GROUP, TYPE, name)))[1]


async def attached(world: World) -> list[Any]:
    """The machine's data disks."""
    _, body = await world.arm("GET", world.in_group(GROUP, MACHINE, "web"))
    return list(body["properties"]["storageProfile"]["dataDisks"])


async def test_it_is_created_attached_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(spec())) == []
    assert not (await world.plan(spec())).pending
    body = await read(world)
    assert (body["sku"]["name"], body["properties"]["diskSizeGB"]) == ("StandardSSD_LRS", 64)
    assert body["properties"]["creationData"]["createOption"] == "Empty"
    (disk,) = await attached(world)
    assert (disk["lun"], disk["caching"], disk["deleteOption"]) == (0, "None", "Detach")


async def test_a_name_of_its_own_and_every_property_reach_azure(world: World) -> None:
    text = spec("name: payroll, lun: 3, size_gb: 32, sku: Premium_LRS, caching: read_only, delete_with_vm: true")
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending
    assert (await read(world, "payroll"))["sku"]["name"] == "Premium_LRS"
    (disk,) = await attached(world)
    assert (disk["lun"], disk["caching"], disk["deleteOption"]) == (3, "ReadOnly", "Delete")


async def test_it_lies_in_the_zone_of_its_machine(world: World) -> None:
    assert failures(await world.apply(spec(machine_extra="    zone: 2\n"))) == []
    assert (await read(world))["zones"] == ["2"]


@pytest.mark.parametrize(
    ("disk", "changed", "impact"),
    [
        ("lun: 0, size_gb: 128", "properties.diskSizeGB", "live"),
        ("lun: 0, size_gb: 64, tags: {tier: db}", "tags.tier", "none"),
    ],
    ids=["size", "tags"],
)
async def test_its_own_properties_are_updated_in_place(world: World, disk: str, changed: str, impact: str) -> None:
    await world.apply(spec())
    change = only(await world.plan(spec(disk)), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("update", [changed], impact)
    assert failures(await world.apply(spec(disk))) == []
    assert not (await world.plan(spec(disk))).pending


async def test_another_sku_is_an_update_that_a_machine_that_is_off_takes(world: World) -> None:
    await world.apply(spec())
    text = spec("lun: 0, size_gb: 64, sku: Premium_LRS")
    change = only(await world.plan(text), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("update", ["sku.name"], "deallocate")
    await world.arm("POST", f"{world.in_group(GROUP, MACHINE, 'web')}/deallocate")
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending


@pytest.mark.parametrize(
    ("disk", "changed"),
    [
        ("lun: 5, size_gb: 64", "properties.storageProfile.dataDisks[web-data].lun"),
        ("lun: 0, size_gb: 64, caching: read_only", "properties.storageProfile.dataDisks[web-data].caching"),
        ("lun: 0, size_gb: 64, delete_with_vm: true", "properties.storageProfile.dataDisks[web-data].deleteOption"),
    ],
    ids=["lun", "caching", "delete_with_vm"],
)
async def test_how_it_is_attached_is_an_update_of_the_machine(world: World, disk: str, changed: str) -> None:
    await world.apply(spec())
    change = only(await world.plan(spec(disk)), "vms/web")
    assert (change.action, paths(change)) == ("update", [changed])
    assert failures(await world.apply(spec(disk))) == []
    assert not (await world.plan(spec(disk))).pending


async def test_a_smaller_size_replaces_it_and_its_content_is_lost(world: World) -> None:
    await world.apply(spec())
    smaller = spec("lun: 0, size_gb: 32")
    found = {change.address: change for change in (await world.plan(smaller)).pending}
    assert (found[ADDRESS].action, found[ADDRESS].impact) == ("replace", "data-loss")
    before = (await read(world))["properties"]["uniqueId"]
    assert failures(await world.apply(smaller)) == []
    after = (await read(world))["properties"]
    assert (after["diskSizeGB"], after["uniqueId"] == before) == (32, False)
    assert len(await attached(world)) == 1
    assert not (await world.plan(smaller)).pending


async def test_another_zone_replaces_it_with_its_machine(world: World) -> None:
    await world.apply(spec(machine_extra="    zone: 1\n"))
    other = spec(machine_extra="    zone: 2\n")
    assert actions(await world.plan(other)) == {"vms/web": "replace", ADDRESS: "replace"}
    assert failures(await world.apply(other)) == []
    assert (await read(world))["zones"] == ["2"]
    assert not (await world.plan(other)).pending


async def test_it_outlives_a_machine_that_is_replaced(world: World) -> None:
    await world.apply(spec())
    before = (await read(world))["properties"]["uniqueId"]
    other = spec().replace("ubuntu-24_04-lts:server", "ubuntu-22_04-lts:server")
    assert actions(await world.plan(other)) == {"vms/web": "replace"}
    assert failures(await world.apply(other)) == []
    assert (await read(world))["properties"]["uniqueId"] == before
    assert not (await world.plan(other)).pending


async def test_one_that_left_the_spec_is_detached_and_deleted(world: World) -> None:
    await world.apply(spec())
    plan = await world.plan(WITHOUT)
    assert actions(plan) == {"vms/web": "update", "managed_disk/web-data": "delete"}
    assert {change.impact for change in plan.pending if change.action == "delete"} == {"data-loss"}
    assert failures(await world.apply(WITHOUT)) == []
    assert await attached(world) == []
    assert (await world.arm("GET", world.in_group(GROUP, TYPE, "web-data")))[0] == 404


async def test_a_size_that_somebody_changed_is_drift(world: World) -> None:
    await world.apply(spec())
    identity = world.in_group(GROUP, TYPE, "web-data")
    assert (await world.arm("PATCH", identity, {"properties": {"diskSizeGB": 256}}))[0] < 300
    change = {change.address: change for change in (await world.plan(spec())).pending}[ADDRESS]
    # A disk that somebody grew can't shrink in place.
    assert (change.action, paths(change), change.cause) == ("replace", ["properties.diskSizeGB"], "drift")


async def test_a_disk_that_another_tool_attached_stays(world: World) -> None:
    await world.apply(spec())
    theirs = world.in_group(GROUP, TYPE, "theirs")
    body = {"location": "westus2", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}}
    assert (await world.arm("PUT", theirs, body))[0] < 300

    def attach(machine: Any) -> None:
        machine["properties"]["storageProfile"]["dataDisks"].append(
            {"lun": 7, "createOption": "Attach", "managedDisk": {"id": theirs}}
        )

    await world.change(world.in_group(GROUP, MACHINE, "web"), attach)
    assert not (await world.plan(spec())).pending
    assert failures(await world.apply(spec("lun: 0, size_gb: 64, caching: read_only"))) == []
    assert sorted(disk["lun"] for disk in await attached(world)) == [0, 7]
    assert failures(await world.destroy(spec())) == []
    assert (await world.arm("GET", theirs))[0] == 200


async def test_a_disk_without_an_owner_is_adopted_only_on_request(world: World) -> None:
    await world.apply(WITHOUT)
    body = {
        "location": "westus2",
        "sku": {"name": "StandardSSD_LRS"},
        "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 64},
    }
    assert (await world.arm("PUT", world.in_group(GROUP, TYPE, "web-data"), body))[0] < 300
    with pytest.raises(SpecError, match="exists already and belongs to no deployment"):
        await world.plan(spec())
    assert failures(await world.apply(spec(), adopt=True)) == []
    assert (await read(world))["tags"]["provisioner-deployment"] == "demo"
    assert not (await world.plan(spec())).pending


async def test_what_another_tool_made_is_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    properties = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 32}
    disk = await foreign.make(TYPE, "web-logs", properties, sku={"name": "Premium_LRS"})
    loose = await foreign.make(TYPE, "loose", properties, sku={"name": "Premium_LRS"})
    interface = await foreign.interface(await foreign.network())
    machine_body = {
        "imageReference": {
            "publisher": "Canonical",
            "offer": "ubuntu-24_04-lts",
            "sku": "server",
            "version": "latest",
        },
        "osDisk": {"createOption": "FromImage", "name": "web-os", "deleteOption": "Delete"},
        "dataDisks": [{"lun": 2, "createOption": "Attach", "caching": "ReadOnly", "managedDisk": {"id": disk}}],
    }
    await foreign.machine(interface, properties={"storageProfile": machine_body})
    text = await round_trip(world)
    assert entry(text, "data_disks:", 2)[1] == "logs: {lun: 2, size_gb: 32, sku: Premium_LRS, caching: read_only}"
    assert f"managed disk, no VM of the group uses it: {loose}" in text


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(spec())
    assert failures(await world.destroy(spec())) == []
    assert (await world.actual(spec())).owned == {}

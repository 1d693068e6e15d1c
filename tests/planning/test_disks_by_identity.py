"""Data disks are known by their ID and not by their LUN."""

from __future__ import annotations

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINES, DISKS = "Microsoft.Compute/virtualMachines", "Microsoft.Compute/disks"


def disks(**luns: int) -> str:
    entries = ", ".join(f"{name}: {{lun: {lun}, size_gb: 8}}" for name, lun in luns.items())
    return HEAD + NETWORK + machine(f"    data_disks: {{{entries}}}\n").replace("Standard_B1s", "Standard_D4s_v5")


async def _attached(world: World) -> dict[str, int]:
    _, body = await world.arm("GET", world.in_group(GROUP, MACHINES, "web"))
    found = body["properties"]["storageProfile"]["dataDisks"]
    return {item["managedDisk"]["id"].rpartition("/")[2]: item["lun"] for item in found}


async def _attach_foreign(world: World, lun: int) -> None:
    disk, path = world.in_group(GROUP, DISKS, "foreign"), world.in_group(GROUP, MACHINES, "web")
    properties = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}
    await world.arm("PUT", disk, {"location": "westus2", "sku": {"name": "Premium_LRS"}, "properties": properties})
    _, body = await world.arm("GET", path)
    found = body["properties"]["storageProfile"]["dataDisks"]
    found.append({"lun": lun, "createOption": "Attach", "managedDisk": {"id": disk}})
    status, _ = await world.arm("PATCH", path, {"properties": {"storageProfile": {"dataDisks": found}}})
    assert status == 200


@pytest.mark.parametrize(
    ("before", "luns"),
    [
        (disks(a=0, b=1), {"a": 1, "b": 0}),
        (disks(a=0, b=1), {"b": 0}),
        (disks(a=0), {"a": 5}),
        (disks(a=0), {"b": 0}),
        (disks(a=0, b=1, c=2), {"b": 0, "c": 1, "a": 2}),
    ],
    ids=["swapped", "reused", "moved", "another", "rotated"],
)
async def test_disks_move_between_luns(world: World, before: str, luns: dict[str, int]) -> None:
    after, wanted = disks(**luns), {f"web-{name}": lun for name, lun in luns.items()}
    assert failures(await world.apply(before)) == []
    plan = await world.plan(after)
    assert [step.id for step in plan.steps["vms/web"]][:2] == ["vms/web:detach", "vms/web:update"]
    assert failures(await world.apply(after)) == []
    wanted = {
        f"web-{name}": item["lun"] for name, item in world.load(after).spec.data["vms"]["web"]["data_disks"].items()
    }
    assert await _attached(world) == wanted
    assert not (await world.plan(after)).pending


async def test_a_disk_of_others_stays_at_its_lun(world: World) -> None:
    assert failures(await world.apply(disks(a=0))) == []
    await _attach_foreign(world, 1)
    assert not (await world.plan(disks(a=0))).pending
    assert failures(await world.apply(disks(a=0, b=2))) == []
    assert await _attached(world) == {"web-a": 0, "foreign": 1, "web-b": 2}


@pytest.mark.parametrize("spec", [disks(a=0, b=1), disks(a=1)], ids=["added", "moved"])
async def test_a_lun_that_others_use_is_refused(world: World, spec: str) -> None:
    assert failures(await world.apply(disks(a=0))) == []
    await _attach_foreign(world, 1)
    with pytest.raises(SpecError) as caught:
        await world.plan(spec)
    (found,) = caught.value.diagnostics
    assert found.code == "PV3504"
    assert world.in_group(GROUP, DISKS, "foreign") in found.reason
    assert await _attached(world) == {"web-a": 0, "foreign": 1}


async def test_a_replaced_disk_is_attached_again(world: World) -> None:
    assert failures(await world.apply(disks(a=0))) == []
    smaller = disks(a=0).replace("size_gb: 8", "size_gb: 4")
    assert actions(await world.plan(smaller))["vms/web/data_disks/a"] == "replace"
    assert failures(await world.apply(smaller)) == []
    assert await _attached(world) == {"web-a": 0}

"""Virtual machines, their disks and extensions on the embedded cloud."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

TYPE = "Microsoft.Compute/virtualMachines"
BASE = HEAD + NETWORK + "identities: {one: {}, two: {}}\n"
WINDOWS = (
    HEAD
    + NETWORK
    + """
vms:
  win:
    os: windows
    size: Standard_D2s_v5
    image: MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest
    subnet: net/front
    security: trusted_launch
    boot_diagnostics: true
    license_type: Windows_Server
    zone: 1
    os_disk: {sku: Premium_LRS, size_gb: 256, caching: read_only}
    admin: {username: azureuser, password: "${secrets.admin}"}
"""
)


def spec(extra: str = "", **options: Any) -> str:
    return BASE + machine(extra, **options)


EXTENSION = """\
    extensions:
      setup:
        publisher: Microsoft.Azure.Extensions
        type: CustomScript
        version: 2.1
        settings: {timestamp: 1}
        protected_settings: {commandToExecute: "echo ${secrets.admin}"}
"""
DISKS = "    data_disks: {data: {lun: 0, size_gb: 64}, logs: {lun: 1, size_gb: 32, sku: Premium_LRS}}\n"


@pytest.mark.parametrize(
    "text",
    [
        spec(),
        spec("    identity: {system_assigned: true}\n"),
        spec("    identity: {user_assigned: [one]}\n"),
        spec("    identity: {system_assigned: true, user_assigned: [one, two]}\n"),
        spec(DISKS + EXTENSION),
        spec('    custom_data: "#cloud-config ${secrets.admin}"\n    user_data: hello\n'),
        spec("    spot: {eviction_policy: deallocate, max_price: -1}\n"),
        WINDOWS,
        spec("    zone: 1\n    data_disks: {db: {lun: 0, size_gb: 64, sku: UltraSSD_LRS}}\n", size="Standard_D2s_v5"),
        spec("    security: {type: confidential}\n", size="Standard_D2s_v5"),
    ],
    ids=["plain", "system", "user", "both", "disks-and-extension", "data", "spot", "windows", "ultra", "confidential"],
)
async def test_it_is_created_and_a_second_plan_is_empty(world: World, text: str) -> None:
    assert failures(await world.apply(text)) == []
    assert {change.address: paths(change) for change in (await world.plan(text)).pending} == {}


async def test_the_size_is_updated_in_place(world: World) -> None:
    await world.apply(spec())
    bigger = spec(size="Standard_D2s_v5")
    change = only(await world.plan(bigger), "vms/web")
    assert (change.action, paths(change)) == ("update", ["properties.hardwareProfile.vmSize"])
    assert failures(await world.apply(bigger)) == []
    assert not (await world.plan(bigger)).pending


async def test_an_ultra_disk_comes_to_a_machine_that_is_off(world: World) -> None:
    await world.apply(spec(size="Standard_D2s_v5"))
    with_disk = spec("    data_disks: {db: {lun: 0, size_gb: 64, sku: UltraSSD_LRS}}\n", size="Standard_D2s_v5")
    planned = {change.address: change for change in (await world.plan(with_disk)).pending}
    assert (planned["vms/web"].action, planned["vms/web"].impact) == ("update", "deallocate")
    await world.arm("POST", f"{world.in_group(GROUP, TYPE, 'web')}/deallocate")
    assert failures(await world.apply(with_disk)) == []
    assert not (await world.plan(with_disk)).pending


async def test_another_image_replaces_it_and_what_hangs_on_it(world: World) -> None:
    extra = "    identity: {system_assigned: true}\n" + EXTENSION
    grants = "role_grants: {read: {role: Reader, to: [vms/web]}}\n"
    await world.apply(spec(extra) + grants)
    other = spec(extra).replace("ubuntu-24_04-lts:server", "ubuntu-22_04-lts:server") + grants
    assert actions(await world.plan(other)) == {
        "vms/web": "replace",
        "vms/web/extensions/setup": "create",
        "role_grants/read/vms/web": "replace",
    }
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending


async def test_an_identity_is_added_and_taken_away(world: World) -> None:
    await world.apply(spec("    identity: {user_assigned: [one]}\n"))
    other = spec("    identity: {system_assigned: true, user_assigned: [two]}\n")
    change = only(await world.plan(other), "vms/web")
    assert change.action == "update"
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending
    _, body = await world.arm("GET", world.in_group(GROUP, TYPE, "web"))
    assert [name.rpartition("/")[2] for name in body["identity"]["userAssignedIdentities"]] == ["two"]
    assert body["identity"]["principalId"]


async def test_an_identity_of_somebody_else_stays(world: World) -> None:
    await world.apply(spec("    identity: {user_assigned: [one]}\n"))
    theirs = world.in_group(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "policy")
    await world.arm("PUT", theirs, {"location": "westus2"})
    identity = world.in_group(GROUP, TYPE, "web")
    body = {"identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {theirs: {}}}}
    status, answer = await world.arm("PATCH", identity, body)
    assert status == 200, answer
    assert not (await world.plan(spec("    identity: {user_assigned: [one]}\n"))).pending
    assert failures(await world.apply(spec("    identity: {user_assigned: [one, two]}\n"))) == []
    _, found = await world.arm("GET", identity)
    names = {name.rpartition("/")[2].lower() for name in found["identity"]["userAssignedIdentities"]}
    assert names == {"one", "two", "policy"}
    assert found["identity"]["type"] == "SystemAssigned, UserAssigned"


@pytest.mark.parametrize("first", ["{user_assigned: [one]}", "{system_assigned: true, user_assigned: [one]}"])
async def test_an_identity_that_a_policy_assigned_outlives_updates_of_the_machine(world: World, first: str) -> None:
    await world.apply(spec(f"    identity: {first}\n"))
    theirs = world.in_group(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "policy")
    await world.arm("PUT", theirs, {"location": "westus2"})
    identity = world.in_group(GROUP, TYPE, "web")
    body = {"identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {theirs: {}}}}
    assert (await world.arm("PATCH", identity, body))[0] == 200
    larger = "Standard_B2s"
    assert failures(await world.apply(spec(f"    identity: {first}\n", size=larger))) == []
    assert not (await world.plan(spec(f"    identity: {first}\n", size=larger))).pending
    assert failures(await world.apply(spec("    identity: {user_assigned: [two]}\n", size=larger))) == []
    _, found = await world.arm("GET", identity)
    names = {name.rpartition("/")[2].lower() for name in found["identity"]["userAssignedIdentities"]}
    is_ours = "system_assigned" in first
    assert names == {"two", "policy"}
    assert found["identity"]["type"] == ("UserAssigned" if is_ours else "SystemAssigned, UserAssigned")


async def test_all_own_identities_leave_the_machine_and_those_of_a_policy_stay(world: World) -> None:
    await world.apply(spec("    identity: {user_assigned: [one]}\n"))
    theirs = world.in_group(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "policy")
    await world.arm("PUT", theirs, {"location": "westus2"})
    identity = world.in_group(GROUP, TYPE, "web")
    body = {"identity": {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {theirs: {}}}}
    assert (await world.arm("PATCH", identity, body))[0] == 200
    assert failures(await world.apply(spec("    identity: {user_assigned: [one]}\n", size="Standard_B2s"))) == []
    assert failures(await world.apply(spec("", size="Standard_B2s"))) == []
    _, found = await world.arm("GET", identity)
    names = {name.rpartition("/")[2].lower() for name in found["identity"]["userAssignedIdentities"]}
    assert (names, found["identity"]["type"]) == ({"policy"}, "SystemAssigned, UserAssigned")


async def test_a_size_that_somebody_changed_is_drift(world: World) -> None:
    await world.apply(spec())
    identity = world.in_group(GROUP, TYPE, "web")
    await world.arm("PATCH", identity, {"properties": {"hardwareProfile": {"vmSize": "Standard_D4s_v5"}}})
    assert paths(only(await world.plan(spec()), "vms/web")) == ["properties.hardwareProfile.vmSize"]


async def test_what_is_ignored_is_no_drift(world: World) -> None:
    text = spec("    lifecycle: {ignore_changes: [properties.hardwareProfile]}\n")
    await world.apply(text)
    identity = world.in_group(GROUP, TYPE, "web")
    await world.arm("PATCH", identity, {"properties": {"hardwareProfile": {"vmSize": "Standard_D4s_v5"}}})
    assert not (await world.plan(text)).pending


async def test_what_is_ignored_stays_when_something_else_changes(world: World) -> None:
    text = spec("    lifecycle: {ignore_changes: [properties.hardwareProfile, tags.owner]}\n    tags: {owner: me}\n")
    await world.apply(text)
    identity = world.in_group(GROUP, TYPE, "web")
    _, body = await world.arm("GET", identity)
    tags = {**body["tags"], "owner": "them"}
    await world.arm("PATCH", identity, {"tags": tags, "properties": {"hardwareProfile": {"vmSize": "Standard_D4s_v5"}}})
    assert failures(await world.apply(text.replace("owner: me", "owner: me, team: payroll"))) == []
    _, body = await world.arm("GET", identity)
    assert (body["tags"]["owner"], body["tags"]["team"]) == ("them", "payroll")
    assert body["properties"]["hardwareProfile"]["vmSize"] == "Standard_D4s_v5"


async def test_a_disk_is_attached_grown_and_detached(world: World) -> None:
    await world.apply(spec())
    assert failures(await world.apply(spec(DISKS))) == []
    bigger = spec(DISKS.replace("size_gb: 64", "size_gb: 128"))
    change = only(await world.plan(bigger), "vms/web/data_disks/data")
    assert (change.action, paths(change)) == ("update", ["properties.diskSizeGB"])
    assert failures(await world.apply(bigger)) == []
    assert not (await world.plan(bigger)).pending
    assert failures(await world.apply(spec())) == []
    assert not (await world.plan(spec())).pending
    _, body = await world.arm("GET", world.in_group(GROUP, TYPE, "web"))
    assert body["properties"]["storageProfile"]["dataDisks"] == []


async def test_an_extension_is_updated_and_removed(world: World) -> None:
    await world.apply(spec(EXTENSION))
    other = spec(EXTENSION.replace("timestamp: 1", "timestamp: 2"))
    change = only(await world.plan(other), "vms/web/extensions/setup")
    assert (change.action, paths(change)) == ("update", ["properties.settings.timestamp"])
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending
    assert failures(await world.apply(spec())) == []
    assert not (await world.plan(spec())).pending


async def test_another_publisher_replaces_an_extension(world: World) -> None:
    await world.apply(spec(EXTENSION))
    other = spec(EXTENSION.replace("Microsoft.Azure.Extensions", "Microsoft.OSTCExtensions").replace("2.1", "1.5"))
    assert only(await world.plan(other), "vms/web/extensions/setup").action == "replace"


async def test_extensions_of_one_machine_go_one_after_another(world: World) -> None:
    more = "      two: {publisher: Contoso.Agents, type: Second, version: '1.0'}\n"
    more += "      first: {publisher: Contoso.Agents, type: First, version: '1.0'}\n"
    assert failures(await world.apply(spec(EXTENSION + more))) == []
    order = [
        (event.change.address.rpartition("/")[2], event.phase)
        for event in world.events
        if "/extensions/" in event.change.address and event.phase in ("started", "finished")
    ]
    assert order == [(name, phase) for name in ("setup", "two", "first") for phase in ("started", "finished")]


async def test_a_machine_that_left_the_spec_is_deleted_with_its_parts(world: World) -> None:
    await world.apply(spec(DISKS + EXTENSION))
    plan = await world.plan(BASE)
    assert actions(plan) == {
        "virtual_machine/web": "delete",
        "virtual_machine_extension/web/setup": "delete",
        "managed_disk/web-data": "delete",
        "managed_disk/web-logs": "delete",
        "network_interface/web-nic": "delete",
    }
    assert failures(await world.apply(BASE)) == []
    assert not (await world.plan(BASE)).pending


async def test_destroy_leaves_nothing(world: World) -> None:
    text = spec("    identity: {system_assigned: true}\n" + DISKS + EXTENSION)
    text += "role_grants: {read: {role: Reader, scope: subscription, to: [vms/web]}}\n"
    await world.apply(text)
    assert failures(await world.destroy(text)) == []
    left = await world.actual(text)
    assert (left.owned, left.assignments) == ({}, ())
    status, _ = await world.arm("GET", f"/resourceGroups/{GROUP}")
    assert status == 404


async def test_destroy_keeps_a_group_that_holds_something_foreign(world: World) -> None:
    await world.apply(spec(DISKS))
    theirs = world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "theirs")
    body = {"location": "westus2", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
    await world.arm("PUT", theirs, body)
    assert failures(await world.destroy(spec(DISKS))) == []
    status, _ = await world.arm("GET", theirs)
    assert status == 200
    left = await world.actual(spec(DISKS))
    assert [item.type for item in left.owned.values()] == ["Microsoft.Resources/resourceGroups"]


OS_DISK = "    os_disk: {sku: Premium_LRS, size_gb: 64}\n"


async def _deallocate(world: World) -> None:
    path = world.in_group(GROUP, "Microsoft.Compute/virtualMachines", "web")
    assert (await world.arm("POST", f"{path}/deallocate"))[0] == 202


async def test_a_second_plan_on_a_deallocated_machine_is_empty(world: World) -> None:
    assert failures(await world.apply(spec(OS_DISK))) == []
    await _deallocate(world)
    assert not (await world.plan(spec(OS_DISK))).pending


async def test_the_os_disk_of_a_deallocated_machine_changes_in_place(world: World) -> None:
    assert failures(await world.apply(spec(OS_DISK))) == []
    await _deallocate(world)
    changed = spec("    os_disk: {sku: StandardSSD_LRS, size_gb: 128, caching: read_only}\n")
    change = only(await world.plan(changed), "vms/web")
    assert change.impact == "deallocate"
    assert paths(change) == [
        "properties.storageProfile.osDisk.caching",
        "properties.storageProfile.osDisk.diskSizeGB",
        "properties.storageProfile.osDisk.managedDisk.storageAccountType",
    ]
    assert failures(await world.apply(changed)) == []
    assert not (await world.plan(changed)).pending
    _, found = await world.arm("GET", f"/resourceGroups/{GROUP}/providers/Microsoft.Compute/disks")
    assert [(disk["sku"]["name"], disk["properties"]["diskSizeGB"]) for disk in found["value"]] == [
        ("StandardSSD_LRS", 128)
    ]


@pytest.mark.parametrize(("key", "most"), [("custom_data", 65_535), ("user_data", 65_536)])
async def test_more_data_than_azure_takes_is_told_where_it_stands(world: World, key: str, most: int) -> None:
    (world.folder / "most.txt").write_text("a" * most)
    (world.folder / "more.txt").write_text("ä" + "a" * (most - 1))
    assert world.load(spec(f"    {key}: {{file: most.txt}}\n")).warnings == ()
    with pytest.raises(SpecError, match=f"`{key}` has {most + 1:,} bytes") as raised:
        world.load(spec(f"    {key}: {{file: more.txt}}\n"))
    assert [item.code for item in raised.value.diagnostics] == ["PV2204"]


async def test_a_key_in_another_case_names_the_same_machine(world: World) -> None:
    spec = HEAD + NETWORK + machine()
    assert failures(await world.apply(spec)) == []
    plan = await world.plan(spec.replace("  web:", "  Web:"))
    assert [change.address for change in plan.pending] == []


async def test_an_os_disk_under_another_name_is_left_alone(world: World) -> None:
    spec = HEAD + NETWORK + machine("    os_disk: {name: web-os}\n")
    assert failures(await world.apply(spec)) == []
    renamed = spec.replace("web-os", "web-restored")
    plan = await world.plan(renamed)
    assert not plan.pending
    (note,) = next(change.notes for change in plan.changes if change.address == "vms/web")
    assert note.endswith("properties.storageProfile.osDisk.name is web-os, not web-restored")
    assert failures(await world.apply(renamed.replace("Standard_B1s", "Standard_B2s"))) == []
    _, body = await world.arm("GET", world.in_group(GROUP, "Microsoft.Compute/virtualMachines", "web"))
    assert body["properties"]["storageProfile"]["osDisk"]["name"] == "web-os"

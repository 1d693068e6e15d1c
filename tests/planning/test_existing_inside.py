"""Resources of others that the spec refers to (``existing:``) stay where others put them."""

from __future__ import annotations

from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINES = "Microsoft.Compute/virtualMachines"
NETWORKS = "Microsoft.Network/virtualNetworks"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
SECURITY_GROUPS = "Microsoft.Network/networkSecurityGroups"
BASE = HEAD + NETWORK + "identities: {one: {}}\n"


async def identities(world: World) -> set[str]:
    _, found = await world.arm("GET", world.in_group(GROUP, MACHINES, "web"))
    return {name.rpartition("/")[2] for name in found["identity"]["userAssignedIdentities"]}


async def test_an_identity_that_another_assigned_stays(world: World) -> None:
    spec = BASE + machine("    identity: {user_assigned: [one]}\n")
    await world.apply(spec)
    theirs = world.in_group(GROUP, IDENTITIES, "policy")
    await world.arm("PUT", theirs, {"location": "westus2"})
    body = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {theirs: {}}}}
    assert (await world.arm("PATCH", world.in_group(GROUP, MACHINES, "web"), body))[0] == 200
    granting = (
        f"existing: {{theirs: {{id: {theirs}}}}}\nrole_grants: {{read: {{role: Reader, to: [existing/theirs]}}}}\n"
    )
    assert failures(await world.apply(spec + granting)) == []
    assert await identities(world) == {"one", "policy"}
    larger = BASE + machine("    identity: {user_assigned: [one]}\n", size="Standard_B2s")
    assert failures(await world.apply(larger + granting)) == []
    assert await identities(world) == {"one", "policy"}


async def test_an_existing_identity_that_the_spec_assigned_leaves_with_its_mention(world: World) -> None:
    await world.arm("PUT", f"/resourceGroups/{GROUP}", {"location": "westus2"})
    theirs = world.in_group(GROUP, IDENTITIES, "theirs")
    await world.arm("PUT", theirs, {"location": "westus2"})
    head = BASE.replace(f"resource_group: {GROUP}", f"resource_group: {{name: {GROUP}, existing: true}}")
    head += f"existing: {{theirs: {{id: {theirs}}}}}\n"
    spec = head + machine("    identity: {user_assigned: [one, existing/theirs]}\n")
    assert failures(await world.apply(spec)) == []
    assert failures(await world.apply(spec.replace("one, existing/theirs", "one"))) == []
    assert await identities(world) == {"one"}


async def test_a_disk_that_another_attached_stays(world: World) -> None:
    spec = BASE + machine("    identity: {system_assigned: true}\n")
    await world.apply(spec)
    disk = world.in_group(GROUP, "Microsoft.Compute/disks", "theirs")
    empty = {"diskSizeGB": 4, "creationData": {"createOption": "Empty"}}
    await world.arm("PUT", disk, {"location": "westus2", "sku": {"name": "Standard_LRS"}, "properties": empty})
    attached = [{"lun": 5, "createOption": "Attach", "managedDisk": {"id": disk}}]
    body = {"properties": {"storageProfile": {"dataDisks": attached}}}
    assert (await world.arm("PATCH", world.in_group(GROUP, MACHINES, "web"), body))[0] == 200
    grant = "role_grants: {read: {role: Reader, to: [vms/web], scope: existing/theirs}}\n"
    plan = await world.plan(f"{spec}existing: {{theirs: {{id: {disk}}}}}\n{grant}")
    assert actions(plan) == {"role_grants/read/vms/web": "create"}


async def test_a_subnet_of_others_in_an_own_network_stays(world: World) -> None:
    await world.apply(BASE)
    subnet = world.in_group(GROUP, f"{NETWORKS}/subnets", "net", "theirs")
    assert (await world.arm("PUT", subnet, {"properties": {"addressPrefix": "10.0.9.0/24"}}))[0] == 201
    inside = machine().replace("subnet: net/front", "interfaces: {nic: {subnet: existing/theirs}}")
    spec = f"{BASE}existing: {{theirs: {{id: {subnet}}}}}\n{inside}"
    assert actions(await world.plan(spec)) == {"vms/web/interfaces/nic": "create", "vms/web": "create"}


async def test_a_link_to_what_exists_goes_when_it_has_left_the_spec(world: World) -> None:
    await world.apply(BASE)
    theirs = world.in_group(GROUP, SECURITY_GROUPS, "theirs")
    await world.arm("PUT", theirs, {"location": "westus2", "properties": {}})
    spec = f"{BASE}existing: {{theirs: {{id: {theirs}}}}}\n"
    linked = spec.replace("10.0.1.0/24", "10.0.1.0/24, security_group: existing/theirs")
    assert failures(await world.apply(linked)) == []
    assert actions(await world.plan(spec)) == {"network/virtual_networks/net": "update"}
    assert failures(await world.apply(spec)) == []
    _, network = await world.arm("GET", world.in_group(GROUP, NETWORKS, "net"))
    assert "networkSecurityGroup" not in network["properties"]["subnets"][0]["properties"]
    assert not (await world.plan(spec)).pending

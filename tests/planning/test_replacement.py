"""A replace: who lets go, who falls with it, in what order."""

from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD, NETWORK, machine

TYPE = "Microsoft.Compute/virtualMachines"


def web(zone: int = 1, extra: str = "") -> str:
    return f"""{HEAD}
network:
  public_ips: {{out: {{zones: [{zone}]}}}}
  virtual_networks:
    net: {{address_space: [10.0.0.0/16], subnets: {{front: {{address_prefix: 10.0.1.0/24}}}}}}
  interfaces:
    nic: {{subnet: net/front, public_ip: out}}
{extra}"""


async def test_an_interface_lets_go_of_an_address_that_is_made_anew(world: World) -> None:
    await world.apply(web(1))
    plan = await world.plan(web(2))
    assert actions(plan) == {"network/public_ips/out": "replace", "network/interfaces/nic": "update"}
    assert failures(await world.apply(web(2))) == []
    assert not (await world.plan(web(2))).pending


async def test_a_network_that_is_made_anew_takes_interfaces_and_machines_along(world: World) -> None:
    spec = HEAD + NETWORK + machine("    identity: {system_assigned: true}\n")
    spec += "role_grants: {read: {role: Reader, to: [vms/web]}}\n"
    assert failures(await world.apply(spec)) == []
    moved = spec.replace("net: {", "net: {location: eastus, ")
    moved = moved.replace("    subnet: net/front\n", "    subnet: net/front\n    location: eastus\n")
    assert actions(await world.plan(moved)) == {
        "network/virtual_networks/net": "replace",
        "vms/web/interfaces/nic": "replace",
        "vms/web": "replace",
        "role_grants/read/vms/web": "replace",
    }
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending


async def test_an_interface_that_is_made_anew_takes_its_machine_along(world: World) -> None:
    spec = HEAD + NETWORK + machine()
    await world.apply(spec)
    plan = await world.plan(spec)
    assert not plan.pending
    renamed = spec.replace("    subnet: net/front\n", "    interfaces: {nic: {subnet: net/front, name: other-nic}}\n")
    # Another name is another interface: the old one goes, the new one is put on the machine.
    found = actions(await world.plan(renamed))
    assert found["vms/web/interfaces/nic"] == "create"
    assert found["network_interface/web-nic"] == "delete"


async def test_a_machine_takes_a_replaced_identity_again(world: World) -> None:
    spec = HEAD + NETWORK + "identities: {app: {}}\n" + machine("    identity: {user_assigned: [app]}\n")
    assert failures(await world.apply(spec)) == []
    moved = spec.replace("app: {}", "app: {location: eastus}")
    plan = await world.plan(moved)
    assert actions(plan) == {"identities/app": "replace", "vms/web": "update"}
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending
    _, identity = await world.arm(
        "GET", world.in_group("demo-group", "Microsoft.ManagedIdentity/userAssignedIdentities", "app")
    )
    _, body = await world.arm("GET", world.in_group("demo-group", TYPE, "web"))
    (entry,) = body["identity"]["userAssignedIdentities"].values()
    assert entry["principalId"] == identity["properties"]["principalId"]


async def test_a_smaller_disk_is_another_disk(world: World) -> None:
    disks = "    data_disks: {data: {lun: 0, size_gb: 64}}\n"
    spec = HEAD + NETWORK + machine(disks)
    assert failures(await world.apply(spec)) == []
    smaller = spec.replace("64", "32")
    plan = await world.plan(smaller)
    assert actions(plan) == {"vms/web/data_disks/data": "replace", "vms/web": "update"}
    assert {change.address: change.impact for change in plan.pending}["vms/web/data_disks/data"] == "data-loss"
    assert failures(await world.apply(smaller)) == []
    assert not (await world.plan(smaller)).pending


async def test_another_location_of_the_group_makes_everything_anew(world: World) -> None:
    spec = HEAD + "identities: {app: {}}\n"
    await world.apply(spec)
    moved = spec.replace("westus2", "eastus")
    plan = await world.plan(moved)
    assert actions(plan) == {"resource_group": "replace", "identities/app": "replace"}
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending

"""Network interfaces on the embedded cloud."""

from typing import Any

from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/networkInterfaces"
ADDRESS = "network/interfaces/nic"


def interface(properties: str = "", location: str = "westus2") -> str:
    return f"""{HEAD}
network:
  public_ips: {{out: {{}}}}
  security_groups: {{closed: {{}}}}
  virtual_networks:
    net: {{location: {location}, address_space: [10.0.0.0/16], subnets: {{front: {{address_prefix: 10.0.1.0/24}}}}}}
  interfaces:
    nic: {{subnet: net/front, location: {location}{properties}}}
"""


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    spec = interface(", private_ip: 10.0.1.9, public_ip: out, security_group: closed, ip_forwarding: true")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_fixed_address_is_an_update(world: World) -> None:
    await world.apply(interface())
    spec = interface(", private_ip: 10.0.1.77")
    change = only(await world.plan(spec), ADDRESS)
    assert change.action == "update"
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_our_public_address_is_taken_off_when_the_spec_drops_it(world: World) -> None:
    await world.apply(interface(", public_ip: out"))
    change = only(await world.plan(interface()), ADDRESS)
    assert paths(change) == ["properties.ipConfigurations[ipconfig1].properties.publicIPAddress"]
    assert failures(await world.apply(interface())) == []
    assert not (await world.plan(interface())).pending


async def test_a_security_group_of_somebody_else_stays(world: World) -> None:
    await world.apply(interface())
    theirs = world.in_group(GROUP, "Microsoft.Network/networkSecurityGroups", "theirs")
    await world.arm("PUT", theirs, {"location": "westus2"})

    def attach(body: Any) -> None:
        body["properties"]["networkSecurityGroup"] = {"id": theirs}

    identity = world.in_group(GROUP, TYPE, "nic")
    await world.change(identity, attach)
    assert not (await world.plan(interface())).pending
    assert failures(await world.apply(interface(", ip_forwarding: true"))) == []
    _, body = await world.arm("GET", identity)
    assert body["properties"]["networkSecurityGroup"]["id"].lower() == theirs.lower()


async def test_a_second_ip_configuration_survives_an_update(world: World) -> None:
    await world.apply(interface())
    identity = world.in_group(GROUP, TYPE, "nic")

    def add(body: Any) -> None:
        first = body["properties"]["ipConfigurations"][0]["properties"]
        more = {"name": "second", "properties": {"subnet": first["subnet"], "privateIPAllocationMethod": "Dynamic"}}
        first["primary"] = True
        body["properties"]["ipConfigurations"].append(more)

    await world.change(identity, add)
    assert not (await world.plan(interface())).pending
    assert failures(await world.apply(interface(", ip_forwarding: true"))) == []
    _, body = await world.arm("GET", identity)
    assert [item["name"] for item in body["properties"]["ipConfigurations"]] == ["ipconfig1", "second"]


async def test_another_location_replaces_it_with_its_network(world: World) -> None:
    await world.apply(interface())
    plan = await world.plan(interface(location="eastus"))
    assert actions(plan) == {"network/virtual_networks/net": "replace", ADDRESS: "replace"}


async def test_destroy_leaves_nothing(world: World) -> None:
    spec = interface(", public_ip: out")
    await world.apply(spec)
    assert failures(await world.destroy(spec)) == []
    assert (await world.actual(spec)).owned == {}


async def test_another_subnet_is_an_update_and_another_network_a_replacement(world: World) -> None:
    two = interface().replace(
        "subnets: {front: {address_prefix: 10.0.1.0/24}}",
        "subnets: {front: {address_prefix: 10.0.1.0/24}, back: {address_prefix: 10.0.2.0/24}}",
    )
    other = "    other: {address_space: [10.9.0.0/16], subnets: {x: {address_prefix: 10.9.1.0/24}}}\n  interfaces:"
    two = two.replace("  interfaces:", other, 1)
    assert failures(await world.apply(two)) == []
    assert actions(await world.plan(two.replace("net/front", "net/back"))) == {ADDRESS: "update"}
    moved = two.replace("net/front", "other/x")
    assert actions(await world.plan(moved)) == {ADDRESS: "replace"}
    assert failures(await world.apply(moved)) == []
    assert not (await world.plan(moved)).pending

"""Virtual networks and their subnets on the embedded cloud."""

from typing import Any

from tests.harness import World, failures, only, paths
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/virtualNetworks"
ADDRESS = "network/virtual_networks/net"


def network(subnets: str = "front: {address_prefix: 10.0.1.0/24}", extra: str = "") -> str:
    return f"""{HEAD}
network:
  virtual_networks:
    net:
      address_space: [10.0.0.0/16]
      {extra}
      subnets: {{{subnets}}}
"""


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    spec = network("front: {address_prefix: 10.0.1.0/24}, back: {address_prefix: 10.0.2.0/24}")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_new_subnet_is_an_update(world: World) -> None:
    await world.apply(network())
    spec = network("front: {address_prefix: 10.0.1.0/24}, back: {address_prefix: 10.0.2.0/24}")
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, paths(change)) == ("update", ["properties.subnets[back]"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_dns_servers_and_service_endpoints_are_compared(world: World) -> None:
    spec = network(
        "front: {address_prefix: 10.0.1.0/24, service_endpoints: [Microsoft.Storage]}", "dns_servers: [10.0.1.4]"
    )
    await world.apply(spec)
    assert not (await world.plan(spec)).pending
    changed = spec.replace("10.0.1.4", "10.0.1.5")
    assert paths(only(await world.plan(changed), ADDRESS)) == ["properties.dhcpOptions.dnsServers[0]"]


async def test_another_location_replaces_it(world: World) -> None:
    await world.apply(network())
    change = only(await world.plan(network(extra="location: eastus")), ADDRESS)
    assert change.action == "replace"


async def test_a_subnet_of_somebody_else_survives_an_update(world: World) -> None:
    await world.apply(network())
    identity = world.in_group(GROUP, TYPE, "net")

    def add(body: Any) -> None:
        body["properties"]["subnets"].append({"name": "theirs", "properties": {"addressPrefix": "10.0.9.0/24"}})

    await world.change(identity, add)
    assert not (await world.plan(network())).pending
    spec = network("front: {address_prefix: 10.0.1.0/24}, back: {address_prefix: 10.0.2.0/24}")
    assert failures(await world.apply(spec)) == []
    _, body = await world.arm("GET", identity)
    assert {item["name"] for item in body["properties"]["subnets"]} == {"front", "back", "theirs"}


async def test_a_range_that_somebody_changed_is_drift(world: World) -> None:
    await world.apply(network())

    def widen(body: Any) -> None:
        body["properties"]["subnets"][0]["properties"]["addressPrefix"] = "10.0.0.0/22"

    await world.change(world.in_group(GROUP, TYPE, "net"), widen)
    change = only(await world.plan(network()), ADDRESS)
    assert paths(change) == ["properties.subnets[front].properties.addressPrefix"]
    assert failures(await world.apply(network())) == []
    assert not (await world.plan(network())).pending


async def test_a_network_that_left_the_spec_is_deleted(world: World) -> None:
    await world.apply(network())
    change = only(await world.plan(HEAD), "virtual_network/net")
    assert change.action == "delete"
    assert failures(await world.apply(HEAD)) == []
    status, _ = await world.arm("GET", world.in_group(GROUP, TYPE, "net"))
    assert status == 404

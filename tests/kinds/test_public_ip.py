"""Public IP addresses and NAT gateways on the embedded cloud."""

from typing import Any

from tests.harness import World, actions, failures, only, paths
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/publicIPAddresses"
ADDRESS = "network/public_ips/out"


def address(properties: str = "") -> str:
    return f"{HEAD}\nnetwork:\n  public_ips:\n    out: {{{properties}}}\n"


NAT = (
    HEAD
    + """
network:
  public_ips: {out: {}, more: {}}
  nat_gateways: {gate: {public_ips: [out]}}
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {work: {address_prefix: 10.0.1.0/24, nat_gateway: gate}}}
"""
)


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    spec = address("dns_label: contoso-demo, zones: [1, 2, 3], idle_timeout_minutes: 10")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_the_idle_timeout_is_updated_in_place(world: World) -> None:
    await world.apply(address("idle_timeout_minutes: 4"))
    spec = address("idle_timeout_minutes: 10")
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, paths(change)) == ("update", ["properties.idleTimeoutInMinutes"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_other_zones_replace_it(world: World) -> None:
    await world.apply(address("zones: [1]"))
    spec = address("zones: [2]")
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, change.reason) == ("replace", "zones cannot be changed in place")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_timeout_that_somebody_changed_is_drift(world: World) -> None:
    spec = address("idle_timeout_minutes: 4")
    await world.apply(spec)

    def change_it(body: Any) -> None:
        body["properties"]["idleTimeoutInMinutes"] = 30

    await world.change(world.in_group(GROUP, TYPE, "out"), change_it)
    assert paths(only(await world.plan(spec), ADDRESS)) == ["properties.idleTimeoutInMinutes"]


async def test_what_the_spec_does_not_speak_of_is_no_drift(world: World) -> None:
    await world.apply(address())

    def change_it(body: Any) -> None:
        body["properties"]["idleTimeoutInMinutes"] = 30

    await world.change(world.in_group(GROUP, TYPE, "out"), change_it)
    assert not (await world.plan(address())).pending


async def test_a_nat_gateway_serves_a_subnet(world: World) -> None:
    assert failures(await world.apply(NAT)) == []
    assert not (await world.plan(NAT)).pending


async def test_a_nat_gateway_takes_another_address_in_place(world: World) -> None:
    await world.apply(NAT)
    spec = NAT.replace("public_ips: [out]", "public_ips: [more]")
    assert actions(await world.plan(spec)) == {"network/nat_gateways/gate": "update"}
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_nat_gateway_is_taken_off_a_subnet_and_deleted(world: World) -> None:
    await world.apply(NAT)
    spec = NAT.replace(", nat_gateway: gate", "").replace("  nat_gateways: {gate: {public_ips: [out]}}\n", "")
    assert actions(await world.plan(spec)) == {
        "network/virtual_networks/net": "update",
        "nat_gateway/gate": "delete",
    }
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(NAT)
    assert failures(await world.destroy(NAT)) == []
    assert (await world.actual(NAT)).owned == {}

"""NAT gateways and the subnets that they serve, on the simulator."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, entry, round_trip
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/natGateways"
ADDRESS = "network/nat_gateways/gate"
ADDRESSES = "  public_ips: {out: {}, more: {}}\n"


def spec(gateway: str = "public_ips: [out]", subnet: str = "") -> str:
    return (
        f"{HEAD}network:\n{ADDRESSES}  nat_gateways: {{gate: {{{gateway}}}}}\n"
        "  virtual_networks:\n"
        f"    net: {{address_space: [10.0.0.0/16], subnets: {{work: {{address_prefix: 10.0.1.0/24{subnet}}}}}}}\n"
    )


SERVES = ", nat_gateway: gate"
WITHOUT = spec().replace("  nat_gateways: {gate: {public_ips: [out]}}\n", "")


async def read(world: World) -> Any:
    return (await world.arm("GET", world.in_group(GROUP, TYPE, "gate")))[1]


async def addresses(world: World) -> list[str]:
    """The names of the gateway's public IP addresses."""
    found = (await read(world))["properties"]["publicIpAddresses"]
    return sorted(item["id"].rpartition("/")[2] for item in found)


async def test_it_is_created_serves_a_subnet_and_a_second_plan_is_empty(world: World) -> None:
    text = spec("public_ips: [out], idle_timeout_minutes: 10, zone: 1", SERVES)
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending
    body = await read(world)
    assert (body["sku"]["name"], body["zones"]) == ("Standard", ["1"])
    assert body["properties"]["idleTimeoutInMinutes"] == 10
    assert [item["id"].rpartition("/")[2] for item in body["properties"]["subnets"]] == ["work"]


@pytest.mark.parametrize(
    ("gateway", "changed", "impact"),
    [
        ("public_ips: [out], idle_timeout_minutes: 30", "properties.idleTimeoutInMinutes", "live"),
        ("public_ips: [out], tags: {tier: edge}", "tags.tier", "none"),
    ],
    ids=["idle_timeout_minutes", "tags"],
)
async def test_a_property_is_updated_in_place_while_it_serves(
    world: World, gateway: str, changed: str, impact: str
) -> None:
    await world.apply(spec(subnet=SERVES))
    text = spec(gateway, SERVES)
    change = only(await world.plan(text), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("update", [changed], impact)
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending


async def test_addresses_come_and_go_in_place(world: World) -> None:
    await world.apply(spec(subnet=SERVES))
    both, other = spec("public_ips: [out, more]", SERVES), spec("public_ips: [more]", SERVES)
    change = only(await world.plan(both), ADDRESS)
    assert (change.action, change.impact) == ("update", "live")
    assert [path.partition("[")[0] for path in paths(change)] == ["properties.publicIpAddresses"]
    assert failures(await world.apply(both)) == []
    assert await addresses(world) == ["more", "out"]
    assert failures(await world.apply(other)) == []
    assert await addresses(world) == ["more"]
    assert not (await world.plan(other)).pending


@pytest.mark.parametrize(
    ("gateway", "changed"),
    [("public_ips: [out], zone: 2", "zones"), ("public_ips: [far], location: westeurope", "location")],
    ids=["zone", "location"],
)
async def test_an_immutable_property_replaces_it(world: World, gateway: str, changed: str) -> None:
    regional = ADDRESSES.replace("more: {}", "far: {location: westeurope}")
    await world.apply(spec().replace(ADDRESSES, regional))
    text = spec(gateway).replace(ADDRESSES, regional)
    change = only(await world.plan(text), ADDRESS)
    assert (change.action, change.impact) == ("replace", "replace")
    assert changed in paths(change)
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending


async def test_a_replaced_gateway_leaves_its_subnet_and_comes_back(world: World) -> None:
    await world.apply(spec(subnet=SERVES))
    text = spec("public_ips: [out], zone: 1", SERVES)
    assert actions(await world.plan(text))[ADDRESS] == "replace"
    assert failures(await world.apply(text)) == []
    assert [item["id"].rpartition("/")[2] for item in (await read(world))["properties"]["subnets"]] == ["work"]
    assert not (await world.plan(text)).pending


async def test_one_that_left_the_spec_is_deleted_after_its_subnet_left_it(world: World) -> None:
    await world.apply(spec(subnet=SERVES))
    assert actions(await world.plan(WITHOUT)) == {
        "network/virtual_networks/net": "update",
        "nat_gateway/gate": "delete",
    }
    assert failures(await world.apply(WITHOUT)) == []
    assert (await world.arm("GET", world.in_group(GROUP, TYPE, "gate")))[0] == 404
    assert not (await world.plan(WITHOUT)).pending


async def test_a_change_in_azure_is_drift(world: World) -> None:
    text = spec("public_ips: [out], idle_timeout_minutes: 10")
    await world.apply(text)

    def change_it(body: Any) -> None:
        body["properties"]["idleTimeoutInMinutes"] = 60

    await world.change(world.in_group(GROUP, TYPE, "gate"), change_it)
    change = only(await world.plan(text), ADDRESS)
    assert (change.action, paths(change), change.cause) == ("update", ["properties.idleTimeoutInMinutes"], "drift")


async def test_what_the_spec_does_not_set_survives_an_update(world: World) -> None:
    await world.apply(spec())

    def change_it(body: Any) -> None:
        body["properties"]["idleTimeoutInMinutes"] = 60
        body["tags"]["theirs"] = "kept"

    await world.change(world.in_group(GROUP, TYPE, "gate"), change_it)
    assert not (await world.plan(spec())).pending
    assert failures(await world.apply(spec("public_ips: [out, more]"))) == []
    body = await read(world)
    assert (body["properties"]["idleTimeoutInMinutes"], body["tags"]["theirs"]) == (60, "kept")


async def test_a_gateway_without_an_owner_is_adopted_only_on_request(world: World) -> None:
    await world.apply(WITHOUT)
    body = {"location": "westus2", "sku": {"name": "Standard"}, "properties": {}}
    assert (await world.arm("PUT", world.in_group(GROUP, TYPE, "gate"), body))[0] < 300
    with pytest.raises(SpecError, match="exists already and belongs to no deployment"):
        await world.plan(spec())
    assert failures(await world.apply(spec(), adopt=True)) == []
    assert await addresses(world) == ["out"]
    assert not (await world.plan(spec())).pending


async def test_what_another_tool_made_is_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    address = await foreign.public_ip("out")
    properties = {"publicIpAddresses": [{"id": address}], "idleTimeoutInMinutes": 15}
    gate = await foreign.make(TYPE, "gate", properties, sku={"name": "Standard"}, zones=["3"])
    bare = await foreign.make(TYPE, "bare", {}, sku={"name": "Standard"})
    await foreign.network(natGateway={"id": gate})
    text = await round_trip(world)
    assert entry(text, "nat_gateways:", 2)[1] == "gate: {public_ips: [out], idle_timeout_minutes: 15, zone: 3}"
    assert "nat_gateway: gate" in text
    assert f"nat gateway, it has no dedicated public IP: {bare}" in text


async def test_destroy_leaves_nothing(world: World) -> None:
    text = spec(subnet=SERVES)
    await world.apply(text)
    assert failures(await world.destroy(text)) == []
    assert (await world.actual(text)).owned == {}

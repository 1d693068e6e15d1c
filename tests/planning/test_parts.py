"""Parts inside a resource: ours go when the spec drops them, those of others stay."""

import asyncio
from typing import Any

from tests.harness import World, failures, only, paths
from tests.kinds.specs import GROUP, HEAD, machine

NETWORK = "Microsoft.Network/virtualNetworks"
GROUPS = "Microsoft.Network/networkSecurityGroups"
ONE = "front: {address_prefix: 10.0.1.0/24}"
TWO = f"{ONE}, back: {{address_prefix: 10.0.2.0/24}}"


def network(subnets: str, unlisted: str = "keep") -> str:
    return f"""{HEAD}
network:
  virtual_networks:
    net: {{address_space: [10.0.0.0/16], unlisted: {unlisted}, subnets: {{{subnets}}}}}
"""


def add_theirs(body: Any) -> None:
    body["properties"]["subnets"].append({"name": "theirs", "properties": {"addressPrefix": "10.0.9.0/24"}})


async def subnets_of(world: World) -> set[str]:
    _, body = await world.arm("GET", world.in_group(GROUP, NETWORK, "net"))
    return {item["name"] for item in body["properties"]["subnets"]}


async def test_a_subnet_that_left_the_spec_goes_and_a_foreign_one_stays(world: World) -> None:
    await world.apply(network(TWO))
    await world.change(world.in_group(GROUP, NETWORK, "net"), add_theirs)
    change = only(await world.plan(network(ONE)), "network/virtual_networks/net")
    assert paths(change) == ["properties.subnets[back]"]
    assert failures(await world.apply(network(ONE))) == []
    assert await subnets_of(world) == {"front", "theirs"}
    assert not (await world.plan(network(ONE))).pending


async def test_unlisted_remove_takes_the_foreign_ones_too(world: World) -> None:
    await world.apply(network(ONE))
    await world.change(world.in_group(GROUP, NETWORK, "net"), add_theirs)
    spec = network(ONE, "remove")
    assert paths(only(await world.plan(spec), "network/virtual_networks/net")) == ["properties.subnets[theirs]"]
    assert failures(await world.apply(spec)) == []
    assert await subnets_of(world) == {"front"}
    assert not (await world.plan(spec)).pending


async def test_unlisted_warn_mentions_them(world: World) -> None:
    await world.apply(network(ONE))
    await world.change(world.in_group(GROUP, NETWORK, "net"), add_theirs)
    plan = await world.plan(network(ONE, "warn"))
    assert not plan.pending
    notes = [note for change in plan.changes for note in change.notes]
    assert notes == ["kept, not in the spec: properties.subnets[theirs]"]


async def test_ignored_subnets_stay_as_they_are_and_stay_ours(world: World) -> None:
    ignoring = "lifecycle: {ignore_changes: [properties.subnets]}, tags: {tier: web}, subnets:"
    await world.apply(network(TWO))
    spec = network(TWO).replace("subnets:", ignoring)
    assert failures(await world.apply(spec)) == []
    assert failures(await world.apply(spec.replace("tier: web", "tier: db"))) == []
    assert await subnets_of(world) == {"front", "back"}
    assert not (await world.plan(spec.replace("tier: web", "tier: db"))).pending
    assert failures(await world.apply(network(ONE))) == []
    assert await subnets_of(world) == {"front"}


async def test_one_property_of_one_subnet_can_be_ignored(world: World) -> None:
    def change_all(body: Any) -> None:
        for subnet in body["properties"]["subnets"]:
            subnet["properties"]["defaultOutboundAccess"] = True

    path = "properties.subnets[back].properties.defaultOutboundAccess"
    spec = network(TWO.replace("}", ", default_outbound_access: false}"))
    await world.apply(spec)
    await world.change(world.in_group(GROUP, NETWORK, "net"), change_all)
    ignoring = spec.replace("subnets:", f'lifecycle: {{ignore_changes: ["{path}"]}}, subnets:')
    assert paths(only(await world.plan(ignoring), "network/virtual_networks/net")) == [path.replace("back", "front")]
    assert failures(await world.apply(ignoring)) == []
    assert paths(only(await world.plan(spec), "network/virtual_networks/net")) == [path]


async def test_many_rules_are_remembered(world: World) -> None:
    def rules(count: int) -> str:
        lines = "".join(
            f"        rule-with-a-rather-long-name-{index}: "
            f"{{priority: {100 + index}, direction: inbound, access: deny}}\n"
            for index in range(count)
        )
        return f"{HEAD}network:\n  security_groups:\n    web:\n      rules:\n{lines}"

    await world.apply(rules(300))
    assert not (await world.plan(rules(300))).pending
    _, body = await world.arm("GET", world.in_group(GROUP, GROUPS, "web"))
    assert len([tag for tag in body["tags"] if tag.startswith("provisioner-parts")]) > 1
    assert failures(await world.apply(rules(2))) == []
    _, body = await world.arm("GET", world.in_group(GROUP, GROUPS, "web"))
    assert len(body["properties"]["securityRules"]) == 2
    assert [tag for tag in body["tags"] if tag.startswith("provisioner-parts")] == ["provisioner-parts"]
    assert not (await world.plan(rules(2))).pending


async def test_the_order_of_subnets_means_nothing(world: World) -> None:
    await world.apply(network(TWO))
    turned = network("back: {address_prefix: 10.0.2.0/24}, front: {address_prefix: 10.0.1.0/24}")
    assert not (await world.plan(turned)).pending


async def test_two_deployments_share_a_group(world: World) -> None:
    first = HEAD + "identities: {one: {}}\n"
    second = first.replace("deployment: demo", "deployment: other").replace("one", "two")
    second = second.replace(f"resource_group: {GROUP}", f"resource_group: {{name: {GROUP}, existing: true}}")
    assert failures(await world.apply(first)) == []
    assert failures(await world.apply(second)) == []
    assert not (await world.plan(first)).pending
    assert not (await world.plan(second)).pending
    assert failures(await world.destroy(first)) == []
    status, _ = await world.arm("GET", world.in_group(GROUP, "Microsoft.ManagedIdentity/userAssignedIdentities", "two"))
    assert status == 200


async def test_a_subnet_goes_after_what_lies_in_it(world: World) -> None:
    front, back = machine(name="web"), machine(name="old").replace("net/front", "net/back").replace("vms:\n", "")
    assert failures(await world.apply(network(TWO) + front + back)) == []
    assert failures(await world.apply(network(ONE) + front)) == []
    assert await subnets_of(world) == {"front"}
    assert not (await world.plan(network(ONE) + front)).pending


async def test_a_subnet_whose_interface_goes_with_a_change_of_a_machine_that_needs_the_network_holds_up_nobody(
    world: World,
) -> None:
    interfaces = "    interfaces: {one: {subnet: net/front}, two: {subnet: net/back}}\n"
    both = machine(interfaces).replace("    subnet: net/front\n", "")
    assert failures(await world.apply(network(TWO) + both)) == []
    async with asyncio.timeout(60):
        assert failures(await world.apply(network(ONE) + both.replace(", two: {subnet: net/back}", ""))) == []

"""Network security groups and their rules on the embedded cloud."""

from typing import Any

from tests.harness import World, failures, only, paths
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/networkSecurityGroups"
ADDRESS = "network/security_groups/web"


def rules(*lines: str, extra: str = "") -> str:
    return f"{HEAD}\nnetwork:\n  security_groups:\n    web:\n      {extra}\n      rules:\n" + "".join(
        f"        {line}\n" for line in lines
    )


HTTPS = (
    "https: {priority: 100, direction: inbound, access: allow, protocol: tcp, source: Internet, "
    "destination_ports: [443]}"
)
DENY = "deny: {priority: 4000, direction: outbound, access: deny}"


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    spec = rules(HTTPS, DENY)
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_one_port_becomes_several_and_one_again(world: World) -> None:
    await world.apply(rules(HTTPS))
    several = rules(HTTPS.replace("[443]", "[80, 443]").replace("Internet", "[10.0.0.0/8, 192.168.0.0/16]"))
    assert failures(await world.apply(several)) == []
    assert not (await world.plan(several)).pending
    assert failures(await world.apply(rules(HTTPS))) == []
    assert not (await world.plan(rules(HTTPS))).pending


async def test_priorities_are_swapped_in_one_write(world: World) -> None:
    first = rules(HTTPS, HTTPS.replace("https", "http").replace("443", "80").replace("100", "110"))
    await world.apply(first)
    swapped = first.replace("100", "999").replace("110", "100").replace("999", "110")
    assert failures(await world.apply(swapped)) == []
    assert not (await world.plan(swapped)).pending


async def test_another_location_replaces_it(world: World) -> None:
    await world.apply(rules(HTTPS))
    assert only(await world.plan(rules(HTTPS, extra="location: eastus")), ADDRESS).action == "replace"


async def test_a_rule_of_somebody_else_survives_an_update(world: World) -> None:
    await world.apply(rules(HTTPS))
    identity = world.in_group(GROUP, TYPE, "web")

    def add(body: Any) -> None:
        rule = dict(body["properties"]["securityRules"][0]["properties"], priority=300)
        body["properties"]["securityRules"].append({"name": "theirs", "properties": rule})

    await world.change(identity, add)
    assert not (await world.plan(rules(HTTPS))).pending
    assert failures(await world.apply(rules(HTTPS, DENY))) == []
    _, body = await world.arm("GET", identity)
    assert {item["name"] for item in body["properties"]["securityRules"]} == {"https", "deny", "theirs"}


async def test_a_rule_that_somebody_opened_is_drift(world: World) -> None:
    spec = rules(HTTPS.replace("Internet", "10.0.0.0/8"))
    await world.apply(spec)

    def widen(body: Any) -> None:
        body["properties"]["securityRules"][0]["properties"]["sourceAddressPrefix"] = "*"

    await world.change(world.in_group(GROUP, TYPE, "web"), widen)
    change = only(await world.plan(spec), ADDRESS)
    assert paths(change) == ["properties.securityRules[https].properties.sourceAddressPrefix"]
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_empty_single_values_beside_lists_are_no_difference(world: World) -> None:
    """Terraform writes them so, and Azure returns them."""
    spec = rules(HTTPS.replace("[443]", "[80, 443]").replace("Internet", "[10.0.0.0/8, 192.168.0.0/16]"))
    await world.apply(spec)
    identity = world.in_group(GROUP, TYPE, "web")

    def empty(body: Any) -> None:
        empties = {"sourceAddressPrefix": "", "destinationPortRange": ""}
        body["properties"]["securityRules"][0]["properties"] |= empties

    await world.change(identity, empty)
    _, body = await world.arm("GET", identity)
    assert body["properties"]["securityRules"][0]["properties"]["destinationPortRange"] == ""
    assert not (await world.plan(spec)).pending
    assert failures(await world.apply(rules(HTTPS))) == []
    assert not (await world.plan(rules(HTTPS))).pending

"""Network security groups and their rules on the embedded cloud."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
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


TEAMS = "application_security_groups: {app: {}, ops: {}}"
BY_GROUP = (
    "inner: {priority: 200, direction: inbound, access: allow, source_application_security_groups: [app, ops], "
    "destination_application_security_groups: [app]}"
)


def with_groups(rule: str) -> str:
    return rules(rule).replace("network:\n", f"network:\n  {TEAMS}\n")


async def sides(world: World) -> dict[str, Any]:
    """Which properties of the rule hold its sides, with the names of groups."""
    _, body = await world.arm("GET", world.in_group(GROUP, TYPE, "web"))
    (rule,) = body["properties"]["securityRules"]
    found = {key: value for key, value in rule["properties"].items() if value and key.startswith(("source", "dest"))}
    return {
        key: [item["id"].rpartition("/")[2] for item in value] if key.endswith("SecurityGroups") else value
        for key, value in found.items()
        if "Port" not in key
    }


async def test_a_rule_names_application_security_groups(world: World) -> None:
    spec = with_groups(BY_GROUP)
    assert failures(await world.apply(spec)) == []
    assert await sides(world) == {
        "sourceApplicationSecurityGroups": ["app", "ops"],
        "destinationApplicationSecurityGroups": ["app"],
    }
    assert not (await world.plan(spec)).pending
    assert not (await world.plan(with_groups(BY_GROUP.replace("[app, ops]", "[ops, app]")))).pending


async def test_groups_of_a_rule_become_addresses_and_groups_again(world: World) -> None:
    await world.apply(with_groups(BY_GROUP))
    by_address = with_groups(
        BY_GROUP.replace("source_application_security_groups: [app, ops]", "source: [10.0.0.0/8]").replace(
            "destination_application_security_groups: [app]", "destination: [10.0.0.0/16, 10.1.0.0/16]"
        )
    )
    assert failures(await world.apply(by_address)) == []
    assert await sides(world) == {
        "sourceAddressPrefix": "10.0.0.0/8",
        "destinationAddressPrefixes": ["10.0.0.0/16", "10.1.0.0/16"],
    }
    assert not (await world.plan(by_address)).pending
    spec = with_groups(BY_GROUP.replace("[app, ops]", "[ops]"))
    assert failures(await world.apply(spec)) == []
    assert (await sides(world))["sourceApplicationSecurityGroups"] == ["ops"]
    assert not (await world.plan(spec)).pending


async def test_a_group_that_another_tool_adds_to_a_rule_is_taken_out(world: World) -> None:
    spec = with_groups(BY_GROUP)
    await world.apply(spec)
    theirs = world.in_group(GROUP, "Microsoft.Network/applicationSecurityGroups", "theirs")
    await world.arm("PUT", theirs, {"location": "westus2"})

    def add(body: Any) -> None:
        (rule,) = body["properties"]["securityRules"]
        rule["properties"]["sourceApplicationSecurityGroups"].insert(0, {"id": theirs})

    await world.change(world.in_group(GROUP, TYPE, "web"), add)
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, change.cause) == ("update", "drift")
    assert failures(await world.apply(spec)) == []
    assert (await sides(world))["sourceApplicationSecurityGroups"] == ["app", "ops"]


async def test_a_group_that_left_the_spec_is_deleted_after_its_rules_changed(world: World) -> None:
    await world.apply(with_groups(BY_GROUP))
    spec = with_groups(BY_GROUP.replace("[app, ops]", "[app]")).replace(", ops: {}", "")
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


def test_a_rule_with_groups_as_source_is_not_open_to_the_internet(world: World) -> None:
    ssh = "ssh: {priority: 200, direction: inbound, access: allow, protocol: tcp, destination_ports: [22]%s}"
    assert [item.code for item in world.load(with_groups(ssh % "")).warnings] == ["PV2901"]
    assert world.load(with_groups(ssh % ", source_application_security_groups: [ops]")).warnings == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (BY_GROUP.replace("[app, ops]", "[app, opps]"), "PV2101"),
        (BY_GROUP.replace("[app, ops]", "[app], source: Internet"), "PV2419"),
        (BY_GROUP.replace("[app]", "[far]"), "PV2408"),
    ],
)
def test_wrong_groups_of_a_rule_are_an_error_at_their_place(world: World, wrong: str, code: str) -> None:
    text = with_groups(wrong).replace(TEAMS, TEAMS.replace("app: {}", "app: {}, far: {location: westeurope}"))
    with pytest.raises(SpecError) as caught:
        world.load(text)
    (found,) = caught.value.diagnostics
    assert (found.code, text.splitlines()[found.location.line - 1].split()[0]) == (code, "inner:")

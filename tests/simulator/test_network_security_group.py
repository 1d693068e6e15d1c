"""Microsoft.Network/networkSecurityGroups and their rules."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LOCATION, Arm, network, rule


def group(**rules: dict[str, Any]) -> dict[str, Any]:
    named = [{"name": name, **content} for name, content in rules.items()]
    return {"location": LOCATION, "properties": {"securityRules": named}}


async def test_six_default_rules_come_with_every_group(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/networkSecurityGroups/nsg", {"location": LOCATION})
    assert made["properties"]["securityRules"] == []
    defaults = made["properties"]["defaultSecurityRules"]
    assert [(one["name"], one["properties"]["priority"]) for one in defaults] == [
        ("AllowVnetInBound", 65000),
        ("AllowAzureLoadBalancerInBound", 65001),
        ("DenyAllInBound", 65500),
        ("AllowVnetOutBound", 65000),
        ("AllowInternetOutBound", 65001),
        ("DenyAllOutBound", 65500),
    ]
    assert defaults[0]["id"] == f"{made['id']}/defaultSecurityRules/AllowVnetInBound"
    assert defaults[0]["etag"] == made["etag"]
    assert defaults[0]["properties"]["provisioningState"] == "Succeeded"


async def test_a_rule_gets_an_id_an_etag_and_empty_plural_lists(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/networkSecurityGroups/nsg", group(ssh=rule(protocol="tcp")))
    one = made["properties"]["securityRules"][0]
    assert (one["id"], one["etag"]) == (f"{made['id']}/securityRules/ssh", made["etag"])
    assert one["properties"]["protocol"] == "Tcp"
    assert one["properties"]["sourcePortRanges"] == []
    assert one["properties"]["destinationAddressPrefixes"] == []


async def test_a_put_replaces_the_rules(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(path, group(one=rule(100), two=rule(200)))
    replaced = await arm.made(path, group(three=rule(100), two=rule(300)))
    rules = replaced["properties"]["securityRules"]
    assert [(each["name"], each["properties"]["priority"]) for each in rules] == [("three", 100), ("two", 300)]
    assert (await arm.get(f"{path}/securityRules/one")).status == 404


async def test_priorities_can_be_swapped_in_one_put(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(path, group(one=rule(100), two=rule(200)))
    assert (await arm.put(path, group(one=rule(200), two=rule(100)))).status == 200


async def test_a_rule_can_be_written_and_deleted_by_its_own_address(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    before = await arm.made(path, group(one=rule(100)))
    await arm.made(f"{path}/securityRules/two", rule(200))
    after = (await arm.get(path)).body
    assert [each["name"] for each in after["properties"]["securityRules"]] == ["one", "two"]
    assert after["etag"] != before["etag"]
    assert (await arm.get(f"{path}/securityRules")).names == ["one", "two"]
    await arm.gone(f"{path}/securityRules/one")
    assert (await arm.get(f"{path}/securityRules")).names == ["two"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"priority": 99}, "SecurityRuleInvalidPriority"),
        ({"priority": 4097}, "SecurityRuleInvalidPriority"),
        ({"destinationPortRange": "70000"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "30-20"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "ssh"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "²"}, "SecurityRuleInvalidPortRange"),
        ({"access": "Maybe"}, "InvalidRequestFormat"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused(arm: Arm, properties: dict[str, Any], code: str) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    assert (await arm.put(path, group(one=rule(**properties)))).code == code
    await arm.made(path, group())
    assert (await arm.put(f"{path}/securityRules/one", rule(**properties))).code == code


@pytest.mark.parametrize("missing", ["priority", "direction", "access", "protocol", "sourceAddressPrefix"])
async def test_a_rule_without_what_it_needs_is_refused(arm: Arm, missing: str) -> None:
    incomplete = rule()
    del incomplete["properties"][missing]
    assert (await arm.put(f"{arm.network}/networkSecurityGroups/nsg", group(one=incomplete))).status == 400


async def test_two_rules_of_one_direction_and_priority_conflict(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    conflict = await arm.put(path, group(one=rule(100), two=rule(100)))
    assert conflict.code == "SecurityRuleConflict"
    outbound = await arm.made(path, group(one=rule(100), two=rule(100, direction="Outbound")))
    assert len(outbound["properties"]["securityRules"]) == 2
    assert (await arm.put(f"{path}/securityRules/three", rule(100))).code == "SecurityRuleConflict"


async def test_the_same_name_twice_is_refused(arm: Arm) -> None:
    rules = [{"name": "one", **rule(100)}, {"name": "ONE", **rule(200)}]
    body = {"location": LOCATION, "properties": {"securityRules": rules}}
    assert (await arm.put(f"{arm.network}/networkSecurityGroups/nsg", body)).code == "DuplicateResourceName"


async def test_a_group_in_use_says_by_whom_and_cannot_be_deleted(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(path, group())
    body = network(("a", "10.0.0.0/24"))
    body["properties"]["subnets"][0]["properties"]["networkSecurityGroup"] = {"id": path}
    await arm.made(f"{arm.network}/virtualNetworks/net", body)
    subnet = f"{arm.network}/virtualNetworks/net/subnets/a"
    assert (await arm.get(path)).body["properties"]["subnets"] == [{"id": subnet}]
    refused = await arm.delete(path)
    assert (refused.status, refused.code) == (400, "InUseNetworkSecurityGroupCannotBeDeleted")
    assert subnet in refused.body["error"]["message"]
    await arm.made(subnet, {"properties": {"addressPrefix": "10.0.0.0/24"}})
    assert "subnets" not in (await arm.get(path)).body["properties"]
    assert (await arm.delete(path)).status == 202


@pytest.mark.parametrize(
    ("field", "values", "code"),
    [
        ("sourceAddressPrefixes", ["10.0.0.0/8", "Internet"], "SecurityRuleParameterContainsUnsupportedValue"),
        ("destinationAddressPrefixes", ["*"], "SecurityRuleParameterContainsUnsupportedValue"),
        (
            "sourceAddressPrefixes",
            ["10.0.0.0/8", "fd00::/8"],
            "ResourceCannotContainAddressPrefixesFromDifferentAddressFamilies",
        ),
        ("sourceAddressPrefixes", ["10.0.0.0/8", "10.1.0.0/16"], "OverlappingSubnetsNotPermittedInSecurityRule"),
        ("destinationPortRanges", ["80", "*"], "SecurityRuleParameterContainsInvalidPortRanges"),
    ],
)
async def test_a_list_that_cannot_be(arm: Arm, field: str, values: list[str], code: str) -> None:
    single = field.removesuffix("es") if field.endswith("Prefixes") else field.removesuffix("s")
    bad = rule(**{single: None, field: values})
    reply = await arm.put(f"{arm.network}/networkSecurityGroups/nsg", group(one=bad))
    assert (reply.status, reply.code) == (400, code)


async def test_a_list_of_ranges_that_lie_apart(arm: Arm) -> None:
    good = rule(sourceAddressPrefix=None, sourceAddressPrefixes=["10.1.0.0/16", "192.168.0.1", "10.0.0.0/16"])
    assert (await arm.put(f"{arm.network}/networkSecurityGroups/nsg", group(one=good))).status == 201

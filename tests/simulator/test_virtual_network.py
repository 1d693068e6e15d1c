"""Microsoft.Network/virtualNetworks and their subnets."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import LOCATION, Arm, network

NET = "virtualNetworks/net"


def subnet(prefix: str, **properties: Any) -> dict[str, Any]:
    return {"properties": {"addressPrefix": prefix, **properties}}


def prefixes(body: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["properties"]["addressPrefix"] for each in body["properties"]["subnets"]}


async def test_what_the_server_fills_in(arm: Arm) -> None:
    made = await arm.made(f"{arm.network}/{NET}", network(("a", "10.0.0.0/24")))
    assert made["properties"]["virtualNetworkPeerings"] == []
    assert made["properties"]["enableDdosProtection"] is False
    one = made["properties"]["subnets"][0]
    assert (one["id"], one["etag"]) == (f"{made['id']}/subnets/a", made["etag"])
    assert one["type"] == "Microsoft.Network/virtualNetworks/subnets"
    assert one["properties"]["privateEndpointNetworkPolicies"] == "Disabled"
    assert one["properties"]["privateLinkServiceNetworkPolicies"] == "Enabled"
    assert one["properties"]["delegations"] == []
    assert one["properties"]["provisioningState"] == "Succeeded"


async def test_a_subnet_by_its_own_address_is_the_one_in_the_network(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    before = await arm.made(path, network(("a", "10.0.0.0/24")))
    made = await arm.made(f"{path}/subnets/b", subnet("10.0.1.0/24"))
    after = (await arm.get(path)).body
    assert prefixes(after) == {"a": "10.0.0.0/24", "b": "10.0.1.0/24"}
    assert after["etag"] == made["etag"] != before["etag"]
    assert (await arm.get(f"{path}/subnets")).names == ["a", "b"]
    await arm.gone(f"{path}/subnets/a")
    assert prefixes((await arm.get(path)).body) == {"b": "10.0.1.0/24"}
    assert (await arm.delete(f"{path}/subnets/a")).status == 204


async def test_a_put_of_the_network_replaces_its_subnets(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")))
    replaced = await arm.made(path, network(("c", "10.0.0.0/24"), ("b", "10.0.2.0/24")))
    assert prefixes(replaced) == {"c": "10.0.0.0/24", "b": "10.0.2.0/24"}


@pytest.mark.parametrize(("version", "kept"), [("2023-06-01", False), ("2023-09-01", True), ("2026-03-01", True)])
async def test_subnets_left_out_altogether_are_dropped_by_older_versions_and_kept_by_newer_ones(
    arm: Arm, version: str, kept: bool
) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24")))
    body = network()
    del body["properties"]["subnets"]
    after = await arm.made(path, body, api_version=version)
    assert [each["name"] for each in after["properties"]["subnets"]] == (["a"] if kept else [])


async def test_new_subnets_have_no_outbound_access_by_themselves_from_2025_07_01(arm: Arm) -> None:
    old = await arm.made(f"{arm.network}/virtualNetworks/old", network(("a", "10.0.0.0/24")), api_version="2025-05-01")
    new = await arm.made(f"{arm.network}/virtualNetworks/new", network(("a", "10.0.0.0/24")), api_version="2025-07-01")
    assert "defaultOutboundAccess" not in old["properties"]["subnets"][0]["properties"]
    assert new["properties"]["subnets"][0]["properties"]["defaultOutboundAccess"] is False


@pytest.mark.parametrize(
    ("subnets", "code"),
    [
        ((("a", "10.1.0.0/24"),), "NetcfgSubnetRangeOutsideVnet"),
        ((("a", "10.0.0.0/8"),), "NetcfgSubnetRangeOutsideVnet"),
        ((("a", "10.0.0.0/24"), ("b", "10.0.0.128/25")), "NetcfgSubnetRangesOverlap"),
        ((("a", "10.0.0.0/30"),), "NetcfgInvalidSubnet"),
        ((("a", "10.0.0.1/24"),), "InvalidAddressPrefixFormat"),
        ((("a", "ten"),), "InvalidAddressPrefixFormat"),
    ],
)
async def test_subnets_that_do_not_fit_are_refused(arm: Arm, subnets: tuple[tuple[str, str], ...], code: str) -> None:
    path = f"{arm.network}/{NET}"
    reply = await arm.put(path, network(*subnets))
    assert (reply.status, reply.code) == (400, code)
    assert (await arm.get(path)).status == 404


async def test_a_single_subnet_is_held_against_its_siblings(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24")))
    overlapping = await arm.put(f"{path}/subnets/b", subnet("10.0.0.0/25"))
    assert overlapping.code == "NetcfgSubnetRangesOverlap"
    assert (await arm.put(f"{path}/subnets/a", subnet("10.0.0.0/25"))).status == 200


async def test_ranges_can_be_swapped_in_one_put(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")))
    assert (await arm.put(path, network(("a", "10.0.1.0/24"), ("b", "10.0.0.0/24")))).status == 200


async def test_an_address_space_that_loses_a_subnet_s_range_is_refused(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24")))
    body = network(space="10.9.0.0/16")
    del body["properties"]["subnets"]
    assert (await arm.put(path, body)).code == "NetcfgSubnetRangeOutsideVnet"


@pytest.mark.parametrize("space", [[], ["10.0.0.0/16", "10.0.1.0/24"], ["10.0.0.1/16"]])
async def test_an_address_space_must_make_sense(arm: Arm, space: list[str]) -> None:
    body = {"location": LOCATION, "properties": {"addressSpace": {"addressPrefixes": space}}}
    assert (await arm.put(f"{arm.network}/{NET}", body)).status == 400


async def test_a_reference_to_what_is_not_there_is_refused(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network())
    missing = {"id": f"{arm.network}/networkSecurityGroups/none"}
    refused = await arm.put(f"{path}/subnets/a", subnet("10.0.0.0/24", networkSecurityGroup=missing))
    assert (refused.status, refused.code) == (400, "InvalidResourceReference")
    wrong = {"id": f"{arm.network}/publicIPAddresses/pip"}
    refused = await arm.put(f"{path}/subnets/a", subnet("10.0.0.0/24", networkSecurityGroup=wrong))
    assert refused.body["error"]["details"][0]["code"] == "InvalidJsonReferenceFormat"


async def test_a_reference_into_another_region_is_refused(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(path, {"location": "eastus"})
    await arm.made(f"{arm.network}/{NET}", network())
    sent = subnet("10.0.0.0/24", networkSecurityGroup={"id": path})
    assert (await arm.put(f"{arm.network}/{NET}/subnets/a", sent)).code == "InvalidResourceReference"


async def test_what_stands_beside_the_id_of_a_reference_is_dropped(arm: Arm) -> None:
    path = f"{arm.network}/networkSecurityGroups/nsg"
    await arm.made(path, {"location": LOCATION})
    await arm.made(f"{arm.network}/{NET}", network())
    sent = subnet("10.0.0.0/24", networkSecurityGroup={"id": path, "location": "moon", "properties": {}})
    made = await arm.made(f"{arm.network}/{NET}/subnets/a", sent)
    assert made["properties"]["networkSecurityGroup"] == {"id": path}


async def test_a_subnet_needs_its_network(arm: Arm) -> None:
    assert (await arm.put(f"{arm.network}/{NET}/subnets/a", subnet("10.0.0.0/24"))).code == "ParentResourceNotFound"


async def test_deleting_a_network_takes_its_subnets_along(arm: Arm) -> None:
    path = f"{arm.network}/{NET}"
    await arm.made(path, network(("a", "10.0.0.0/24")))
    await arm.gone(path)
    assert (await arm.get(f"{path}/subnets/a")).code == "ResourceNotFound"
    assert (await arm.put(path, network())).status == 201

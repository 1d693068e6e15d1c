"""Route tables and routes, and application security groups."""

from __future__ import annotations

import pytest

from .conftest import LOCATION, Arm, rule
from .network_bodies import Json, interface, make_network


def route(prefix: str = "0.0.0.0/0", hop: str = "Internet", **properties: str) -> Json:
    return {"properties": {"addressPrefix": prefix, "nextHopType": hop, **properties}}


def table(**routes: Json) -> Json:
    listed = [{"name": name, **body} for name, body in routes.items()]
    return {"location": LOCATION, "properties": {"routes": listed}}


async def test_a_put_replaces_the_routes_and_a_patch_only_the_tags(arm: Arm) -> None:
    path = f"{arm.network}/routeTables/table"
    made = await arm.made(path, {**table(a=route()), "tags": {"old": "1"}})
    (first,) = made["properties"]["routes"]
    assert first["properties"]["hasBgpOverride"] is False
    assert first["id"] == f"{path}/routes/a"
    assert made["properties"]["disableBgpRoutePropagation"] is False
    assert (await arm.patch(path, {"tags": {"new": "2"}})).body["tags"] == {"new": "2"}
    assert (await arm.get(path)).body["properties"]["routes"] != []
    assert (await arm.made(path, {"location": LOCATION}))["properties"]["routes"] == []


async def test_a_route_can_be_written_and_deleted_by_its_own_address(arm: Arm) -> None:
    path = f"{arm.network}/routeTables/table"
    await arm.made(path, table(a=route()))
    reply = await arm.put(f"{path}/routes/b", route("10.0.0.0/8", "VirtualAppliance", nextHopIpAddress="10.0.0.4"))
    assert reply.status == 201
    busy = await arm.put(f"{path}/routes/c", route("11.0.0.0/8"))
    assert (busy.status, busy.code) == (409, "AnotherOperationInProgress")
    arm.clock.advance(100)
    assert [each["name"] for each in (await arm.get(path)).body["properties"]["routes"]] == ["a", "b"]
    await arm.gone(f"{path}/routes/a")
    assert [each["name"] for each in (await arm.get(path)).body["properties"]["routes"]] == ["b"]


@pytest.mark.parametrize(
    "body",
    [
        route("10.0.0.1/8"),
        route("10.0.0.0/8", "VirtualAppliance"),
        route("10.0.0.0/8", "Internet", nextHopIpAddress="10.0.0.4"),
        route("10.0.0.0/8", "Moon"),
        {"properties": {"addressPrefix": "10.0.0.0/8"}},
    ],
)
async def test_a_route_that_makes_no_sense_is_refused(arm: Arm, body: Json) -> None:
    assert (await arm.put(f"{arm.network}/routeTables/table", table(a=body))).status == 400


async def test_a_route_may_name_a_service_tag(arm: Arm) -> None:
    assert (await arm.put(f"{arm.network}/routeTables/table", table(a=route("AzureMonitor")))).status == 201


async def test_two_routes_for_one_prefix_conflict(arm: Arm) -> None:
    body = table(a=route("10.0.0.0/8"), b=route("10.0.0.0/8", "None"))
    assert (await arm.put(f"{arm.network}/routeTables/table", body)).code == "RouteConflict"


async def test_an_application_security_group_in_use_stays(arm: Arm) -> None:
    subnet, group = await make_network(arm), f"{arm.network}/applicationSecurityGroups/web"
    made = await arm.made(group, {"location": LOCATION})
    assert made["properties"]["resourceGuid"]
    nic = f"{arm.network}/networkInterfaces/nic"
    await arm.made(nic, interface(subnet, applicationSecurityGroups=[{"id": group}]))
    refused = await arm.delete(group)
    assert refused.body["error"]["message"] == (
        "Application Security Group web cannot be deleted because it is referenced by IpConfiguration(s) main."
    )
    await arm.gone(nic)
    filtered = rule(sourceApplicationSecurityGroups=[{"id": group}])
    del filtered["properties"]["sourceAddressPrefix"]
    firewall = f"{arm.network}/networkSecurityGroups/firewall"
    rules = {"location": LOCATION, "properties": {"securityRules": [{"name": "in", **filtered}]}}
    await arm.made(firewall, rules)
    assert (await arm.delete(group)).status == 400
    await arm.gone(firewall)
    assert (await arm.delete(group)).status == 202

"""Public IPs that a machine or an interface makes beside itself."""

from __future__ import annotations

from provisioner.planning.outputs import outputs
from provisioner.planning.plan import by_address
from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD, NETWORK

SPEC = (
    HEAD
    + "parameters: {public: {type: boolean, default: true}, zone: {default: 2}}\n"
    + NETWORK
    + """\
vms:
  web:
    count: 2
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    public_ip: ${parameters.public}
    zone: ${parameters.zone}
    admin: {username: azureuser, password: "${secrets.admin}"}
  named:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    interfaces: {main: {subnet: net/front, public_ip: {dns_label: contoso-named}}}
    admin: {username: azureuser, password: "${secrets.admin}"}
"""
)
OUTPUTS = 'outputs: {addresses: "${vms/web.public_ip_address}", name: "${vms/named.fqdn}"}\n'
ADDRESSES = "/resourceGroups/demo-group/providers/Microsoft.Network/publicIPAddresses"


async def test_each_member_has_an_address_in_its_zone(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
    _, listed = await world.arm("GET", ADDRESSES)
    zones = {item["name"]: item.get("zones") for item in listed["value"]}
    assert zones == {"web-0-nic-ip": ["2"], "web-1-nic-ip": ["2"], "named-main-ip": None}
    loaded, plan = world.load(SPEC + OUTPUTS), await world.plan(SPEC)
    bodies = {change.id.lower(): change.actual for change in plan.changes if change.actual}
    values = outputs(loaded.resolution.outputs, bodies, by_address(plan.changes))
    found = {item["name"]: item["properties"]["ipAddress"] for item in listed["value"]}
    assert values["addresses"] == [found["web-0-nic-ip"], found["web-1-nic-ip"]]
    assert values["name"] == "contoso-named.westus2.cloudapp.azure.com"


async def test_an_address_that_leaves_the_spec_is_let_go_and_deleted(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    plan = await world.plan(SPEC, public="false")
    assert actions(plan)["vms/web/0/interfaces/nic"] == "update"
    gone = [change.id.rpartition("/")[2] for change in plan.pending if change.action == "delete"]
    assert sorted(gone) == ["web-0-nic-ip", "web-1-nic-ip"]
    assert failures(await world.apply(SPEC, public="false")) == []
    assert not (await world.plan(SPEC, public="false")).pending


async def test_a_machine_in_another_zone_is_made_anew_with_its_address(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    moved = actions(await world.plan(SPEC, zone="3"))
    assert moved["vms/web/0"] == moved["vms/web/0/interfaces/nic/public_ip"] == "replace"
    assert failures(await world.apply(SPEC, zone="3")) == []
    assert not (await world.plan(SPEC, zone="3")).pending

"""Entries inside of entries that stand for several: subnets, rules, disks, interfaces, extensions."""

from __future__ import annotations

from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD

SPEC = (
    HEAD
    + """\
parameters: {disks: {type: number, default: 2}, subnets: {type: number, default: 3}}
network:
  virtual_networks:
    net:
      address_space: [10.0.0.0/16]
      subnets: {front: {count: "${parameters.subnets}", address_prefix: "${cidr_subnet('10.0.0.0/16', 8, index)}"}}
  security_groups:
    web:
      rules:
        allow: {for_each: {ssh: 22, web: 443}, priority: "${add(100, index)}", direction: inbound, access: allow,
                source: 10.0.0.0/8, destination_ports: ["${value}"]}
vms:
  web:
    count: 2
    zones: [1, 3]
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    interfaces: {nic: {count: 2, subnet: "net/front/${index}", security_group: web}}
    data_disks: {data: {count: "${parameters.disks}", lun: "${index}", size_gb: 8}}
    extensions: {agent: {for_each: [a], publisher: Contoso, type: Agent, version: "1.0"}}
    admin: {username: azureuser, password: "${secrets.admin}"}
"""
)


async def test_what_is_inside_of_entries_is_made_and_then_there_is_nothing_to_do(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
    _, network = await world.arm("GET", world.in_group("demo-group", "Microsoft.Network/virtualNetworks", "net"))
    assert [item["name"] for item in network["properties"]["subnets"]] == ["front-0", "front-1", "front-2"]
    _, group = await world.arm("GET", world.in_group("demo-group", "Microsoft.Network/networkSecurityGroups", "web"))
    assert [item["name"] for item in group["properties"]["securityRules"]] == ["allow-ssh", "allow-web"]
    _, disks = await world.arm("GET", "/resourceGroups/demo-group/providers/Microsoft.Compute/disks")
    zones = {item["name"]: item["zones"] for item in disks["value"] if "data" in item["name"]}
    assert zones == {"web-0-data-0": ["1"], "web-0-data-1": ["1"], "web-1-data-0": ["3"], "web-1-data-1": ["3"]}


async def test_what_is_inside_of_entries_grows_and_shrinks(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    grown = actions(await world.plan(SPEC, disks="3", subnets="4"))
    assert grown == {
        "network/virtual_networks/net": "update",
        "vms/web/0": "update", "vms/web/0/data_disks/data/2": "create",
        "vms/web/1": "update", "vms/web/1/data_disks/data/2": "create",
    }  # fmt: skip
    shrunk = await world.plan(SPEC, disks="1", subnets="2")
    gone = sorted(change.id.rpartition("/")[2] for change in shrunk.pending if change.action == "delete")
    assert gone == ["web-0-data-1", "web-1-data-1"]
    assert failures(await world.apply(SPEC, disks="1", subnets="2")) == []
    assert not (await world.plan(SPEC, disks="1", subnets="2")).pending

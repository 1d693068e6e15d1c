"""Values that an update changes reach those who name them in the same run."""

from __future__ import annotations

import pytest

from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, machine

NETWORK = """\
network:
  virtual_networks:
    net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
    other: {address_space: [10.1.0.0/16], subnets: {front: {address_prefix: 10.1.1.0/24}}}
  public_ips: {pip: {dns_label: first-label}}
"""
READER = """\
    extensions:
      read:
        publisher: A.B
        type: C
        version: "1.0"
        settings: {values: "${network/public_ips/pip.fqdn} ${vms/web/interfaces/nic.private_ip}"}
"""
SPEC = HEAD + NETWORK + machine(READER, name="reader")
SPEC += machine().removeprefix("vms:\n").replace("subnet: net/front", "interfaces: {nic: {subnet: net/front}}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("first-label", "second-label"),
        ("{subnet: net/front}", "{subnet: net/front, private_ip: 10.0.1.77}"),
        ("{subnet: net/front}", "{subnet: other/front}"),
    ],
)
async def test_an_update_that_changes_a_value_updates_its_readers(world: World, before: str, after: str) -> None:
    assert failures(await world.apply(SPEC)) == []
    changed = SPEC.replace(before, after)
    assert failures(await world.apply(changed)) == []
    path = world.in_group(GROUP, "Microsoft.Compute/virtualMachines/extensions", "reader", "read")
    _, extension = await world.arm("GET", path)
    _, address = await world.arm("GET", world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "pip"))
    _, interface = await world.arm("GET", world.in_group(GROUP, "Microsoft.Network/networkInterfaces", "web-nic"))
    private = interface["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"]
    now = f"{address['properties']['dnsSettings']['fqdn']} {private}"
    assert extension["properties"]["settings"]["values"] == now
    assert not (await world.plan(changed)).pending


async def test_an_update_of_something_else_leaves_the_readers_alone(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    tagged = SPEC.replace("{dns_label: first-label}", "{dns_label: first-label, tags: {tier: web}}")
    assert actions(await world.plan(tagged)) == {"network/public_ips/pip": "update"}

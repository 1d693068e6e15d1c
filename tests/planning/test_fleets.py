"""Fleets: one entry that stands for many, applied, grown, shrunk and named alone."""

from __future__ import annotations

from provisioner.commands import planning
from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD, NETWORK

SPEC = (
    HEAD
    + "parameters: {servers: {type: number, default: 3}, extra: {type: boolean, default: false}}\n"
    + NETWORK
    + """\
identities: {team: {for_each: [blue, green]}}
vms:
  web:
    count: ${parameters.servers}
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {system_assigned: true, user_assigned: [team/blue]}
    extensions: {setup: {publisher: Contoso.Agents, type: Agent, version: "1.0", settings: {number: "${index}"}}}
  extra:
    when: ${parameters.extra}
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: azureuser, password: "${secrets.admin}"}
role_grants: {read: {role: Reader, to: [vms/web, identities/team/green]}}
"""
)


async def test_a_fleet_is_made_and_then_there_is_nothing_to_do(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
    machines = "/resourceGroups/demo-group/providers/Microsoft.Compute/virtualMachines"
    _, listed = await world.arm("GET", machines)
    assert sorted(machine["name"] for machine in listed["value"]) == ["web-0", "web-1", "web-2"]
    _, extension = await world.arm("GET", f"{machines}/web-2/extensions/setup")
    assert extension["properties"]["settings"] == {"number": 2}


async def test_a_fleet_grows_and_shrinks_at_its_end(world: World) -> None:
    assert failures(await world.apply(SPEC, servers="2")) == []
    grown = actions(await world.plan(SPEC, servers="3", extra="true"))
    assert {address for address in grown if address.startswith("vms/")} == {
        "vms/web/2", "vms/web/2/interfaces/nic", "vms/web/2/extensions/setup", "vms/extra", "vms/extra/interfaces/nic",
    }  # fmt: skip
    assert set(grown.values()) == {"create"}
    shrunk = await world.plan(SPEC, servers="1")
    gone = {change.id.rpartition("/")[2] for change in shrunk.pending if change.action == "delete"}
    assert {"web-1", "web-1-nic", "setup"} <= gone
    assert set(actions(shrunk).values()) == {"delete"}


async def test_one_member_can_be_the_target(world: World) -> None:
    loaded = world.load(SPEC)
    plan = await planning.make_plan(loaded, world.session, planning.Choices(targets=("vms/web/1",)))
    assert {change.address for change in plan.pending if change.address.startswith("vms/")} == {
        "vms/web/1", "vms/web/1/interfaces/nic", "vms/web/1/extensions/setup",
    }  # fmt: skip
    whole = await planning.make_plan(loaded, world.session, planning.Choices(targets=("vms/web",)))
    assert {"vms/web/0", "vms/web/1", "vms/web/2"} <= {change.address for change in whole.pending}


async def test_a_fleet_goes_to_zero_with_its_grants(world: World) -> None:
    outputs = 'outputs: {principals: "${vms/web.principal_id}"}\n'
    assert failures(await world.apply(SPEC + outputs, servers="2")) == []
    assert failures(await world.apply(SPEC + outputs, servers="0")) == []
    loaded = world.load(SPEC + outputs, servers="0")
    assert loaded.resolution.outputs == {"principals": []}
    assert {item.address for item in loaded.resolution.resources if item.address.startswith("role_grants/")} == {
        "role_grants/read/identities/team/green"
    }
    assert not (await world.plan(SPEC + outputs, servers="0")).pending

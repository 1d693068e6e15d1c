"""Deletes that Azure refuses because of a resource of another owner are refused before the first write."""

from __future__ import annotations

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.commands import planning
from provisioner.planning import removals
from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

SPEC = HEAD + NETWORK.replace("subnets: {", "subnets: {back: {address_prefix: 10.0.2.0/24}, ") + machine()
INTERFACES = "Microsoft.Network/networkInterfaces"


async def interface(world: World, subnet: str, group: str = "theirs", **properties: object) -> str:
    """An interface of another owner, in a group of its own."""
    await world.arm("PUT", f"/resourceGroups/{group}", {"location": "westus2"})
    network = world.in_group(GROUP, "Microsoft.Network/virtualNetworks", "net")
    configuration = {"subnet": {"id": f"{network}/subnets/{subnet}"}, **properties}
    body = {
        "location": "westus2",
        "properties": {"ipConfigurations": [{"name": "one", "properties": configuration}]},
    }
    path = world.in_group(group, INTERFACES, "theirs")
    status, answer = await world.arm("PUT", path, body)
    assert status == 201, answer
    return path


def problem(caught: pytest.ExceptionInfo[SpecError]) -> tuple[str, str, str]:
    (found,) = caught.value.diagnostics
    return found.code, found.summary, found.reason


async def test_destroy_names_a_foreign_interface_in_our_subnet_before_the_first_delete(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    foreign = await interface(world, "front")
    loaded = world.load(SPEC)
    actual = await world.actual(SPEC)
    plan = removals.destroy(actual, "demo", "local", loaded.resolution.resources)
    with pytest.raises(SpecError) as caught:
        planning.refuse_protected(plan, loaded.spec, actual.locks)
    code, summary, reason = problem(caught)
    assert (code, summary) == (
        "PV3502",
        "network/virtual_networks/net cannot be deleted, since other resources use it",
    )
    assert foreign.lower() in reason.lower()


async def test_a_network_that_left_the_spec_is_not_planned_as_a_delete_while_others_use_it(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    await interface(world, "front")
    with pytest.raises(SpecError) as caught:
        await world.plan(HEAD)
    assert problem(caught)[:2] == (
        "PV3502",
        "virtual_network/net cannot be deleted, since other resources use it",
    )


async def test_a_subnet_that_left_the_spec_is_not_dropped_while_others_use_it(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    await interface(world, "back")
    with pytest.raises(SpecError) as caught:
        await world.plan(HEAD + NETWORK + machine())
    assert problem(caught)[:2] == (
        "PV3502",
        "network/virtual_networks/net/subnets/back cannot be deleted, since other resources use it",
    )


async def test_a_public_ip_is_not_replaced_while_others_use_it(world: World) -> None:
    text = SPEC.replace("network:\n", "network:\n  public_ips: {pip: {}}\n")
    assert failures(await world.apply(text)) == []
    pip = world.in_group(GROUP, "Microsoft.Network/publicIPAddresses", "pip")
    await interface(world, "front", publicIPAddress={"id": pip})
    with pytest.raises(SpecError) as caught:
        await world.plan(text.replace("pip: {}", "pip: {zones: [1]}"))
    assert problem(caught)[:2] == (
        "PV3502",
        "network/public_ips/pip cannot be replaced, since other resources use it",
    )


async def test_what_only_this_deployment_uses_is_deleted(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    await interface(world, "back")
    assert failures(await world.apply(HEAD + NETWORK.replace("front:", "back:").replace("1.0/24", "2.0/24"))) == []

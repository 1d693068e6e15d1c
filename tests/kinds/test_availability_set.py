"""Availability sets and the machines in them, on the embedded cloud."""

from typing import Any

import pytest

from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, entry, round_trip
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

TYPE = "Microsoft.Compute/availabilitySets"
SET = "availability_sets: {web: {fault_domains: 2, update_domains: 5}}\n"
SPEC = HEAD + SET + NETWORK + machine("    availability_set: web\n")


async def test_a_machine_is_made_in_it_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending
    _, body = await world.arm("GET", world.in_group(GROUP, TYPE, "web"))
    assert body["sku"] == {"name": "Aligned"}
    assert len(body["properties"]["virtualMachines"]) == 1


async def test_without_numbers_it_has_those_of_its_region(world: World) -> None:
    spec = HEAD + "availability_sets: {web: {}}\n"
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_a_tag_is_an_update_that_leaves_its_machines(world: World) -> None:
    await world.apply(SPEC)
    spec = SPEC.replace("update_domains: 5", "update_domains: 5, tags: {tier: web}")
    assert paths(only(await world.plan(spec), "availability_sets/web")) == ["tags.tier"]
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_another_number_of_domains_replaces_it_and_its_machines(world: World) -> None:
    await world.apply(SPEC)
    spec = SPEC.replace("fault_domains: 2", "fault_domains: 3")
    assert actions(await world.plan(spec)) == {"availability_sets/web": "replace", "vms/web": "replace"}
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


WATCHER = """\
  watcher:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: net/front
    admin: {username: azureuser, password: "${secrets.admin}"}
    extensions:
      %s
"""
OPEN = "watch: {publisher: Example, type: Watch, version: 1.0, settings: {of: '${vms/web.principal_id}'}}"
HIDDEN = OPEN.replace("settings", "protected_settings")


@pytest.mark.parametrize("extension", [OPEN, HIDDEN], ids=["settings", "protected-settings"])
async def test_values_of_a_machine_that_is_replaced_with_its_set_are_bound_again(world: World, extension: str) -> None:
    text = HEAD + SET + NETWORK + machine("    availability_set: web\n    identity: {system_assigned: true}\n")
    text += WATCHER % extension
    text += "role_grants: {read: {role: Reader, scope: resource_group, to: [vms/web]}}\n"
    assert failures(await world.apply(text)) == []
    spec = text.replace("fault_domains: 2", "fault_domains: 1")
    assert actions(await world.plan(spec)) == {
        "availability_sets/web": "replace",
        "vms/web": "replace",
        "role_grants/read/vms/web": "replace",
        "vms/watcher/extensions/watch": "update",
    }
    results = await world.apply(spec)
    assert failures(results) == []
    _, body = await world.arm("GET", world.in_group(GROUP, "Microsoft.Compute/virtualMachines", "web"))
    principal = body["identity"]["principalId"]
    (grant,) = (await world.actual(spec)).assignments
    assert grant["properties"]["principalId"] == principal
    if extension is OPEN:
        watch = world.in_group(GROUP, "Microsoft.Compute/virtualMachines/extensions", "watcher", "watch")
        assert (await world.arm("GET", watch))[1]["properties"]["settings"] == {"of": principal}
    assert not (await world.plan(spec)).pending


async def test_a_machine_that_joins_one_is_made_anew(world: World) -> None:
    await world.apply(HEAD + SET + NETWORK + machine())
    change = only(await world.plan(SPEC), "vms/web")
    assert (change.action, paths(change)) == ("replace", ["properties.availabilitySet.id"])
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending


async def test_it_goes_after_its_machines(world: World) -> None:
    await world.apply(SPEC)
    spec = HEAD + NETWORK
    assert set(actions(await world.plan(spec)).values()) == {"delete"}
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_what_somebody_changed_is_drift(world: World) -> None:
    spec = SPEC.replace("update_domains: 5", "update_domains: 5, tags: {tier: web}")
    await world.apply(spec)

    def change_it(body: Any) -> None:
        body["tags"]["tier"] = "other"

    await world.change(world.in_group(GROUP, TYPE, "web"), change_it)
    assert paths(only(await world.plan(spec), "availability_sets/web")) == ["tags.tier"]


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(SPEC)
    assert failures(await world.destroy(SPEC)) == []
    assert (await world.actual(SPEC)).owned == {}


async def test_what_another_tool_made_is_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    properties = {"platformFaultDomainCount": 2, "platformUpdateDomainCount": 8}
    found = await foreign.make(TYPE, "web", properties, sku={"name": "Aligned"})
    await foreign.make(TYPE, "old", {})
    interface = await foreign.interface(await foreign.network())
    await foreign.machine(interface, properties={"availabilitySet": {"id": found}})
    text = await round_trip(world)
    assert entry(text, "availability_sets:", 2)[1] == "web: {fault_domains: 2, update_domains: 8}"
    assert "availability_set: web" in text
    assert "old" in text

"""Application security groups, and the network interfaces in them, on the simulator."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.execution.deployment_lock.lock_info import name as lock_name
from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, entry, round_trip
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/applicationSecurityGroups"
ADDRESS = "network/application_security_groups/web"
INTERFACE = "network/interfaces/nic"
JOINED = "properties.ipConfigurations[ipconfig1].properties.applicationSecurityGroups"
LOCK = lock_name("demo")
OF_ANOTHER_TYPE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hub"
    "/providers/Microsoft.Network/networkSecurityGroups/web"
)


def group(properties: str = "") -> str:
    return f"{HEAD}network: {{application_security_groups: {{web: {{{properties}}}}}}}\n"


def interface(properties: str = "", groups: str = "{web: {}, batch: {}}") -> str:
    return f"""{HEAD}
network:
  application_security_groups: {groups}
  virtual_networks: {{net: {{address_space: [10.0.0.0/16], subnets: {{front: {{address_prefix: 10.0.1.0/24}}}}}}}}
  interfaces: {{nic: {{subnet: net/front{properties}}}}}
"""


async def members(world: World) -> list[str]:
    """The names of the groups that the interface is in."""
    _, body = await world.arm("GET", world.in_group(GROUP, "Microsoft.Network/networkInterfaces", "nic"))
    found = body["properties"]["ipConfigurations"][0]["properties"].get("applicationSecurityGroups") or []
    return sorted(item["id"].rpartition("/")[2] for item in found)


async def put_lock(world: World, deployment: str = "demo", resource_group: str = GROUP) -> str:
    """A deployment's lock, as another run that stopped left it."""
    identity = world.in_group(resource_group, TYPE, lock_name(deployment))
    since = datetime.now(UTC) - timedelta(days=1)
    tags = {"provisioner-lock": deployment, "provisioner-lock-run": "1", "provisioner-lock-until": f"{since:%FT%TZ}"}
    status, answer = await world.arm("PUT", identity, {"location": "westus2", "tags": tags})
    assert status == 201, answer
    return identity


async def test_it_is_created_and_a_second_plan_is_empty(world: World) -> None:
    assert failures(await world.apply(group())) == []
    assert (await world.arm("GET", world.in_group(GROUP, TYPE, "web")))[0] == 200
    assert not (await world.plan(group())).pending


async def test_a_tag_is_an_update(world: World) -> None:
    await world.apply(group())
    spec = group("tags: {tier: web}")
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, paths(change)) == ("update", ["tags.tier"])
    assert failures(await world.apply(spec)) == []
    assert not (await world.plan(spec)).pending


async def test_another_location_replaces_it(world: World) -> None:
    await world.apply(group())
    spec = group("location: westeurope")
    assert actions(await world.plan(spec)) == {ADDRESS: "replace"}
    assert failures(await world.apply(spec)) == []
    _, body = await world.arm("GET", world.in_group(GROUP, TYPE, "web"))
    assert body["location"] == "westeurope"
    assert not (await world.plan(spec)).pending


async def test_a_change_in_azure_is_drift(world: World) -> None:
    spec = group("tags: {tier: web}")
    await world.apply(spec)

    def change_it(body: Any) -> None:
        body["tags"]["tier"] = "other"

    await world.change(world.in_group(GROUP, TYPE, "web"), change_it)
    change = only(await world.plan(spec), ADDRESS)
    assert (change.action, paths(change), change.cause) == ("update", ["tags.tier"], "drift")


async def test_destroy_deletes_it_after_its_interfaces(world: World) -> None:
    spec = interface(", application_security_groups: [web, batch]")
    await world.apply(spec)
    assert failures(await world.destroy(spec)) == []
    assert (await world.actual(spec)).owned == {}


async def test_an_interface_joins_and_leaves_groups_in_place(world: World) -> None:
    assert failures(await world.apply(interface(", application_security_groups: [web]"))) == []
    assert await members(world) == ["web"]
    both = interface(", application_security_groups: [batch, network/application_security_groups/web]")
    change = only(await world.plan(both), INTERFACE)
    assert change.action == "update"
    assert [path.partition("[/")[0] for path in paths(change)] == [JOINED]
    assert failures(await world.apply(both)) == []
    assert await members(world) == ["batch", "web"]
    assert not (await world.plan(both)).pending
    assert actions(await world.plan(interface())) == {INTERFACE: "update"}
    assert failures(await world.apply(interface())) == []
    assert await members(world) == []


async def test_an_interface_joins_a_fleet_of_groups(world: World) -> None:
    spec = interface(", application_security_groups: [tier]", "{tier: {for_each: [web, batch]}}")
    assert failures(await world.apply(spec)) == []
    assert await members(world) == ["tier-batch", "tier-web"]
    assert not (await world.plan(spec)).pending


async def test_a_group_that_left_the_spec_is_deleted_after_its_interfaces_left_it(world: World) -> None:
    await world.apply(interface(", application_security_groups: [web, batch]"))
    spec = interface(", application_security_groups: [web]", "{web: {}}")
    found = actions(await world.plan(spec))
    assert found == {INTERFACE: "update", "application_security_group/batch": "delete"}
    assert failures(await world.apply(spec)) == []
    assert await members(world) == ["web"]
    assert not (await world.plan(spec)).pending


async def test_a_group_of_another_tool_keeps_its_interface(world: World) -> None:
    await world.apply(interface(", application_security_groups: [web]"))
    theirs = world.in_group(GROUP, TYPE, "theirs")
    await world.arm("PUT", theirs, {"location": "westus2"})

    def join(body: Any) -> None:
        body["properties"]["ipConfigurations"][0]["properties"]["applicationSecurityGroups"].append({"id": theirs})

    await world.change(world.in_group(GROUP, "Microsoft.Network/networkInterfaces", "nic"), join)
    spec = interface(", application_security_groups: [web], ip_forwarding: true")
    assert paths(only(await world.plan(spec), INTERFACE)) == ["properties.enableIPForwarding"]
    assert failures(await world.apply(spec)) == []
    assert await members(world) == ["theirs", "web"]


async def test_groups_of_another_tool_are_imported_with_their_interfaces(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    found = await foreign.make(TYPE, "web")
    await foreign.make(TYPE, "batch", tags={"tier": "batch"})
    subnet = await foreign.network()
    await foreign.interface(subnet, applicationSecurityGroups=[{"id": found}])
    text = await round_trip(world)
    assert entry(text, "application_security_groups:", 3)[1:] == ["batch:", "tags: {tier: batch}"]
    assert "application_security_groups: [web]" in text


async def test_the_lock_of_a_deployment_is_no_resource_of_the_kind(world: World) -> None:
    await world.apply(group())
    lock, other = await put_lock(world), await put_lock(world, "other")
    spec = group("tags: {tier: web}")
    plan = await world.plan(spec, adopt=True)
    assert actions(plan) == {ADDRESS: "update"}
    assert failures(await world.apply(spec, adopt=True)) == []
    assert actions(await world.plan(f"{HEAD}network: {{}}\n")) == {"application_security_group/web": "delete"}
    for identity in (lock, other):
        _, body = await world.arm("GET", identity)
        assert set(body["tags"]) == {"provisioner-lock", "provisioner-lock-run", "provisioner-lock-until"}


async def test_the_lock_of_a_deployment_keeps_no_group_and_that_of_another_does(world: World) -> None:
    await world.apply(group())
    lock = await put_lock(world)
    assert failures(await world.destroy(group())) == []
    assert (await world.arm("GET", lock))[0] == 404
    await world.apply(group())
    other = await put_lock(world, "other")
    await world.destroy(group())
    assert (await world.arm("GET", other))[0] == 200


async def test_a_lock_is_not_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    await foreign.make(TYPE, "web")
    await put_lock(world, resource_group=foreign.group)
    text = await round_trip(world)
    assert "web: {}" in text
    assert "lock" not in text


@pytest.mark.parametrize("entries", [f"{LOCK}: {{}}", "mine: {name: Provisioner-Lock-other}", f"{LOCK}: {{count: 3}}"])
async def test_the_names_of_locks_are_reserved(world: World, entries: str) -> None:
    with pytest.raises(SpecError) as caught:
        await world.plan(f"{HEAD}network: {{application_security_groups: {{{entries}}}}}\n", adopt=True)
    assert [item.code for item in caught.value.diagnostics] == ["PV2006"]


@pytest.mark.parametrize(
    ("properties", "groups", "code"),
    [
        (", application_security_groups: [wbe]", "{web: {}}", "PV2101"),
        (f", application_security_groups: [{OF_ANOTHER_TYPE}]", "{web: {}}", "PV2106"),
        (", application_security_groups: [web]", "{web: {location: westeurope}}", "PV2408"),
    ],
)
async def test_a_wrong_reference_is_an_error_at_its_place(
    world: World, properties: str, groups: str, code: str
) -> None:
    with pytest.raises(SpecError) as caught:
        await world.plan(interface(properties, groups))
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.line) == (code, 10)

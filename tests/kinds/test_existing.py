"""Things outside of a deployment on the embedded cloud."""

import pytest

from provisioner.base.diagnostics import SpecError
from provisioner.planning.outputs import planned
from provisioner.planning.plan import by_address
from tests.harness import World, actions, failures
from tests.kinds.specs import HEAD

SPEC = (
    HEAD
    + """
existing:
  hub: {type: Microsoft.Network/virtualNetworks, name: hub, resource_group: shared}
  reader: {type: Microsoft.ManagedIdentity/userAssignedIdentities, name: reader, resource_group: shared}
vms:
  web:
    size: Standard_B1s
    image: Canonical:ubuntu-24_04-lts:server:latest
    subnet: existing/hub/subnets/servers
    admin: {username: azureuser, password: "${secrets.admin}"}
    identity: {user_assigned: [existing/reader]}
role_grants:
  read: {role: Reader, scope: existing/hub, to: [existing/reader]}
"""
)


async def shared(world: World) -> None:
    await world.arm("PUT", "/resourceGroups/shared", {"location": "westus2"})
    subnets = [{"name": "servers", "properties": {"addressPrefix": "10.1.0.0/24"}}]
    body = {
        "location": "westus2",
        "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": subnets},
    }
    await world.arm("PUT", world.in_group("shared", "Microsoft.Network/virtualNetworks", "hub"), body)
    identity = world.in_group("shared", "Microsoft.ManagedIdentity/userAssignedIdentities", "reader")
    await world.arm("PUT", identity, {"location": "westus2"})


async def test_they_are_referred_to_and_never_written(world: World) -> None:
    await shared(world)
    plan = await world.plan(SPEC)
    assert not [address for address in actions(plan) if address.startswith("existing/")]
    assert failures(await world.apply(SPEC)) == []
    assert not (await world.plan(SPEC)).pending


async def test_destroy_leaves_them(world: World) -> None:
    await shared(world)
    await world.apply(SPEC)
    assert failures(await world.destroy(SPEC)) == []
    status, body = await world.arm("GET", world.in_group("shared", "Microsoft.Network/virtualNetworks", "hub"))
    assert status == 200
    assert "ipConfigurations" not in body["properties"]["subnets"][0]["properties"]


async def test_any_property_of_them_can_be_used(world: World) -> None:
    await shared(world)
    named = """
identities:
  app: {tags: {range: "${existing/hub.properties.addressSpace.addressPrefixes.0}", where: "${existing/hub.location}"}}
outputs: {first: "${existing/hub.properties.subnets.0.name}", hub: "${existing/hub.id}/subnets"}
"""
    plan = await world.plan(SPEC + named)
    app = next(change for change in plan.pending if change.address == "identities/app")
    assert app.desired["tags"]["range"] == "10.1.0.0/16"
    assert failures(await world.apply(SPEC + named)) == []
    assert not (await world.plan(SPEC + named)).pending
    with pytest.raises(SpecError) as caught:
        await world.plan(SPEC + named.replace("addressSpace.", "addressSpaces."))
    assert [(item.code, item.location.line) for item in caught.value.diagnostics] == [("PV3104", 8)]
    assert 'existing/hub has no value "properties.addressSpaces.addressPrefixes.0" in Azure' in str(caught.value)
    with pytest.raises(SpecError) as caught:
        await world.plan(SPEC + named.replace("subnets.0.name", "subnets.1.name"))
    (found,) = caught.value.diagnostics
    assert found.summary == 'existing/hub has no value "properties.subnets.1.name" in Azure'
    with pytest.raises(SpecError, match=r'existing/hub has no value "propertis\.x"'):
        world.load(SPEC + named.replace("properties.subnets.0.name", "propertis.x"))


async def test_values_inside_of_text_are_known_once_they_are_there(world: World) -> None:
    await shared(world)
    named = """
identities:
  app: {}
  other:
    tags:
      range: "in ${existing/hub.properties.addressSpace.addressPrefixes.0}"
      protected: "${existing/hub.properties.enableDdosProtection}, ${deployment}"
      client: "app:${identities/app.client_id}"
outputs: {protected: "is ${existing/hub.properties.enableDdosProtection}"}
"""
    plan = await world.plan(SPEC + named)
    other = next(change for change in plan.pending if change.address == "identities/other")
    assert other.desired["tags"]["range"] == "in 10.1.0.0/16"
    assert other.desired["tags"]["protected"] == "false, demo"
    assert str(other.desired["tags"]["client"]) == "app:identities/app.client_id"
    assert planned(world.load(SPEC + named).resolution.outputs, by_address(plan.changes)) == {"protected": "is false"}
    assert failures(await world.apply(SPEC + named)) == []
    assert not (await world.plan(SPEC + named)).pending
    changed = await world.plan(SPEC + named.replace("app:$", "app-$"))
    assert [change.address for change in changed.pending] == ["identities/other"]
    assert changed.pending[0].differences[0].after == f"app-{changed.pending[0].actual['tags']['client'][4:]}"


async def test_a_list_of_them_inside_of_text_is_refused(world: World) -> None:
    await shared(world)
    named = 'identities: {app: {tags: {a: "x ${existing/hub.properties.subnets}"}}}\n'
    with pytest.raises(
        SpecError, match=r'existing/hub has a list as its "properties\.subnets", but a string is required'
    ):
        await world.plan(SPEC + named)


async def test_one_that_is_missing_is_an_error_at_its_place(world: World) -> None:
    with pytest.raises(SpecError) as caught:
        await world.plan(SPEC)
    assert {item.code for item in caught.value.diagnostics} == {"PV3201"}
    assert [item.location.line for item in caught.value.diagnostics] == [8, 9]


async def test_their_provider_is_asked_once(world: World) -> None:
    await shared(world)
    names = "".join(
        f"  hub{index}: {{type: Microsoft.Network/virtualNetworks, name: hub, resource_group: shared}}\n"
        for index in range(5)
    )
    before = len(world.simulator.log.entries())
    await world.plan(HEAD + "existing:\n" + names)
    asked = [item.path for item in world.simulator.log.entries()[before:]]
    assert len([path for path in asked if path.lower().endswith("/providers/microsoft.network")]) == 1

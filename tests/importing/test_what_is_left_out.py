"""Comments for what a spec cannot say, things outside, grants, names and keys."""

from __future__ import annotations

import pytest

from provisioner.commands.import_ import default_name
from provisioner.importing.compose import spec_text
from provisioner.resources import reserved_tags
from provisioner.state.group_inventory import survey
from tests.harness import World, failures
from tests.importing.steps import LOCATION, READER, Foreign, comments, entry, imported, round_trip, taken_over
from tests.kinds.specs import HEAD

CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"


@pytest.fixture
async def foreign(world: World) -> Foreign:
    tool = Foreign(world)
    await tool.make_group()
    return tool


async def test_what_an_entry_is_silent_about_is_a_comment_above_it(foreign: Foreign) -> None:
    subnet = await foreign.network()
    first = {"name": "one", "properties": {"subnet": {"id": subnet}, "primary": True}}
    second = {"name": "two", "properties": {"subnet": {"id": subnet}}}
    properties = {"ipConfigurations": [first, second]}
    await foreign.make("Microsoft.Network/networkInterfaces", "nic", properties)
    text = await round_trip(foreign.world)
    assert entry(text, "# not expressed", 2) == [
        "# not expressed: properties.ipConfigurations[two]",
        "nic: {subnet: net/front}",
    ]


async def test_a_rule_about_application_security_groups_is_imported_with_them(foreign: Foreign) -> None:
    group = await foreign.make("Microsoft.Network/applicationSecurityGroups", "web")
    rule = {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*"}
    rule |= {"sourceApplicationSecurityGroups": [{"id": group}], "destinationAddressPrefix": "*"}
    rule |= {"destinationPortRange": "443"}
    properties = {"securityRules": [{"name": "by-group", "properties": rule}]}
    await foreign.make("Microsoft.Network/networkSecurityGroups", "closed", properties)
    text = await round_trip(foreign.world)
    assert "not expressed" not in text
    assert "source_application_security_groups: [web]" in text
    assert entry(text, "application_security_groups:", 2)[1] == "web: {}"
    _, body = await foreign.world.arm("GET", foreign.id("Microsoft.Network/networkSecurityGroups", "closed"))
    assert [item["name"] for item in body["properties"]["securityRules"]] == ["by-group"]


async def test_types_that_are_no_kind_stand_at_the_end(foreign: Foreign) -> None:
    balancer = await foreign.make("Microsoft.Network/loadBalancers", "lb", {}, sku={"name": "Standard"})
    disk = {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8}
    loose = await foreign.make("Microsoft.Compute/disks", "loose", disk)
    text = await imported(foreign.world)
    assert text.splitlines()[-3:] == [
        "# Not expressed, and not changed:",
        f"#   managed disk, no VM of the group uses it: {loose}",
        f"#   Microsoft.Network/loadBalancers: {balancer}",
    ]


async def test_a_pool_of_a_load_balancer_is_named_by_its_id(foreign: Foreign) -> None:
    pools = {"backendAddressPools": [{"name": "back"}]}
    balancer = await foreign.make("Microsoft.Network/loadBalancers", "lb", pools, sku={"name": "Standard"})
    pool = f"{balancer}/backendAddressPools/back"
    await foreign.interface(await foreign.network(), loadBalancerBackendAddressPools=[{"id": pool}])
    text = await round_trip(foreign.world)
    assert entry(text, "load_balancer_pools:", 2) == ["load_balancer_pools:", f"- {pool}"]


async def test_extensions_ask_for_their_protected_settings(foreign: Foreign) -> None:
    await foreign.machine(await foreign.interface(await foreign.network()))
    properties = {"publisher": "Contoso.Agents", "type": "First", "typeHandlerVersion": "1.0"}
    properties |= {"autoUpgradeMinorVersion": True, "protectedSettings": {"key": "hidden"}}
    await foreign.make("Microsoft.Compute/virtualMachines/extensions", "web/first", properties)
    text = await round_trip(foreign.world)
    assert "hidden" not in text
    assert comments(text)[0].startswith("Azure never returns protected_settings")
    assert entry(text, "first:") == ['first: {publisher: Contoso.Agents, type: First, version: "1.0"}']


async def test_a_network_in_another_group_is_existing(foreign: Foreign) -> None:
    hub = Foreign(foreign.world, "hub-group")
    await hub.make_group()
    subnet = await hub.network("hub")
    group = await hub.make("Microsoft.Network/networkSecurityGroups", "hub", {})
    properties = {
        "networkSecurityGroup": {"id": group},
        "ipConfigurations": [{"name": "x", "properties": {"subnet": {"id": subnet}}}],
    }
    await foreign.make("Microsoft.Network/networkInterfaces", "nic", properties)
    text = await round_trip(foreign.world)
    assert entry(text, "existing:", 3) == [
        "existing:",
        "hub: {type: Microsoft.Network/virtualNetworks, name: hub, resource_group: hub-group}",
        "hub-2: {type: Microsoft.Network/networkSecurityGroups, name: hub, resource_group: hub-group}",
    ]
    assert entry(text, "nic:") == ["nic: {subnet: existing/hub/subnets/front, security_group: existing/hub-2}"]


async def test_grants_of_one_role_at_one_scope_are_one_entry(foreign: Foreign) -> None:
    world = foreign.world
    subnet = await foreign.network()
    app = await foreign.identity()
    await foreign.machine(await foreign.interface(subnet), identity={"type": "SystemAssigned"})
    _, identity = await world.arm("GET", app)
    _, machine = await world.arm("GET", foreign.id("Microsoft.Compute/virtualMachines", "web"))
    principals = [identity["properties"]["principalId"], machine["identity"]["principalId"]]
    for principal in principals:
        await foreign.grant(principal, foreign.scope)
    await foreign.grant(principals[0], f"/subscriptions/{world.session.subscription_id}")
    await foreign.grant(principals[0], subnet, CONTRIBUTOR, description="for ${later}")
    text = await round_trip(world)
    assert text.partition("role_grants:\n")[2].splitlines() == [
        "  contributor-front:",
        "    role: Contributor",
        "    scope: network/virtual_networks/net/subnets/front",
        "    description: for $${later}",
        "    to: [identities/app]",
        "  reader: {role: Reader, to: [identities/app, vms/web]}",
        "  reader-subscription: {role: Reader, scope: subscription, to: [identities/app]}",
    ]


async def test_the_condition_of_a_grant_is_imported(foreign: Foreign) -> None:
    _, identity = await foreign.world.arm("GET", await foreign.identity())
    condition = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})))"
    principal = identity["properties"]["principalId"]
    await foreign.grant(principal, foreign.scope, condition=condition, conditionVersion="2.0")
    text = await round_trip(foreign.world)
    (line,) = [line.strip() for line in text.splitlines() if "condition" in line]
    assert line == f"condition: {condition}"


async def test_a_grant_at_something_that_is_no_kind(foreign: Foreign) -> None:
    table = await foreign.make("Microsoft.Network/routeTables", "routes", {"routes": []})
    app = await foreign.identity()
    _, identity = await foreign.world.arm("GET", app)
    await foreign.grant(identity["properties"]["principalId"], table)
    text = await round_trip(foreign.world)
    assert entry(text, "reader-routes:") == [
        "reader-routes: {role: Reader, scope: existing/routes, to: [identities/app]}"
    ]


async def test_a_role_whose_name_is_not_unique_goes_by_its_guid(foreign: Foreign) -> None:
    world = foreign.world
    subscription = f"/subscriptions/{world.session.subscription_id}"
    guid = "11111111-2222-4333-8444-555555555555"
    definition = f"{subscription}/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    properties = {
        "roleName": "Own Reader",
        "description": "",
        "permissions": [{"actions": ["*/read"]}],
        "assignableScopes": [subscription],
    }
    await foreign.put(definition, {"properties": properties})
    app = await foreign.identity()
    _, identity = await world.arm("GET", app)
    await foreign.grant(identity["properties"]["principalId"], foreign.scope, guid)
    assert "own-reader: {role: Own Reader, to: [identities/app]}" in await round_trip(world)


async def test_the_own_deployment_comes_back_under_its_name_with_its_protection(world: World) -> None:
    spec = HEAD + "identities: {one: {lifecycle: {prevent_destroy: true}}}\n"
    assert failures(await world.apply(spec)) == []
    found = await survey(world.session.operations, "demo-group")
    assert found is not None
    assert default_name(found) == "demo"
    text = spec_text(found, default_name(found)).text
    assert entry(text, "one:", 2) == ["one:", "lifecycle: {prevent_destroy: true}"]
    assert "provisioner-" not in text
    assert not (await world.plan(text)).pending


async def test_a_groups_name_that_no_deployment_can_have(world: World) -> None:
    await world.arm("PUT", "/resourceGroups/(my)_group_", {"location": LOCATION})
    found = await survey(world.session.operations, "(my)_group_")
    assert found is not None
    assert default_name(found) == "my-_group"
    await taken_over(world, spec_text(found, default_name(found)).text)


async def test_a_group_that_is_not_there(world: World) -> None:
    assert await survey(world.session.operations, "nowhere") is None


async def test_names_that_are_words_or_numbers_are_quoted_keys(foreign: Foreign) -> None:
    for name in ("true", "123", "null"):
        await foreign.identity(name)
    text = await round_trip(foreign.world)
    assert entry(text, "identities:", 4) == ["identities:", '"123": {}', '"null": {}', '"true": {}']


async def test_a_key_that_is_no_key_gets_a_name_beside_it(foreign: Foreign) -> None:
    odd = await foreign.make("Microsoft.Insights/actionGroups", "Smart Detection (1)", {})
    app = await foreign.identity()
    _, identity = await foreign.world.arm("GET", app)
    await foreign.grant(identity["properties"]["principalId"], odd, READER)
    text = await imported(foreign.world)
    assert entry(text, "Smart-Detection-1:") == [
        "Smart-Detection-1: {type: Microsoft.Insights/actionGroups, name: Smart Detection (1)}"
    ]
    assert "scope: existing/Smart-Detection-1" in text


async def test_reserved_tags_are_not_written_into_the_spec(foreign: Foreign) -> None:
    names = [*reserved_tags.RESERVED, *(f"{family}-2" for family in reserved_tags.FAMILIES)]
    tags = dict.fromkeys([*names[::2], *map(str.upper, names[1::2])], "x")
    await foreign.make("Microsoft.ManagedIdentity/userAssignedIdentities", "one", tags={**tags, "team": "web"})
    await foreign.make("Microsoft.ManagedIdentity/userAssignedIdentities", "two", tags={"team": "web"})
    text = await imported(foreign.world)
    assert [line for line in text.lower().splitlines() if "provisioner-" in line and not line.startswith("#")] == []
    assert "team: web" in text

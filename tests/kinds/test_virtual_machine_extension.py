"""VM extensions on the simulator."""

from typing import Any

import pytest

from provisioner.base.diagnostics import SpecError
from tests.harness import World, actions, failures, only, paths
from tests.importing.steps import Foreign, comments, entry, round_trip
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

TYPE = "Microsoft.Compute/virtualMachines/extensions"
ADDRESS = "vms/web/extensions/setup"
PLAIN = "publisher: Contoso.Agents, type: Agent, version: '1.0', settings: {port: 80, hosts: [a, b]}"
HIDDEN = PLAIN + ", protected_settings: {key: '${secrets.admin}'}"


def spec(*extensions: str) -> str:
    """A machine with extensions, each ``key: {…}``."""
    lines = "".join(f"      {extension}\n" for extension in extensions)
    return HEAD + NETWORK + machine(f"    extensions:\n{lines}" if extensions else "")


def setup(properties: str = PLAIN) -> str:
    return spec(f"setup: {{{properties}}}")


def identity(world: World, name: str = "setup") -> str:
    return world.in_group(GROUP, TYPE, "web", name)


async def read(world: World, name: str = "setup") -> Any:
    return (await world.arm("GET", identity(world, name)))[1]


@pytest.mark.parametrize("properties", [PLAIN, HIDDEN], ids=["settings", "protected-settings"])
async def test_it_is_created_and_a_second_plan_is_empty(world: World, properties: str) -> None:
    assert failures(await world.apply(setup(properties))) == []
    assert not (await world.plan(setup(properties))).pending
    body = (await read(world))["properties"]
    assert (body["publisher"], body["type"], body["typeHandlerVersion"]) == ("Contoso.Agents", "Agent", "1.0")
    assert (body["settings"], body["autoUpgradeMinorVersion"]) == ({"port": 80, "hosts": ["a", "b"]}, True)
    assert "protectedSettings" not in body


@pytest.mark.parametrize(
    ("properties", "changed"),
    [
        (PLAIN.replace("port: 80", "port: 443"), "properties.settings.port"),
        (PLAIN.replace("'1.0'", "'1.1'"), "properties.typeHandlerVersion"),
        (PLAIN + ", auto_upgrade_minor_version: false", "properties.autoUpgradeMinorVersion"),
        (PLAIN + ", automatic_upgrade: true", "properties.enableAutomaticUpgrade"),
    ],
    ids=["settings", "version", "auto_upgrade_minor_version", "automatic_upgrade"],
)
async def test_a_property_is_updated_in_place(world: World, properties: str, changed: str) -> None:
    await world.apply(setup())
    change = only(await world.plan(setup(properties)), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("update", [changed], "live")
    assert failures(await world.apply(setup(properties))) == []
    assert not (await world.plan(setup(properties))).pending


async def test_a_tag_is_an_update_that_nobody_notices(world: World) -> None:
    await world.apply(setup())
    text = setup(PLAIN + ", tags: {tier: web}")
    change = only(await world.plan(text), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("update", ["tags.tier"], "none")
    assert failures(await world.apply(text)) == []
    assert not (await world.plan(text)).pending


async def test_other_protected_settings_are_an_update_that_shows_no_value(world: World) -> None:
    await world.apply(setup(HIDDEN))
    other = setup(HIDDEN.replace("key:", "token:"))
    change = only(await world.plan(other), ADDRESS)
    assert change.action == "update"
    assert not any("Correct-Horse" in str((item.before, item.after)) for item in change.differences)
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("Contoso.Agents", "Fabrikam.Agents", "properties.publisher"),
        ("type: Agent", "type: Monitor", "properties.type"),
    ],
)
async def test_another_handler_replaces_it(world: World, old: str, new: str, changed: str) -> None:
    await world.apply(setup())
    other = setup(PLAIN.replace(old, new))
    change = only(await world.plan(other), ADDRESS)
    assert (change.action, paths(change), change.impact) == ("replace", [changed], "replace")
    assert failures(await world.apply(other)) == []
    assert not (await world.plan(other)).pending


async def test_it_comes_back_on_a_machine_that_is_replaced(world: World) -> None:
    await world.apply(setup())
    other = setup().replace("ubuntu-24_04-lts:server", "ubuntu-22_04-lts:server")
    assert actions(await world.plan(other)) == {"vms/web": "replace", ADDRESS: "create"}
    assert failures(await world.apply(other)) == []
    assert (await world.arm("GET", identity(world)))[0] == 200
    assert not (await world.plan(other)).pending


async def test_after_moves_one_behind_another(world: World) -> None:
    first = f"first: {{{PLAIN}, after: [second]}}"
    second = "second: {publisher: Contoso.Agents, type: Other, version: '1.0'}"
    assert failures(await world.apply(spec(first, second))) == []
    finished = [
        event.change.address.rpartition("/")[2]
        for event in world.events
        if "/extensions/" in event.change.address and event.phase == "finished"
    ]
    assert finished == ["second", "first"]


async def test_one_that_left_the_spec_is_deleted_and_the_machine_stays(world: World) -> None:
    await world.apply(setup())
    assert actions(await world.plan(spec())) == {"virtual_machine_extension/web/setup": "delete"}
    assert failures(await world.apply(spec())) == []
    assert (await world.arm("GET", identity(world)))[0] == 404
    assert not (await world.plan(spec())).pending


async def test_settings_that_somebody_changed_are_drift(world: World) -> None:
    await world.apply(setup())
    body = await read(world)
    properties = {**body["properties"], "settings": {"port": 1, "hosts": ["a", "b"]}}
    await world.arm("PUT", identity(world), {"location": "westus2", "properties": properties})
    found = only(await world.plan(setup(), adopt=True), ADDRESS)
    assert found.action == "update" and "properties.settings.port" in paths(found)
    assert failures(await world.apply(setup(), adopt=True)) == []
    assert not (await world.plan(setup())).pending


async def test_an_extension_of_another_tool_stays(world: World) -> None:
    await world.apply(setup())
    theirs = {"publisher": "Fabrikam", "type": "Scanner", "typeHandlerVersion": "1.0"}
    assert (await world.arm("PUT", identity(world, "theirs"), {"location": "westus2", "properties": theirs}))[0] < 300
    assert not (await world.plan(setup())).pending
    assert failures(await world.apply(spec())) == []
    assert (await world.arm("GET", identity(world, "theirs")))[0] == 200


async def test_one_without_an_owner_is_adopted_only_on_request(world: World) -> None:
    await world.apply(spec())
    theirs = {"publisher": "Contoso.Agents", "type": "Agent", "typeHandlerVersion": "1.0"}
    assert (await world.arm("PUT", identity(world), {"location": "westus2", "properties": theirs}))[0] < 300
    with pytest.raises(SpecError, match="exists already and belongs to no deployment"):
        await world.plan(setup())
    assert failures(await world.apply(setup(), adopt=True)) == []
    assert (await read(world))["tags"]["provisioner-deployment"] == "demo"
    assert not (await world.plan(setup())).pending


async def test_what_another_tool_made_is_imported(world: World) -> None:
    foreign = Foreign(world)
    await foreign.make_group()
    await foreign.machine(await foreign.interface(await foreign.network()))
    properties = {"publisher": "Contoso.Agents", "type": "Agent", "typeHandlerVersion": "1.0", "settings": {"port": 80}}
    await foreign.make(TYPE, "web/setup", properties)
    text = await round_trip(world)
    found = entry(text, "setup:", 6)
    assert {"publisher: Contoso.Agents", "type: Agent", "settings: {port: 80}"} <= set(found)
    assert any(line.startswith("Azure never returns protected_settings") for line in comments(text))


async def test_destroy_leaves_nothing(world: World) -> None:
    await world.apply(setup(HIDDEN))
    assert failures(await world.destroy(setup(HIDDEN))) == []
    assert (await world.actual(setup(HIDDEN))).owned == {}


async def test_a_handler_that_another_tool_installed_is_a_problem_with_a_way_on(world: World) -> None:
    assert failures(await world.apply(HEAD + NETWORK + machine())) == []
    path = f"{world.in_group(GROUP, 'Microsoft.Compute/virtualMachines', 'web')}/extensions/Theirs"
    properties = {"publisher": "Contoso.Agents", "type": "agent", "typeHandlerVersion": "1.0"}
    status, _ = await world.arm("PUT", path, {"location": "westus2", "properties": properties})
    assert status == 201
    entry = 'publisher: Contoso.Agents, type: Agent, version: "1.0"'
    with pytest.raises(SpecError) as caught:
        await world.plan(HEAD + NETWORK + machine(f"    extensions: {{ours: {{{entry}}}}}\n"))
    (found,) = caught.value.diagnostics
    assert (found.code, found.summary) == (
        "PV3505",
        "vms/web/extensions/ours exists already under another name: Theirs",
    )
    adopted = HEAD + NETWORK + machine(f"    extensions: {{ours: {{name: Theirs, {entry}}}}}\n")
    assert actions(await world.plan(adopted, adopt=True)) == {"vms/web/extensions/ours": "update"}


async def test_an_extension_under_another_key_replaces_the_one_that_leaves(world: World) -> None:
    entry = 'publisher: Contoso.Agents, type: Agent, version: "1.0"'
    one, two = (HEAD + NETWORK + machine(f"    extensions: {{{key}: {{{entry}}}}}\n") for key in ("one", "two"))
    assert failures(await world.apply(one)) == []
    assert failures(await world.apply(two)) == []
    assert not (await world.plan(two)).pending

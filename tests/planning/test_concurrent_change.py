"""Somebody writes between the plan and the apply."""

from typing import Any

from provisioner.commands import planning
from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD

TYPE = "Microsoft.Network/virtualNetworks"


def network(*names: str) -> str:
    subnets = ", ".join(f"{name}: {{address_prefix: 10.0.{index}.0/24}}" for index, name in enumerate(names, 1))
    return f"{HEAD}network:\n  virtual_networks:\n    net: {{address_space: [10.0.0.0/16], subnets: {{{subnets}}}}}\n"


async def test_a_network_that_changed_meanwhile_is_read_and_planned_again(world: World) -> None:
    await world.apply(network("front"))
    loaded = world.load(network("front", "back"))
    plan = await planning.make_plan(loaded, world.session)

    def add(body: Any) -> None:
        body["properties"]["subnets"].append({"name": "theirs", "properties": {"addressPrefix": "10.0.9.0/24"}})

    identity = world.in_group(GROUP, TYPE, "net")
    await world.change(identity, add)
    assert failures(await world.execute(plan, loaded)) == []
    retried = [event.detail for event in world.events if event.phase == "retrying"]
    assert retried == ["changed by another user or tool meanwhile"]
    _, body = await world.arm("GET", identity)
    assert {item["name"] for item in body["properties"]["subnets"]} == {"front", "back", "theirs"}
    assert not (await world.plan(network("front", "back"))).pending


async def test_what_left_the_spec_goes_although_somebody_else_has_written_meanwhile(world: World) -> None:
    await world.apply(network("front", "back"))
    loaded, plan = world.load(network("front")), await world.plan(network("front"))
    identity = world.in_group(GROUP, TYPE, "net")
    await world.change(identity, lambda body: body["tags"].update(theirs="yes"))
    assert failures(await world.execute(plan, loaded)) == []
    _, body = await world.arm("GET", identity)
    assert [item["name"] for item in body["properties"]["subnets"]] == ["front"]
    assert body["tags"]["theirs"] == "yes"


async def test_what_the_plan_removes_of_others_goes_although_somebody_else_has_written_meanwhile(world: World) -> None:
    await world.apply(network("front"))
    identity = world.in_group(GROUP, TYPE, "net")

    def add(name: str, index: int) -> Any:
        part = {"name": name, "properties": {"addressPrefix": f"10.0.{index}.0/24"}}
        return lambda body: body["properties"]["subnets"].append(part)

    await world.change(identity, add("theirs", 8))
    text = network("front").replace("subnets:", "unlisted: remove, subnets:")
    loaded, plan = world.load(text), await world.plan(text)
    await world.change(identity, add("later", 9))
    assert failures(await world.execute(plan, loaded)) == []
    _, body = await world.arm("GET", identity)
    assert {item["name"] for item in body["properties"]["subnets"]} == {"front", "later"}


async def test_a_thing_that_was_deleted_meanwhile_is_an_error_and_the_next_apply_makes_it(world: World) -> None:
    await world.apply(network("front"))
    loaded = world.load(network("front", "back"))
    plan = await planning.make_plan(loaded, world.session)
    await world.arm("DELETE", world.in_group(GROUP, TYPE, "net"))
    results = await world.execute(plan, loaded)
    assert failures(results) == [
        "network/virtual_networks/net: ResourceNotFound: Another user or tool deleted it after the plan was made."
    ]
    assert failures(await world.apply(network("front", "back"))) == []
    assert not (await world.plan(network("front", "back"))).pending

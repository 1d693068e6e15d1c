"""Azure ignores the case of tag names, and keeps the one in which a name was first written."""

from __future__ import annotations

import pytest

from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD

ADDRESSES = "Microsoft.Network/publicIPAddresses"
TAGGED = HEAD + 'tags: {CostCenter: "42"}\nnetwork: {public_ips: {out: {}}}\nidentities: {app: {}}\n'


async def _respell(world: World, before: str, after: str, value: str = "42") -> None:
    """What a policy does: the same tag in another case."""
    path = world.in_group(GROUP, ADDRESSES, "out")
    _, body = await world.arm("GET", path)
    tags = {name: text for name, text in body["tags"].items() if name != before} | {after: value}
    status, _ = await world.arm("PATCH", path, {"tags": tags})
    assert status == 200


async def _tags(world: World) -> dict[str, str]:
    _, body = await world.arm("GET", world.in_group(GROUP, ADDRESSES, "out"))
    return {name: value for name, value in body["tags"].items() if not name.startswith("provisioner-")}


async def test_another_case_in_azure_is_no_difference(world: World) -> None:
    assert failures(await world.apply(TAGGED)) == []
    await _respell(world, "CostCenter", "costcenter")
    assert not (await world.plan(TAGGED)).pending


@pytest.mark.parametrize("after", ["costcenter", "COSTCENTER"])
async def test_another_case_in_the_spec_is_no_difference(world: World, after: str) -> None:
    assert failures(await world.apply(TAGGED)) == []
    assert not (await world.plan(TAGGED.replace("CostCenter", after))).pending


async def test_another_value_is_written_under_the_name_that_exists(world: World) -> None:
    assert failures(await world.apply(TAGGED)) == []
    await _respell(world, "CostCenter", "costcenter", "43")
    plan = await world.plan(TAGGED)
    assert [[(item.before, item.after) for item in change.differences] for change in plan.pending] == [[("43", "42")]]
    assert failures(await world.apply(TAGGED)) == []
    assert await _tags(world) == {"costcenter": "42"}
    assert not (await world.plan(TAGGED)).pending


async def test_a_tag_is_ignored_in_any_case(world: World) -> None:
    spec = TAGGED.replace("{out: {}}", "{out: {lifecycle: {ignore_changes: [tags.costCenter]}}}")
    assert failures(await world.apply(spec)) == []
    await _respell(world, "CostCenter", "COSTCENTER", "43")
    assert not (await world.plan(spec)).pending

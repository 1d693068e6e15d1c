"""Under every kind of trouble a change of what is there converges or says truly why not, and so does a destroy, also of
what is changed by half. Nothing is doubled, nothing foreign is touched, nothing is left, at no scope.

    pytest tests/chaos -m slow -n auto        the whole matrix
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from provisioner.base import arm_id
from tests import harness
from tests.harness import World
from tests.kinds.specs import GROUP

from .changes import AFTER, BEFORE
from .test_chaos import SURMOUNTABLE, TROUBLES, applied_once, destroyed, foreign, kinds_of, settings

CHANGED = TROUBLES | {"expiry": "credentials: {expire_after_s: 600}"}
"""As to the first apply; tokens last for as long as the many reads of a plan take."""


async def everything(world: World) -> Counter[str]:
    """How many of each type there are, in the group and outside of it."""
    rights, subscription = world.session.operations.rights, arm_id.subscription(world.session.subscription_id)
    outside = {
        "grants": await rights.assignments([subscription]),
        "roles": await rights.custom_roles([subscription]),
        "locks": await rights.management_locks(),
    }
    return await kinds_of(world, GROUP) + Counter({name: len(found.bodies) for name, found in outside.items()})


async def survive(folder: Path, trouble: str, seed: int, destroys_at_once: bool) -> None:
    (folder / "clean").mkdir()
    async with harness.world(folder, **settings(folder / "clean")) as world:
        await foreign(world)
        nothing = await everything(world)
        assert await applied_once(world, BEFORE) == []
        assert await applied_once(world, AFTER) == []
        expected = await everything(world)
    async with harness.world(folder, **settings(folder)) as world:
        theirs = await foreign(world)
        assert await applied_once(world, BEFORE) == []
    async with harness.world(folder, **settings(folder, CHANGED[trouble], seed)) as world:
        failed = await applied_once(world, AFTER)
    if trouble in SURMOUNTABLE:
        assert failed == []
    for text in failed:
        assert re.match(r"[\w/.-]+: \w+: ", text), text
    if not destroys_at_once:
        async with harness.world(folder, **settings(folder)) as world:
            assert await applied_once(world, AFTER) == [], f"after {failed}"
            assert not (await world.plan(AFTER)).pending
            assert await everything(world) == expected
    async with harness.world(folder, **settings(folder, CHANGED[trouble], seed)) as world:
        await destroyed(world, AFTER)
    async with harness.world(folder, **settings(folder)) as world:
        assert await destroyed(world, AFTER) == []
        assert await everything(world) == nothing
        status, _ = await world.arm("GET", f"/resourceGroups/{GROUP}")
        assert status == 404
        assert await foreign(world) == theirs


@pytest.mark.parametrize("destroys_at_once", [False, True], ids=["applied again", "destroyed at once"])
async def test_a_change_survives_a_little_of_everything(tmp_path: Path, destroys_at_once: bool) -> None:
    await survive(tmp_path, "everything a little", 1, destroys_at_once)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("destroys_at_once", [False, True], ids=["applied again", "destroyed at once"])
@pytest.mark.parametrize("trouble", CHANGED)
async def test_a_change_survives_every_trouble(tmp_path: Path, trouble: str, destroys_at_once: bool) -> None:
    await survive(tmp_path, trouble, 2, destroys_at_once)

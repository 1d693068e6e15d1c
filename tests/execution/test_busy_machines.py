"""A machine on which an operation of another user or tool runs: what it refuses meanwhile is tried again after that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import harness
from tests.execution.test_recovery import troubled
from tests.execution.test_second_tries import Refusals
from tests.harness import World, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINES = "Microsoft.Compute/virtualMachines"
SPEC = HEAD + NETWORK + machine("    os_disk: {name: web-os, size_gb: 64}\n", size="Standard_D2s_v5")
GROWN = SPEC.replace("size_gb: 64", "size_gb: 128")


async def _write_by_another_user(world: World) -> None:
    """Begin a write of the machine, and do not wait for its end."""
    path = world.in_group(GROUP, MACHINES, "web")
    _, body = await world.arm("GET", path)
    url = f"{world.simulator.url}{path}?api-version={harness.API_VERSION}"
    tags = {"tags": {**body["tags"], "by": "others"}}
    async with world.http.patch(url, json=tags, headers={"Authorization": "Bearer someone-else"}) as response:
        assert response.status in (200, 202)


@pytest.mark.parametrize(
    ("before", "method", "end"),
    [("", "PATCH", "/web"), ("powerOff", "POST", "/deallocate"), ("deallocate", "PATCH", "/web-os")],
    ids=["mark", "deallocate", "disk"],
)
async def test_what_a_busy_machine_refuses_is_tried_again(tmp_path: Path, before: str, method: str, end: str) -> None:
    settings = troubled("{}", time_scale=0.01)
    settings["durations_s"] = {(MACHINES.lower(), "update"): 60.0}
    refusals = Refusals()
    async with harness.world(tmp_path, **{**settings, "interceptors": (refusals,)}) as world:
        assert failures(await world.apply(SPEC)) == []
        if before:
            # Nothing is written first on a machine that is not started again.
            await world.arm("POST", f"{world.in_group(GROUP, MACHINES, 'web')}/{before}")
        loaded, plan = world.load(GROWN), await world.plan(GROWN)
        await _write_by_another_user(world)
        refusals.add(method, end, 409, "Unheard")
        assert failures(await world.execute(plan, loaded)) == []
        assert [event.detail for event in world.events if "waiting for the end" in event.detail]
        assert not (await world.plan(GROWN)).pending

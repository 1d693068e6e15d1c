"""Under every kind of trouble a run converges or says truly why not; a clean run then converges; nothing is doubled,
nothing foreign is touched, nothing is left after destroy.

    pytest tests/chaos -m slow -n auto        the whole matrix: troubles, specs, seeds
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from provisioner.base import arm_id
from provisioner.base.diagnostics import ProvisionerError
from provisioner.commands import planning
from provisioner.planning import removals
from provisioner.simulator import Settings
from provisioner.simulator.faults.apply import applied
from provisioner.simulator.faults.reading import parse_faults
from tests import harness
from tests.harness import World, at_once, failures
from tests.kinds.specs import GROUP

from .specs import SAMPLE, fleet

MACHINES = "Microsoft.Compute/virtualMachines"
EXTENSIONS = f"{MACHINES}/extensions"
NO_START, NO_HANDLER = "OSProvisioningTimedOut", "VMExtensionProvisioningError"
SURMOUNTABLE = {
    "throttling": "throttling: {arm: true, compute: true, limits: {writes: {capacity: 4, per_second: 1}}}",
    "server errors": "rules: [{operation: any, rate: 0.15, answer: 503}, {operation: write, rate: 0.1, answer: 500}]",
    "too many requests": "rules: [{operation: any, rate: 0.15, answer: {status: 429, retry_after_s: 3}}]",
    "drops before": "rules: [{operation: any, rate: 0.15, drop: before}]",
    "drops after": "rules: [{operation: write, rate: 0.3, drop: after}, {operation: delete, rate: 0.3, drop: after}]",
    "half answers": "rules: [{operation: any, rate: 0.1, truncate: true}]",
    "directory lag": "directory: {lag_s: recorded, despite_principal_type: true}",
    "read after write": "rules: [{operation: read, missing_s: 3}]",
    "failed operations": "rules: [{operation: create, rate: 0.3, fail: InternalExecutionError}]",
    "expiry": "credentials: {expire_after_s: 60}",
}
"""What a run gets over by itself."""
TROUBLES = SURMOUNTABLE | {
    "broken operations": "rules: [{operation: create, rate: 0.3, fail: {code: Conflict, message: Broken.}}]",
    "cancelled operations": "rules: [{operation: create, rate: 0.3, cancel: true}]",
    "quota": "quota: {cores: 0}",
    "no room": "rules: [{type: Microsoft.Compute/virtualMachines, rate: 0.5, capacity: AllocationFailed}]",
    "no room in the zone": "rules: [{type: Microsoft.Compute/*, rate: 0.5, capacity: ZonalAllocationFailed}]",
    "no such size here": "rules: [{type: Microsoft.Compute/*, rate: 0.5, capacity: SkuNotAvailable}]",
    "machines that do not start": f"rules: [{{type: {MACHINES}, operation: create, rate: 0.5, fail: {NO_START}}}]",
    "extensions that fail": f"rules: [{{type: {EXTENSIONS}, operation: create, rate: 0.5, fail: {NO_HANDLER}}}]",
    "everything a little": (
        "throttling: true\ndirectory: {lag_s: recorded}\ncredentials: {expire_after_s: 120}\nrules: ["
        "{operation: any, rate: 0.05, answer: 503}, {operation: write, rate: 0.1, drop: after},"
        f"{{type: {MACHINES}, operation: create, rate: 0.2, fail: {NO_START}}},"
        f"{{type: {EXTENSIONS}, operation: create, rate: 0.2, fail: {NO_HANDLER}}},"
        "{operation: delete, rate: 0.1, fail: InternalExecutionError}]"
    ),
}
SEEDS = (1, 2, 3, 4, 5)
SPECS = {"sample": SAMPLE, "fleet": fleet(8)}
FOREIGN = "foreign-group"


def settings(folder: Path, text: str = "", seed: int = 1) -> dict[str, Any]:
    chosen = Settings(state_path=folder / "cloud.sqlite", time_scale=0.003)
    if text:
        chosen = applied(parse_faults(f"seed: {seed}\n{text}"), chosen)
    return {name: getattr(chosen, name) for name in chosen.__dataclass_fields__}


async def applied_once(world: World, spec: str) -> list[str]:
    """Failures of an apply; an error before anything is written counts as one."""
    loaded = world.load(spec)
    try:
        plan = await planning.make_plan(loaded, world.session, before_wait=at_once)
        return failures(await world.execute(plan, loaded))
    except ProvisionerError as error:
        return [str(error)]


async def kinds_of(world: World, group: str) -> Counter[str]:
    """How many of each type a group holds, grants at it included."""
    listed = await world.session.operations.list_group(group)
    grants = await world.session.operations.rights.assignments(
        [arm_id.resource_group(world.session.subscription_id, group)]
    )
    here = [each for each in grants.bodies if f"/resourcegroups/{group}/" in each["id"].lower()]
    return Counter(str(each["type"]).lower() for each in [*listed, *here])


async def foreign(world: World) -> Any:
    """Something of somebody else's, as it is now."""
    path = f"/resourceGroups/{FOREIGN}/providers/Microsoft.Network/publicIPAddresses/theirs"
    status, body = await world.arm("GET", path)
    if status == 404:
        await world.arm("PUT", f"/resourceGroups/{FOREIGN}", {"location": "westus2"})
        address = {"location": "westus2", "sku": {"name": "Standard"}}
        await world.arm("PUT", path, {**address, "properties": {"publicIPAllocationMethod": "Static"}})
        _, body = await world.arm("GET", path)
    return body


async def survive(folder: Path, trouble: str, spec: str, seed: int) -> None:
    (folder / "clean").mkdir()
    async with harness.world(folder, **settings(folder / "clean")) as world:
        assert await applied_once(world, spec) == []
        expected = await kinds_of(world, GROUP)
    async with harness.world(folder, **settings(folder)) as world:
        theirs = await foreign(world)
    async with harness.world(folder, **settings(folder, TROUBLES[trouble], seed)) as world:
        failed = await applied_once(world, spec)
    if trouble in SURMOUNTABLE:
        assert failed == []
    for text in failed:
        assert re.match(r"[\w/.-]+: \w+: ", text), text
    async with harness.world(folder, **settings(folder)) as world:
        assert await applied_once(world, spec) == [], f"after {failed}"
        assert not (await world.plan(spec)).pending
        assert await kinds_of(world, GROUP) == expected
    async with harness.world(folder, **settings(folder, TROUBLES[trouble], seed)) as world:
        await destroyed(world, spec)
    async with harness.world(folder, **settings(folder)) as world:
        assert await destroyed(world, spec) == []
        assert not await world.session.operations.list_group(GROUP)
        status, _ = await world.arm("GET", f"/resourceGroups/{GROUP}")
        assert status == 404
        assert await foreign(world) == theirs


async def destroyed(world: World, spec: str) -> list[str]:
    loaded = world.load(spec)
    try:
        plan = removals.destroy(await world.actual(spec), loaded.spec.deployment, "local")
        return failures(await world.execute(plan, loaded))
    except ProvisionerError as error:
        return [str(error)]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_sample_survives(tmp_path: Path, trouble: str) -> None:
    await survive(tmp_path, trouble, SAMPLE, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_whole_matrix(tmp_path: Path, trouble: str, spec: str, seed: int) -> None:
    await survive(tmp_path, trouble, SPECS[spec], seed)

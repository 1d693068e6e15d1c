"""Extensions on machines that are off: foreseen by the plan, and the machine started where that is agreed to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from provisioner.commands import consent
from provisioner.commands.options import Consent
from provisioner.resources.steps import PostAction
from tests import harness
from tests.harness import World, actions, failures
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINE = "Microsoft.Compute/virtualMachines"
FIRST = "{publisher: A.B, type: C, version: '1.0', settings: {tries: 1}}"
SPEC = HEAD + NETWORK + machine(f"    extensions: {{one: {FIRST}}}\n")
CHANGED = SPEC.replace("tries: 1", "tries: 2")
WITHOUT = HEAD + NETWORK + machine()
TWO = HEAD + NETWORK + machine(f"    extensions: {{one: {FIRST}, two: {{publisher: A.B, type: D, version: '1.0'}}}}\n")
BIGGER = CHANGED.replace("Standard_B1s", "Standard_B2s")

START = PostAction("start")


async def _switch(world: World, verb: str, name: str = "web") -> None:
    status, _ = await world.arm("POST", f"{world.in_group(GROUP, MACHINE, name)}/{verb}")
    assert status == 202


async def _power(world: World) -> str:
    path = world.in_group(GROUP, MACHINE, "web")
    _, body = await world.arm("GET", f"{path}/instanceView")
    return str(body["statuses"][-1]["code"])


@pytest.mark.parametrize("spec", [CHANGED, WITHOUT, TWO, BIGGER], ids=["changed", "dropped", "added", "with-a-size"])
@pytest.mark.parametrize("verb", ["deallocate", "powerOff"])
async def test_a_machine_is_started_for_its_extensions(world: World, spec: str, verb: str) -> None:
    assert failures(await world.apply(SPEC)) == []
    await _switch(world, verb)
    plan = await world.plan(spec)
    changes = {change.address: change for change in plan.pending}
    assert changes["vms/web"].action == "update"
    assert plan.steps["vms/web"][-1].operation == START
    state = "deallocated" if verb == "deallocate" else "stopped"
    assert [(item.before, item.after) for item in changes["vms/web"].differences][-1] == (state, "running")
    if spec is not BIGGER:
        assert changes["vms/web"].reason == f"it is {state}, and extensions change only on a running VM"

    assert failures(await world.apply(spec)) == []
    assert await _power(world) == "PowerState/running"
    assert not (await world.plan(spec)).pending


async def test_a_machine_that_is_off_and_needs_nothing_stays_off(world: World) -> None:
    assert failures(await world.apply(SPEC)) == []
    await _switch(world, "deallocate")
    assert not (await world.plan(SPEC)).pending
    bigger = SPEC.replace("Standard_B1s", "Standard_B2s")
    assert actions(await world.plan(bigger)) == {"vms/web": "update"}
    assert failures(await world.apply(bigger)) == []
    assert await _power(world) == "PowerState/deallocated"


async def test_starting_needs_its_own_consent(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert failures(await world.apply(SPEC)) == []
    await _switch(world, "deallocate")
    plan = await world.plan(CHANGED)
    assert not consent.given(plan, Consent(yes=True))
    assert capsys.readouterr().err == (
        "error: no approval to start vms/web; add --allow-start, or --allow-start ADDRESS for some\n"
    )
    assert consent.given(plan, Consent(yes=True, allow_start=("vms/web",)))


async def test_it_is_asked_only_of_machines_whose_extensions_may_be_written(tmp_path: Path) -> None:
    asked: list[str] = []

    def watch(call: Any) -> None:
        if "expand" in str(call.query) or "statusonly" in call.query:
            asked.append(call.path)

    async with harness.world(tmp_path, interceptors=(watch,)) as world:
        assert failures(await world.apply(SPEC)) == []
        asked.clear()
        assert not (await world.plan(SPEC)).pending
        assert [path for path in asked if "virtualMachines" in path] == []
        assert (await world.plan(CHANGED)).pending
        assert [path.rpartition("/")[2] for path in asked if "virtualMachines" in path] == ["web"]


FLEET = HEAD + NETWORK + machine(f'    name: "web-${{index}}"\n    count: 30\n    extensions: {{one: {FIRST}}}\n')


async def test_many_machines_are_asked_by_one_list(tmp_path: Path) -> None:
    asked: list[str] = []

    def watch(call: Any) -> None:
        if "instanceView" in call.query.get("$expand", "") or "statusonly" in call.query:
            asked.append(call.path)

    async with harness.world(tmp_path, interceptors=(watch,)) as world:
        assert failures(await world.apply(FLEET)) == []
        await _switch(world, "deallocate", "web-7")
        asked.clear()
        plan = await world.plan(FLEET.replace("tries: 1", "tries: 2"))
        started = [step.change for steps in plan.steps.values() for step in steps if step.operation == START]
        assert started == ["vms/web/7"]
        assert [path.rpartition("/")[2] for path in asked] == ["virtualMachines"]

"""Changes that Azure makes on a deallocated machine only: it is stopped for them and started again, by consent."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.commands import consent
from provisioner.commands.options import Consent
from provisioner.execution.executor import Executor
from provisioner.planning import plan_file
from provisioner.report import plan_text
from provisioner.resources import power_state
from provisioner.resources.reserved_tags import STOPPED_TAG
from tests import harness
from tests.execution.test_recovery import troubled
from tests.execution.test_second_tries import Refusals
from tests.harness import World, actions, failures, only
from tests.kinds.specs import GROUP, HEAD, NETWORK, machine

MACHINE = "Microsoft.Compute/virtualMachines"
DISK = "    os_disk: {name: web-os, sku: Premium_LRS, size_gb: 64}\n"
FIRST = "    extensions: {one: {publisher: A.B, type: C, version: '1.0', settings: {tries: 1}}}\n"


def spec(extra: str = DISK) -> str:
    return HEAD + NETWORK + machine(extra, size="Standard_D2s_v5")


SPEC = spec()
GROWN = spec(DISK.replace("64", "128"))
OTHER = spec(DISK.replace("Premium_LRS", "StandardSSD_LRS"))
ULTRA = spec(DISK + "    data_disks: {db: {lun: 0, size_gb: 64, sku: UltraSSD_LRS}}\n")
PLAIN = spec(DISK + "    security: {type: trusted_launch, encryption_at_host: false}\n")
ENCRYPTED = PLAIN.replace("false", "true")
TWO = spec(DISK).replace(
    "    subnet: net/front\n", "    interfaces: {0: {subnet: net/front}, more: {subnet: net/front}}\n"
)
WITH_EXTENSION = spec(DISK + FIRST)
BOTH = WITH_EXTENSION.replace("64", "128").replace("tries: 1", "tries: 2")


class Requests:
    """Notes which writes reach the machine and its disk, and what is asked of its power."""

    def __init__(self) -> None:
        self.writes: list[str] = []
        self.views: list[str] = []

    def __call__(self, call: Any) -> None:
        path = call.path.lower()
        if "expand" in str(call.query) or "statusonly" in call.query:
            self.views.append(path)
        if call.method in ("POST", "PATCH", "PUT") and "microsoft.compute" in path:
            self.writes.append(f"{call.method} {path.rpartition('/')[2]}")


async def _switch(world: World, verb: str) -> None:
    status, _ = await world.arm("POST", f"{world.in_group(GROUP, MACHINE, 'web')}/{verb}")
    assert status == 202


async def _state(world: World) -> tuple[str, bool]:
    """The machine's power state, and whether it is marked as stopped by a run."""
    path = world.in_group(GROUP, MACHINE, "web")
    _, view = await world.arm("GET", f"{path}/instanceView")
    _, body = await world.arm("GET", path)
    return view["statuses"][-1]["code"].removeprefix("PowerState/"), STOPPED_TAG in body["tags"]


@contextlib.asynccontextmanager
async def _deployed(folder: Path, *interceptors: Any, text: str = SPEC, **settings: Any) -> AsyncIterator[World]:
    known = settings.pop("interceptors", ())
    async with harness.world(folder, interceptors=(*known, *interceptors), **settings) as world:
        assert failures(await world.apply(text)) == []
        yield world


@pytest.mark.parametrize(
    ("before", "changed"),
    [(SPEC, GROWN), (SPEC, OTHER), (SPEC, ULTRA), (PLAIN, ENCRYPTED)],
    ids=["size", "kind", "ultra", "security"],
)
async def test_a_running_machine_is_stopped_and_started_again(tmp_path: Path, before: str, changed: str) -> None:
    requests = Requests()
    async with _deployed(tmp_path, requests, text=before) as world:
        requests.writes.clear()
        (change,) = [item for item in (await world.plan(changed)).pending if item.address == "vms/web"]
        assert (change.action, change.impact) == ("update", "deallocate")
        assert power_state.switch(change.differences) == power_state.Switch("running", stops=True, starts=True)
        assert failures(await world.apply(changed)) == []
        assert not (await world.plan(changed)).pending
        assert await _state(world) == ("running", False)
        posts = [write for write in requests.writes if write.startswith("POST")]
        assert posts == ["POST deallocate", "POST start"]
        assert requests.writes[-2:] == ["POST start", "PATCH web"]


async def test_a_second_interface_comes_to_a_machine_that_is_stopped_for_it(tmp_path: Path) -> None:
    one = TWO.replace(", more: {subnet: net/front}", "")
    async with _deployed(tmp_path, text=one) as world:
        assert failures(await world.apply(TWO)) == []
        assert not (await world.plan(TWO)).pending
        assert await _state(world) == ("running", False)


async def test_the_plan_says_what_is_stopped_and_what_that_costs(tmp_path: Path) -> None:
    async with _deployed(tmp_path) as world:
        plan = await world.plan(GROWN)
        assert plan_text.render(plan) == (
            "demo on local\n\n"
            "  ~ vms/web  (it is stopped for this change and started again)\n"
            "      deallocate: the disk of a running VM cannot grow\n"
            "      properties.storageProfile.osDisk.diskSizeGB: 64 → 128\n"
            '      power state: "running" → "deallocated, then running"\n'
            "      While stopped, the VM loses the data on its temporary disk and any dynamic public IP.\n\n"
            "Plan: 1 to update; 3 unchanged."
        )
        (changed,) = [item for item in plan.to_json()["changes"] if item["action"] == "update"]
        assert changed["reason"] == "it is stopped for this change and started again"
        assert changed["differences"][-1] == {
            "path": "power state",
            "operation": "change",
            "before": "running",
            "after": "deallocated, then running",
            "immutable": False,
        }


async def test_a_machine_that_was_stopped_is_deallocated_and_stays_off(tmp_path: Path) -> None:
    async with _deployed(tmp_path) as world:
        await _switch(world, "powerOff")
        change = only(await world.plan(GROWN), "vms/web")
        assert power_state.switch(change.differences) == power_state.Switch("stopped", stops=True, starts=False)
        assert change.reason == "it is stopped for this change"
        assert failures(await world.apply(GROWN)) == []
        assert not (await world.plan(GROWN)).pending
        assert await _state(world) == ("deallocated", False)


async def test_a_deallocated_machine_is_written_and_stays_off(tmp_path: Path) -> None:
    requests = Requests()
    async with _deployed(tmp_path, requests) as world:
        await _switch(world, "deallocate")
        plan = await world.plan(GROWN)
        assert consent.given(plan, Consent(yes=True))
        requests.writes.clear()
        assert failures(await world.apply(GROWN)) == []
        assert requests.writes == ["PATCH web-os", "PATCH web"]
        assert await _state(world) == ("deallocated", False)


async def test_stopping_needs_its_own_consent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with _deployed(tmp_path) as world:
        plan = await world.plan(GROWN)
        assert not consent.given(plan, Consent(yes=True, allow_start=("*",)))
        assert capsys.readouterr().err == (
            "error: no approval to stop vms/web; add --allow-stop, or --allow-stop ADDRESS for some\n"
        )
        assert consent.given(plan, Consent(yes=True, allow_stop=("vms/web",)))


async def test_a_stopped_machine_that_has_to_run_afterwards_needs_both_consents(tmp_path: Path) -> None:
    async with _deployed(tmp_path, text=WITH_EXTENSION) as world:
        await _switch(world, "powerOff")
        plan = await world.plan(BOTH)
        assert not consent.given(plan, Consent(yes=True, allow_stop=("*",)))
        assert not consent.given(plan, Consent(yes=True, allow_start=("*",)))
        assert consent.given(plan, Consent(yes=True, allow_start=("*",), allow_stop=("*",)))
        assert failures(await world.apply(BOTH)) == []
        assert await _state(world) == ("running", False)
        assert not (await world.plan(BOTH)).pending


async def test_extensions_change_once_the_machine_runs_again(tmp_path: Path) -> None:
    requests = Requests()
    async with _deployed(tmp_path, requests, text=WITH_EXTENSION) as world:
        requests.writes.clear()
        assert actions(await world.plan(BOTH)) == {"vms/web": "update", "vms/web/extensions/one": "update"}
        assert failures(await world.apply(BOTH)) == []
        names = [write.partition(" ")[2] for write in requests.writes]
        assert names == ["web", "deallocate", "web-os", "web", "start", "web", "one"]
        assert not (await world.plan(BOTH)).pending


async def test_power_is_asked_only_of_machines_that_have_to_be_off(tmp_path: Path) -> None:
    requests = Requests()
    async with _deployed(tmp_path, requests) as world:
        requests.views.clear()
        assert not (await world.plan(SPEC)).pending
        assert (await world.plan(SPEC.replace("Standard_D2s_v5", "Standard_D4s_v5"))).pending
        assert requests.views == []
        assert (await world.plan(GROWN)).pending
        assert [path.rpartition("/")[2] for path in requests.views] == ["web"]


async def test_a_machine_is_started_again_when_the_write_fails(tmp_path: Path) -> None:
    refusals = Refusals()
    async with _deployed(tmp_path, refusals) as world:
        refusals.add("PATCH", "/web-os", 400, "Unheard")
        (failed,) = failures(await world.apply(GROWN))
        assert failed.startswith("vms/web: Unheard: Refused by the test.")
        assert "is stopped" not in failed
        assert await _state(world) == ("running", False)
        assert failures(await world.apply(GROWN)) == []


async def test_a_machine_that_cannot_be_stopped_is_left_running(tmp_path: Path) -> None:
    refusals = Refusals()
    async with _deployed(tmp_path, refusals) as world:
        refusals.add("POST", "/deallocate", 403, "Unheard")
        assert [item.startswith("vms/web: Unheard") for item in failures(await world.apply(GROWN))] == [True]
        assert await _state(world) == ("running", False)


async def test_it_stays_off_between_two_tries(tmp_path: Path) -> None:
    requests, refusals = Requests(), Refusals()
    async with _deployed(tmp_path, requests, refusals) as world:
        refusals.add("PATCH", "/web-os", 409, "AnotherOperationInProgress")
        requests.writes.clear()
        assert failures(await world.apply(GROWN)) == []
        names = [write.partition(" ")[2] for write in requests.writes]
        assert names == ["web", "deallocate", "web-os", "web-os", "web", "start", "web"]
        assert await _state(world) == ("running", False)


@pytest.mark.parametrize("how", ["answer: {status: 409, code: AllocationFailed}", "fail: AllocationFailed"])
async def test_a_machine_that_does_not_start_again_is_told_and_started_by_the_next_apply(
    tmp_path: Path, how: str
) -> None:
    rule = f"{{operation: start, {how}, times: 2}}"
    async with _deployed(tmp_path, **troubled(f"rules: [{rule}]")) as world:
        (failed,) = failures(await world.apply(GROWN))
        identity = world.in_group(GROUP, MACHINE, "web")
        assert failed.startswith("vms/web: AllocationFailed")
        assert f"vms/web is stopped now: the next apply starts it, or run `az vm start --ids {identity}`." in failed
        assert await _state(world) == ("deallocated", True)

        plan = await world.plan(GROWN)
        change = only(plan, "vms/web")
        assert [(item.before, item.after) for item in change.differences] == [("stopped by an earlier run", "running")]
        assert consent.given(plan, Consent(yes=True))
        assert failures(await world.apply(GROWN)) == []
        assert await _state(world) == ("running", False)
        assert not (await world.plan(GROWN)).pending


async def test_what_was_stopped_by_an_earlier_run_gets_further_changes_and_is_started(tmp_path: Path) -> None:
    refusals = Refusals()
    async with _deployed(tmp_path, refusals) as world:
        refusals.add("PATCH", "/web-os", 400, "Unheard")
        refusals.add("POST", "/start", 400, "Unheard")
        assert "vms/web is stopped now" in str(failures(await world.apply(GROWN)))
        plan = await world.plan(GROWN)
        change = only(plan, "vms/web")
        switch = power_state.switch(change.differences)
        assert switch is not None
        assert (switch.stops, switch.starts) == (False, True)
        assert change.reason == "an earlier run stopped it for a change, and did not start it again"
        assert consent.given(plan, Consent(yes=True))
        assert failures(await world.apply(GROWN)) == []
        assert await _state(world) == ("running", False)
        assert not (await world.plan(GROWN)).pending


async def test_a_write_that_outlasts_its_limit_leaves_no_machine_off_untold(tmp_path: Path) -> None:
    rule = f"{{type: {MACHINE}, operation: deallocate, hang: true}}"
    limited = spec(DISK + "    timeouts: {update: 30s}\n")
    async with _deployed(tmp_path, text=limited, **troubled(f"rules: [{rule}]")) as world:
        world.at_least_s = 1.0
        (failed,) = failures(await world.apply(limited.replace("size_gb: 64", "size_gb: 128")))
        assert "It did not end within 30s (`timeouts.update` in the spec)" in failed
        assert "vms/web might be stopped now: the next apply starts it" in failed


async def test_an_interrupted_run_starts_again_what_it_has_stopped(tmp_path: Path) -> None:
    executors: list[Executor] = []

    def interrupt(call: Any) -> None:
        if executors and call.path.endswith("/deallocate"):
            executors[0].stop()

    async with _deployed(tmp_path, interrupt) as world:
        plan = await world.plan(GROWN)
        executors.append(Executor(plan, world.session.operations, str, world.events.append, world.session.time_scale))
        assert failures(await executors[0].run()) == []
        assert await _state(world) == ("running", False)
        assert not (await world.plan(GROWN)).pending


async def test_a_saved_plan_is_refused_when_the_machine_was_switched(tmp_path: Path) -> None:
    async with _deployed(tmp_path) as world:
        file = str(tmp_path / "plan.json")
        await _switch(world, "deallocate")
        plan_file.save(file, plan_file.PlanInputs("spec.yaml", "local", "s"), await world.plan(GROWN))
        assert plan_file.moved(plan_file.load(file), await world.plan(GROWN)) == []
        await _switch(world, "start")
        assert len(plan_file.moved(plan_file.load(file), await world.plan(GROWN))) == 1


async def test_a_plan_that_an_earlier_version_saved_has_not_moved(tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    async with _deployed(tmp_path) as world:
        plan = await world.plan(GROWN)
        plan_file.save(str(saved), plan_file.PlanInputs("spec.yaml", "local", ""), plan)
        content = json.loads(saved.read_text())
        for change in content["plan"]["changes"]:
            for difference in change["differences"]:
                del difference["operation"]
        saved.write_text(json.dumps(content))
        assert plan_file.moved(plan_file.load(str(saved)), plan) == []

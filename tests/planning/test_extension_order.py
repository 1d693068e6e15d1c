"""Extensions that left the spec: one after another, behind their machine's own change, before new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from provisioner.resources.steps import DeletedWith
from tests import harness
from tests.harness import actions, failures
from tests.kinds.specs import HEAD, NETWORK, machine


def _extensions(*pairs: tuple[str, str]) -> str:
    listed = ", ".join(f"{key}: {{publisher: A.B, type: {kind}, version: '1.0'}}" for key, kind in pairs)
    return f"    extensions: {{{listed}}}\n"


DISK = "    data_disks: {data: {lun: 0, size_gb: 32}}\n"
BEFORE = HEAD + NETWORK + machine(DISK + _extensions(("one", "C"), ("two", "D"), ("three", "E")))
ANOTHER_KEY = HEAD + NETWORK + machine(DISK + _extensions(("four", "C"), ("five", "D")))
SMALLER_DISK = HEAD + NETWORK + machine(DISK.replace("32", "16") + _extensions(("one", "C")))
ANOTHER_IMAGE = BEFORE.replace("ubuntu-24_04-lts:server", "0001-com-ubuntu-server-jammy:22_04-lts").replace(
    _extensions(("one", "C"), ("two", "D"), ("three", "E")), ""
)


class Watch:
    """What is written to extensions and machines, and how often it was refused."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def __call__(self, call: Any) -> None:
        if call.method != "GET" and "/extensions/" in call.path:
            self.written.append(f"{call.method} {call.path.rpartition('/')[2]}")


async def test_what_left_goes_one_by_one_and_before_what_is_installed(tmp_path: Path) -> None:
    watch = Watch()
    async with harness.world(tmp_path, interceptors=(watch,)) as world:
        assert failures(await world.apply(BEFORE)) == []
        watch.written.clear()
        world.events.clear()
        assert failures(await world.apply(ANOTHER_KEY)) == []
        assert watch.written == ["DELETE one", "DELETE two", "DELETE three", "PUT four", "PUT five"]
        assert not [event for event in world.events if event.phase == "retrying"]


async def test_they_wait_for_a_machine_that_lets_go_of_a_disk(tmp_path: Path) -> None:
    async with harness.world(tmp_path) as world:
        assert failures(await world.apply(BEFORE)) == []
        world.events.clear()
        assert failures(await world.apply(SMALLER_DISK)) == []
        assert not [event for event in world.events if event.phase == "retrying"]
        ended = [event.change.address for event in world.events if event.phase == "finished"]
        gone = [address for address in ended if address.startswith("virtual_machine_extension/")]
        assert len(gone) == 2
        assert ended.index("vms/web") < min(ended.index(address) for address in gone)
        assert not (await world.plan(SMALLER_DISK)).pending


async def test_they_go_with_a_machine_that_is_made_anew(tmp_path: Path) -> None:
    watch = Watch()
    async with harness.world(tmp_path, interceptors=(watch,)) as world:
        assert failures(await world.apply(BEFORE)) == []
        watch.written.clear()
        plan = await world.plan(ANOTHER_IMAGE)
        assert actions(plan)["vms/web"] == "replace"
        gone = [plan.steps[change.address] for change in plan.pending if change.action == "delete"]
        assert {step.operation for steps in gone for step in steps} == {DeletedWith("vms/web")}
        assert failures(await world.apply(ANOTHER_IMAGE)) == []
        assert watch.written == []
        assert not (await world.plan(ANOTHER_IMAGE)).pending

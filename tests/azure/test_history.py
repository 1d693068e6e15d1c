"""Durations of earlier runs: learnt, kept, and never needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioner.azure import history
from provisioner.azure.history import History
from provisioner.execution.scheduling import remaining_s
from provisioner.resources import kinds
from tests import harness
from tests.chaos.specs import SAMPLE
from tests.kinds.specs import HEAD, NETWORK, machine

MACHINE = kinds.by_type()["microsoft.compute/virtualmachines"]
EXTENSION = kinds.by_type()["microsoft.compute/virtualmachines/extensions"]


def test_nothing_is_known_at_first_but_what_was_measured_once_and_for_all() -> None:
    assert History().typical_s(MACHINE, "create") == MACHINE.timing.typical_s
    assert History().typical_s(MACHINE, "delete") == pytest.approx(64)


def test_what_is_learnt_is_smoothed_and_an_outlier_counts_little() -> None:
    past = History()
    past.learn(MACHINE, "create", 46)
    assert past.typical_s(MACHINE, "create") == pytest.approx(86)
    past.learn(MACHINE, "create", 1e9)
    assert past.typical_s(MACHINE, "create") < 200
    assert past.typical_s(MACHINE, "delete") == pytest.approx(64)


def test_a_file_that_cannot_be_replaced_is_let_be(tmp_path: Path) -> None:
    past = History()
    past.learn(MACHINE, "create", 46)
    path = tmp_path / "durations.json"
    path.mkdir()
    past.save(path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_learnt_is_there_for_the_next_run(tmp_path: Path) -> None:
    past = History()
    for _ in range(50):
        past.learn(EXTENSION, "create", 600)
    path = tmp_path / "state" / "durations.json"
    past.save(path)
    assert history.load(path).typical_s(EXTENSION, "create") == pytest.approx(600, abs=1)
    assert [item.name for item in path.parent.iterdir()] == ["durations.json"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"format_version": 9, "seconds": {}}', '{"format_version": 1, "seconds": {"x create": "soon"}}'],
)
def test_a_broken_file_counts_as_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "durations.json"
    path.write_text(text)
    assert history.load(path).typical_s(MACHINE, "create") == MACHINE.timing.typical_s
    assert history.load(tmp_path / "missing.json").typical_s(MACHINE, "create") == MACHINE.timing.typical_s


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    past = History()
    past.learn(MACHINE, "create", 50)
    past.save(tmp_path / "file" / "durations.json")


async def test_priorities_follow_the_history(world: harness.World) -> None:
    spec = HEAD + NETWORK + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
    plan = await world.plan(spec)
    ahead = remaining_s(plan, History({"virtual_machine create": 10, "virtual_machine_extension create": 500}))
    assert ahead["vms/web"] == 510


async def test_a_run_learns_in_azures_seconds_whatever_the_pace(tmp_path: Path) -> None:
    durations = {("microsoft.compute/virtualmachines", "create"): 40.0}
    async with harness.world(tmp_path, time_scale=0.01, durations_s=durations) as world:
        assert harness.failures(await world.apply(SAMPLE)) == []
        path = tmp_path / "durations.json"
        world.session.operations.history.save(path)
    learnt = json.loads(path.read_text())["seconds"]
    assert learnt["virtual_machine create"] == pytest.approx(96 - 0.2 * (96 - 40), abs=0.1)
    assert learnt["virtual_machine_extension create"] == pytest.approx(62, abs=0.1)
    assert "role_assignment create" not in learnt

"""Two runs on one deployment at once: the second waits, or says who is at it; and what becomes of a lock."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.serving import Served, serve

from .lock_runs import (
    EXPIRED,
    FAR,
    GROUP,
    LOCK,
    SPEC,
    put_lock,
    read_lock,
    run,
    start,
    tags,
    wait_for,
    wait_until_at_rest,
    wait_until_locked,
    wait_until_unlocked,
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path, "--time-scale", "0.3") as found:
        yield found


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Served]:
    """For tests that are not about what happens meanwhile."""
    with serve(tmp_path, "--time-scale", "0.02") as found:
        yield found


@pytest.fixture
def spec(tmp_path: Path) -> str:
    file = tmp_path / "payroll.yaml"
    file.write_text(SPEC)
    return str(file)


def test_of_two_applies_that_wait_one_goes_first_and_the_other_finds_nothing_left_to_do(
    served: Served, spec: str
) -> None:
    put_lock(served)
    command = ("apply", spec, "--yes", "--adopt", "--lock-timeout", "1m")
    with start(served, *command) as one, start(served, *command) as other:
        told = [wait_for(process, "waiting for another run of payroll") for process in (one, other)]
        assert served.request("DELETE", LOCK)[0] in (200, 202, 204)
        ended = [process.communicate(timeout=120) for process in (one, other)]
    assert [one.returncode, other.returncode] == [0, 0], ended
    assert all("apply by alice on laptop (process 7)" in line for line in told)
    assert sorted("Nothing to do" in out for out, _ in ended) == [False, True]
    wait_until_unlocked(served)
    assert run(served, "plan", spec, "--detailed-exitcode")[0] == 0


def test_a_first_apply_locks_the_group_that_it_makes(served: Served, spec: str) -> None:
    code, text = run(served, "apply", spec, "--yes")
    assert code == 0, text
    assert "without a lock" not in text
    wait_until_unlocked(served)


def test_whoever_does_not_wait_is_told_who_is_at_it(served: Served, spec: str) -> None:
    put_lock(served)
    code, text = run(served, "apply", spec, "--yes", "--adopt")
    assert code == 1
    assert "another run works on the deployment payroll: apply by alice on laptop (process 7)" in text
    assert "since 2026-01-01T00:00:00Z" in text
    assert "--lock-timeout" in text and "provisioner unlock" in text
    assert "Traceback" not in text
    assert served.request("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/main")[0] == 404
    assert run(served, "apply", spec, "--yes", "--adopt", "--no-lock")[0] == 0
    assert read_lock(served)["tags"] == tags(FAR)


def test_who_is_at_it_is_told_before_anything_is_waited_for(tmp_path: Path, spec: str) -> None:
    (tmp_path / "faults.yaml").write_text(
        "rules: [{type: Microsoft.Network/virtualNetworks, operation: create, hang: true}]\n"
    )
    with (
        serve(tmp_path, "--time-scale", "0.1", "--faults", str(tmp_path / "faults.yaml")) as served,
        start(served, "apply", spec, "--yes") as process,
    ):
        wait_until_locked(served)
        main = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/main"
        while served.request("GET", main)[0] != 200:
            time.sleep(0.05)
        code, text = run(served, "apply", spec, "--yes")
        process.kill()
        process.communicate(timeout=120)
    assert code == 1, text
    assert f"(process {process.pid})" in text and "waiting for that" not in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_wait_for_the_lock_can_be_broken_off(served: Served, spec: str, number: signal.Signals) -> None:
    put_lock(served)
    with start(served, "apply", spec, "--yes", "--adopt", "--lock-timeout", "1m") as process:
        wait_for(process, "waiting for another run of payroll")
        process.send_signal(number)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err.strip()) == (130, "interrupted")
    assert read_lock(served)["tags"] == tags(FAR)


def test_a_lock_that_was_not_renewed_is_taken_over(served: Served, spec: str) -> None:
    put_lock(served, until=EXPIRED)
    code, text = run(served, "apply", spec, "--yes", "--adopt")
    assert code == 0, text
    wait_until_unlocked(served)


def test_unlock_shows_the_holder_and_removes_the_lock(served: Served, spec: str) -> None:
    assert run(served, "unlock", spec, "--yes") == (0, "The deployment payroll is not locked.\n")
    put_lock(served)
    code, text = run(served, "unlock", spec)
    assert code == 1
    assert "alice on laptop" in text
    code, text = run(served, "unlock", spec, "--yes")
    assert code == 0, text
    assert "The lock is removed." in text
    wait_until_unlocked(served)


def test_a_forgotten_lock_is_nobodys_resource_and_goes_with_the_deployment(quick: Served, spec: str) -> None:
    assert run(quick, "apply", spec, "--yes")[0] == 0
    wait_until_unlocked(quick)
    put_lock(quick, until=EXPIRED)
    for command in (("plan", spec, "--detailed-exitcode"), ("show", spec), ("import", "--resource-group", "payroll")):
        code, text = run(quick, *command)
        assert code == 0, text
        assert "provisioner-lock" not in text
    code, text = run(quick, "destroy", spec, "--yes")
    assert code == 0, text
    assert "provisioner-lock" not in text
    assert quick.request("GET", GROUP)[0] == 404


def test_a_destroy_that_keeps_the_group_leaves_no_lock_behind(quick: Served, spec: str) -> None:
    assert run(quick, "apply", spec, "--yes")[0] == 0
    foreign = f"{GROUP}/providers/Microsoft.Network/applicationSecurityGroups/theirs"
    assert quick.request("PUT", foreign, {"location": "westus2"})[0] == 201
    code, text = run(quick, "destroy", spec, "--yes")
    assert code == 0, text
    wait_until_unlocked(quick)
    assert quick.request("GET", foreign)[0] == 200


def test_ctrl_c_lets_go_of_the_lock(served: Served, spec: str) -> None:
    with start(served, "apply", spec, "--yes") as process:
        wait_until_locked(served)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    wait_until_unlocked(served)
    code, text = run(served, "apply", spec, "--yes")
    assert code == 0, out + err + text


def test_the_lock_of_a_killed_apply_is_told_and_taken_over_once_it_is_over(served: Served, spec: str) -> None:
    with start(served, "apply", spec, "--yes") as process:
        wait_until_locked(served)
        process.kill()
        process.communicate(timeout=120)
    Path(spec).write_text(f"{SPEC}tags: {{cost: '42'}}\n")
    code, text = run(served, "apply", spec, "--yes", "--adopt")
    assert code == 1, text
    assert f"(process {process.pid})" in text and "if that run is dead, run `provisioner unlock SPEC`" in text
    wait_until_at_rest(served, "x")
    left = read_lock(served)
    left["tags"]["provisioner-lock-until"] = EXPIRED
    assert served.request("PUT", LOCK, left)[0] == 200
    code, text = run(served, "apply", spec, "--yes")
    assert code == 0, text
    wait_until_unlocked(served)
    assert run(served, "plan", spec, "--detailed-exitcode")[0] == 0


def test_a_plan_without_changes_takes_no_lock(quick: Served, spec: str) -> None:
    assert run(quick, "apply", spec, "--yes")[0] == 0
    put_lock(quick)
    code, text = run(quick, "apply", spec, "--yes", "--output", "json")
    assert code == 0, text
    assert json.loads(text.splitlines()[-1])["exit_code"] == 0

"""A run that holds the lock is killed at any of its steps; another one waits for it, takes over and converges."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.end_to_end.lock_runs import EXPIRED, run, start, wait_for
from tests.kinds.specs import GROUP
from tests.simulator.serving import Served, serve

from .specs import SAMPLE

WITHIN = f"/resourceGroups/{GROUP}"
LOCK = f"{WITHIN}/providers/Microsoft.Network/applicationSecurityGroups/provisioner-lock-demo"
STEPS = range(1, 25, 2)
TIMES = ("--time-scale", "0.03")


def kinds(served: Served) -> Counter[str]:
    """What is in the group besides the lock."""
    listed = served.request("GET", f"{WITHIN}/resources")[1]["value"]
    return Counter(str(each["type"]).lower() for each in listed if not each["name"].startswith("provisioner-lock"))


def kill(served: Served, spec: str, step: int) -> None:
    """Kill an apply after so many of its events."""
    with start(served, "apply", spec, "--yes", "--output", "json") as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout, 1):
            assert json.loads(line)["event"] != "summary", f"it ended after {number} lines"
            if number == step:
                process.kill()
                break
        process.communicate(timeout=120)


def survive(folder: Path, step: int) -> None:
    spec = folder / "spec.yaml"
    spec.write_text(SAMPLE)
    (folder / "clean").mkdir()
    with serve(folder / "clean", *TIMES) as served:
        assert run(served, "apply", str(spec), "--yes")[0] == 0
        expected = kinds(served)
    with serve(folder, *TIMES) as served:
        kill(served, str(spec), step)
        left = served.request("GET", LOCK)
        assert left[0] == 200, left
        with start(served, "apply", str(spec), "--yes", "--lock-timeout", "2m") as process:
            wait_for(process, "waiting for another run of demo")
            left[1]["tags"]["provisioner-lock-until"] = EXPIRED
            assert served.request("PUT", LOCK, left[1])[0] == 200
            out, err = process.communicate(timeout=120)
        assert process.returncode == 0, out + err
        assert run(served, "plan", str(spec), "--detailed-exitcode")[0] == 0
        assert kinds(served) == expected
        code, text = run(served, "destroy", str(spec), "--yes")
        assert code == 0, text
        assert served.request("GET", WITHIN)[0] == 404


def test_a_holder_that_was_killed_is_survived(tmp_path: Path) -> None:
    survive(tmp_path, step=9)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", STEPS)
def test_a_holder_that_was_killed_at_any_step_is_survived(tmp_path: Path, step: int) -> None:
    survive(tmp_path, step)

"""Two commands at once on one state file of the embedded cloud, each with a cloud of its own in its process."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from .test_interruption import SPEC, run, start


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "PROVISIONER_LOCAL_STATE": str(tmp_path / "cloud.sqlite"), "PROVISIONER_CLOUD": "local"}


def whole(environment: dict[str, str]) -> bool:
    with sqlite3.connect(environment["PROVISIONER_LOCAL_STATE"]) as connection:
        found: list[tuple[str]] = connection.execute("PRAGMA integrity_check").fetchall()
    return found == [("ok",)]


def test_two_applies_at_once_converge_and_double_nothing(environment: dict[str, str]) -> None:
    with start(environment, "apply", SPEC, "--yes") as one, start(environment, "apply", SPEC, "--yes") as other:
        ended = [process.communicate(timeout=120) for process in (one, other)]
    told = [out + err for out, err in ended]
    assert not any("Traceback" in text for text in told), told
    assert [one.returncode, other.returncode] == [0, 0], told
    assert whole(environment)
    code, text = run(environment, "plan", SPEC, "--detailed-exitcode")
    assert code == 0, text
    code, text = run(environment, "show", SPEC, "--output", "json")
    assert len(json.loads(text)["resources"]) == 10, text


def test_an_apply_and_a_destroy_at_once_leave_a_state_that_can_be_used(environment: dict[str, str]) -> None:
    assert run(environment, "apply", SPEC, "--yes")[0] == 0
    with start(environment, "destroy", SPEC, "--yes") as one, start(environment, "apply", SPEC, "--yes") as other:
        ended = [process.communicate(timeout=120) for process in (one, other)]
    assert not any("Traceback" in out + err for out, err in ended), ended
    assert whole(environment)
    code, text = run(environment, "apply", SPEC, "--yes", "--adopt")
    assert code == 0, text
    code, text = run(environment, "destroy", SPEC, "--yes")
    assert code == 0, text

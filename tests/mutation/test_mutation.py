"""The faults that are put into modules, and one run of the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.mutation.coverage_map import CoverageMap
from tests.mutation.mutants import mutants

SOURCE = '''"""A module."""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from x import y

LIMIT_S = 5.0


def first(left: "list[int]", right: int = 1) -> bool:
    """A docstring with 7."""
    if left == right and not LIMIT_S > 2:
        raise ValueError(f"a message with {left}")
    logger.info("x", "y")
    left.append(other(right, 3))
    max(left, right)
    return [item for item in left if item]
'''


def changes(source: str) -> set[tuple[str, str]]:
    """The name of each fault, and the line that it makes."""
    return {
        (found.name, next(line[1:].strip() for line in found.diff.splitlines() if line.startswith("+")))
        for found in mutants(source)
    }


def test_each_kind_of_fault_is_put_in_and_nothing_that_cannot_be_seen() -> None:
    assert changes(SOURCE) == {
        ("constant", "LIMIT_S = 10.0"),
        ("constant", "def first(left: 'list[int]', right: int=2) -> bool:"),
        ("comparison", "if left != right and (not LIMIT_S > 2):"),
        ("comparison", "if left == right and (not LIMIT_S >= 2):"),
        ("constant", "if left == right and (not LIMIT_S > 3):"),
        ("boolean operator", "if left == right or not LIMIT_S > 2:"),
        ("negation", "if left == right and (not not LIMIT_S > 2):"),
        ("condition", "if not (left == right and (not LIMIT_S > 2)):"),
        ("deleted statement", "pass"),
        ("swapped arguments", "left.append(other(3, right))"),
        ("constant", "left.append(other(right, 4))"),
        ("condition", "return [item for item in left if not item]"),
        ("return", "return None"),
    }


def test_a_fault_knows_its_lines() -> None:
    (found,) = [each for each in mutants("a = 1\nb = (\n    2 <\n    c\n)\n") if each.name == "comparison"]
    assert (found.lines, found.diff) == (range(3, 5), " a = 1\n-b = 2 < c\n+b = 2 <= c")


def recorded_test(seconds: float, *lines: int, passed: bool = True) -> dict[str, Any]:
    return {"seconds": seconds, "passed": passed, "lines": {"provisioner/base/x.py": list(lines)} if lines else {}}


def test_the_tests_of_a_line_are_those_that_run_it_the_own_and_the_quick_ones_first() -> None:
    tests = {
        "tests/state/test_a.py::slow": recorded_test(3, 1, 5),
        "tests/state/test_a.py::quick": recorded_test(1, 5),
        "tests/base/test_b.py::own": recorded_test(9, 5, 6),
        "tests/base/test_b.py::elsewhere": recorded_test(0.1, 7),
        "tests/base/test_b.py::fails": recorded_test(0.1, 5, passed=False),
        "tests/base/test_b.py::not_at_all": recorded_test(0.1),
    }
    found = CoverageMap({"some.py": {"tests": tests}})
    hit = [test.name.rpartition("::")[2] for test in found.covering("provisioner/base/x.py", range(4, 6))]
    assert hit == ["own", "quick", "slow"]
    at_import = [test.name.rpartition("::")[2] for test in found.covering("provisioner/base/x.py", range(9, 10))]
    assert at_import == ["elsewhere", "own", "quick", "slow"]
    assert found.covering("provisioner/base/y.py", range(4, 6)) == []


@pytest.mark.slow
def test_the_command_says_which_faults_the_tests_notice(tmp_path: Path, root: Path) -> None:
    pytest.importorskip("coverage")
    module = root / "provisioner" / "base" / "arm_id.py"
    before = module.read_bytes()
    command = [sys.executable, "-m", "tests.mutation", "base/arm_id", "--seed", "3", "--count", "2", "--json"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run(
        [*command, "--tests", "tests/base/test_arm_id.py"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "recording which lines 1 test files run\n"
    found = json.loads(done.stdout)
    assert ([each["end"] for each in found["sample"]], found["killed"], done.returncode) == (["failed"] * 2, 2, 0)
    assert module.read_bytes() == before
    assert list(tmp_path.rglob("*.json"))


def test_a_module_that_does_not_exist_is_an_error(root: Path) -> None:
    command = [sys.executable, "-m", "tests.mutation", "base/armid", "--seed", "1"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "provisioner/base/armid.py does not exist" in done.stderr

"""Faults files: what they say, and how mistakes in them are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.simulator.arm.throttle import Limit
from provisioner.simulator.faults.model import Capacity, Dropped, Ended, Faults, Hung, Killed, Missing, Refused, Spread
from provisioner.simulator.faults.reading import FaultsError, parse_faults

from .serving import local

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "guides" / "faults.md"

EVERYTHING = """
seed: 7
throttling:
  arm: true
  compute: yes
  limits:
    writes: {capacity: 5, per_second: 1}
durations:
  distribution: lognormal
  types:
    Microsoft.Compute/virtualMachines:
      create: {median: 20, p90: 60, most: 90}
      delete: 5
directory: {lag_s: recorded, despite_principal_type: true}
credentials: {expire_after_s: 60}
lists: {lag_s: 45}
quota: {cores: 10}
restricted_sizes: [Standard_B1s]
rules:
  - {type: Microsoft.Network/*, operation: write, rate: 0.1, answer: 503}
  - {name: often, operation: [read, list], times: 3, answer: {status: 429, retry_after_s: 17}}
  - {operation: create, nth: [2, 4], per: resource, drop: after}
  - {kill: during, nth: 9}
  - {type: Microsoft.Compute/virtualMachines, size: Standard_D*, zone: 1, capacity: ZonalAllocationFailed}
  - {fail: {code: VMExtensionProvisioningError, message: No.}}
  - {cancel: true}
  - {hang: true}
  - {missing_s: 5}
"""


def test_everything_that_a_file_can_say_is_read() -> None:
    faults = parse_faults(EVERYTHING)
    assert (faults.seed, faults.core_quota, faults.restricted_sizes) == (7, 10, frozenset({"Standard_B1s"}))
    assert (faults.throttling.arm, faults.throttling.compute, faults.throttling.network) == (True, True, False)
    assert faults.throttling.limits == {"writes": Limit(5, 1)}
    machine = "microsoft.compute/virtualmachines"
    assert faults.spread_durations
    assert faults.durations == {
        (machine, "create"): Spread(median=20, p90=60, most=90),
        (machine, "delete"): Spread(median=5),
    }
    assert faults.index_lag_s == 45
    assert faults.lag is not None
    assert faults.lag.spread == Spread(median=40, p90=150, most=269)
    assert faults.expiry is not None
    effects = [rule.effect for rule in faults.rules]
    assert effects == [
        Refused(status=503, code="ServerBusy", message="The server is busy. Please retry."),
        Refused(status=429, code="TooManyRequests", message="The request is being throttled.", retry_after_s=17),
        Dropped(when="after"),
        Killed(when="during"),
        Capacity(code="ZonalAllocationFailed"),
        Ended(status="Failed", code="VMExtensionProvisioningError", message="No."),
        Ended(status="Canceled", code="Canceled", message="The operation was canceled."),
        Hung(),
        Missing(seconds=5),
    ]
    assert [rule.name for rule in faults.rules[:3]] == ["rule 1", "often", "rule 3"]
    assert faults.rules[2].nth == {2, 4}
    assert faults.rules[2].per_resource
    assert faults.rules[4].zones == ("1",)


def test_an_empty_file_is_no_trouble() -> None:
    assert parse_faults("# nothing\n") == Faults()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("sed: 7", (1, 1), "unknown key 'sed'"),
        ("seed: many", (1, 7), "seed: write a whole number"),
        ("seed: 1\nseed: 2", (2, 1), "seed is defined twice"),
        ("rules:\n  - {drop: before, hang: true}", (2, 5), "rules[0]: a rule has exactly one of"),
        ("rules:\n  - {type: x}", (2, 5), "rules[0]: a rule has exactly one of"),
        ("rules:\n  - {drop: later}", (2, 12), "rules[0].drop: 'later' is not one of before, after"),
        ("rules:\n  - {rate: 2, hang: true}", (2, 12), "rules[0].rate: write a number from 0 to 1"),
        ("rules:\n  - {nth: 0, hang: true}", (2, 11), "rules[0].nth: write a whole number, 1 or more"),
        ("rules:\n  - {operation: PUT, hang: true}", (2, 17), "rules[0].operation: 'put' is a method"),
        ("rules:\n  - {answer: 200}", (2, 14), "rules[0].answer: write a whole number, 400 to 599"),
        ("rules:\n  - {hang: false}", (2, 12), "rules[0].hang: only true makes sense here"),
        ("rules: none", (1, 8), "rules: write a list here"),
        ("throttling: {limits: {write: {capacity: 1}}}", (1, 30), "unknown bucket 'write'"),
        ("durations: {distribution: normal}", (1, 27), "'normal' is not one of median, lognormal"),
        ("directory: {lag_s: {median: 5, p90: 1}}", (1, 20), "p90 is less than the median"),
        ("directory: {lag_s: {p90: 1}}", (1, 20), "the median is missing"),
        ("credentials: {}", (1, 14), "expire_after_s is missing"),
        ("- a\n- b", (1, 1), "write a map here"),
        ("rules: [", (1, 9), "the file is not YAML"),
        ("seed: .nan", (1, 7), "seed: write a whole number"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(FaultsError) as caught:
        parse_faults(text)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert (problem.line, problem.column) == place


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(FaultsError) as caught:
        parse_faults("sed: 7\nrules:\n  - {drop: later}\nquota: {cores: -1}\n")
    assert [problem.line for problem in caught.value.problems] == [1, 3, 4]


def test_the_command_shows_the_line_and_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text("seed: 1\nrules:\n  - {drop: befor}\n")
    told = local("serve", "--port", "0", "--faults", str(file), state=tmp_path / "s")
    assert told.returncode == 65
    assert f"{file}:3:12: error: rules[0].drop: 'befor' is not one of before, after" in told.stderr
    assert "did you mean 'before'?" in told.stderr
    missing = local("serve", "--port", "0", "--faults", str(tmp_path / "none"), state=tmp_path / "s")
    assert (missing.returncode, missing.stderr.count("\n")) == (66, 1)


def test_what_is_no_text_is_told() -> None:
    with pytest.raises(FaultsError, match="not UTF-8 text"):
        parse_faults(b"seed: \xff\xfe")


def test_what_a_shell_opens_counts_too(tmp_path: Path) -> None:
    words = f"{sys.executable} -m provisioner local serve --port 0 --state {tmp_path / 's'} --faults <(echo 'sede: 1')"
    told = subprocess.run(["bash", "-c", words], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 65
    assert "'sede'" in told.stderr


def test_every_example_in_the_documentation_is_right() -> None:
    examples = [part.split("```")[0] for part in DOCUMENT.read_text().split("```yaml\n")[1:]]
    assert len(examples) > 5
    for example in examples:
        parse_faults(example)

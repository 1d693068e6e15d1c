"""The example of a faults file that `provisioner local faults` prints: it has every key, and the reader accepts it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from provisioner.cli import main
from provisioner.simulator.faults.model import OPERATIONS
from provisioner.simulator.faults.reading import parse_faults
from provisioner.simulator.faults.reading_rules import CAPACITY, EFFECTS


def read_keys(module: Path) -> set[str]:
    """The keys that a module of the reader takes out of the file."""
    calls = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)]
    taking = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in ("take", "scalar")]
    return {str(call.args[0].value) for call in taking if isinstance(call.args[0], ast.Constant)}


def test_the_example_has_every_key_and_is_accepted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["local", "faults"]) == 0
    text = capsys.readouterr().out
    faults = parse_faults(text)
    assert {type(rule.effect).__name__ for rule in faults.rules} == {
        "Refused", "Dropped", "Truncated", "Killed", "Missing", "Ended", "Hung", "Capacity",
    }  # fmt: skip
    used = set(re.findall(r"(?m)(?:^|[ {])(\w+):", re.sub(r"(?m)(^|\s)#.*$", "", text)))
    folder = root / "provisioner" / "simulator" / "faults"
    keys = read_keys(folder / "reading.py") | read_keys(folder / "reading_rules.py") | set(EFFECTS)
    assert len(keys) > 30
    assert keys - used == set()
    assert [word for word in (*CAPACITY, *OPERATIONS) if word not in text and word != "any"] == []

"""Rules and what is reported: each code has one rule, beside the check or in the package that reports it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioner.base.rule import Rule
from provisioner.report.diagnostic_catalog import by_code, rules
from provisioner.spec import checker

CODE = re.compile(r"PV\d{4}")
_NAMED_ONLY = {"provisioner/report/diagnostic_catalog.py"}
"""They speak of a code, and report none."""


def functions(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def reported(file: Path) -> set[str]:
    """The codes that a module has outside of its rules."""
    tree = ast.parse(file.read_text("utf-8"))
    in_rules = {id(each) for name, call in functions(tree) if name == "Rule" for each in ast.walk(call)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in in_rules)
    return {node.value for node in constants if isinstance(node.value, str) and CODE.fullmatch(node.value)}


def sources(root: Path) -> dict[str, set[str]]:
    files = sorted((root / "provisioner").rglob("*.py"))
    found = {str(file.relative_to(root)): reported(file) for file in files}
    return {name: codes for name, codes in found.items() if codes and name not in _NAMED_ONLY}


def test_every_code_that_is_reported_has_a_rule_and_the_other_way_round(root: Path) -> None:
    assert set.union(*sources(root).values()) == set(rules())


def test_a_code_is_an_error_or_a_warning_wherever_it_is_reported(root: Path) -> None:
    wrong = []
    for name in sources(root):
        for severity, call in functions(ast.parse((root / name).read_text("utf-8"))):
            code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if severity in ("error", "warning") and code in rules() and rules()[str(code)].severity != severity:
                wrong.append(f"{name}:{call.lineno}")
    assert wrong == []


@pytest.mark.parametrize("module", checker.modules(), ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_check_reports_its_own_codes_and_no_others(module: object) -> None:
    file = Path(str(vars(module)["__file__"]))
    assert reported(file) == {rule.code for rule in vars(module)["RULES"]}


def test_rules_outside_of_checks_are_in_the_package_that_reports_them(root: Path) -> None:
    found = sources(root)
    of_checks = {rule.code for module in checker.modules() for rule in vars(module)["RULES"]}
    files = [file for file in (root / "provisioner").rglob("*.py") if file.stem.lstrip("_") == "rules"]
    assert len(files) > 5
    for file in files:
        package = file.parent.relative_to(root)
        calls = [call for name, call in functions(ast.parse(file.read_text("utf-8"))) if name == "Rule"]
        codes = {ast.literal_eval(call.args[0]) for call in calls}
        # What only commands report is described in `report`, which they import.
        package = Path("provisioner/commands") if package.name == "report" else package
        near = set[str]().union(*(item for name, item in found.items() if Path(name).is_relative_to(package)))
        assert codes <= near, file
        assert not codes & of_checks, file


def test_a_rule_has_a_code_and_a_group(root: Path) -> None:
    page = (root / "docs" / "reference" / "diagnostics.md").read_text("utf-8")
    assert [code for code, rule in rules().items() if code != rule.code or f"[{code}]" not in page] == []


def test_two_rules_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match='PV2402 has two rules: "one" and "other"'):
        by_code([Rule("PV2402", "one", why="One."), Rule("PV2402", "other", why="Other.")])


def test_diagnostics_are_made_by_one_module(root: Path) -> None:
    makers = set()
    for file in (root / "provisioner").rglob("*.py"):
        if any(name == "Diagnostic" for name, _ in functions(ast.parse(file.read_text("utf-8")))):
            makers.add(str(file.relative_to(root)))
    assert makers == {"provisioner/base/reporting.py"}

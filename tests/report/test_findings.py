"""Diagnostics for code scanning and for GitHub Actions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioner.cli import main
from provisioner.diagnostics import Diagnostic, SourceLocation
from provisioner.report import findings

WARNED = Path(__file__).parent.parent / "golden" / "warned"
FOUND = [
    Diagnostic("PV2103", "no subnet 50%", SourceLocation("a,b.yaml", 3, 7), hint="did you\nmean x?"),
    Diagnostic("PV1001", "the file is empty", SourceLocation("c.yaml"), "warning", "Why."),
]


def test_sarif_names_rules_levels_and_places() -> None:
    run = json.loads(findings.sarif(FOUND))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["PV1001", "PV2103"]
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("PV2103", 1, "error")
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a,b.yaml"}, "region": {"startLine": 3, "startColumn": 7}}
    assert second["message"]["text"] == "the file is empty. Why."
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_sarif_explains_each_rule_and_points_at_its_place_in_the_docs(root: Path) -> None:
    rules = json.loads(findings.sarif(FOUND))["runs"][0]["tool"]["driver"]["rules"]
    for rule in rules:
        file, _, anchor = rule["helpUri"].partition("#")
        assert f'<a id="{anchor}"></a>' in (root / file).read_text("utf-8")
    assert [rule["shortDescription"]["text"] for rule in rules] == ["empty file", "no such part"]
    assert rules[0]["fullDescription"]["text"].startswith("A spec says at least its version")


def test_annotations_are_escaped() -> None:
    assert findings.github(FOUND).splitlines() == [
        "::error file=a%2Cb.yaml,line=3,col=7,title=PV2103::no subnet 50%25. (did you%0Amean x?)",
        "::warning file=c.yaml,line=1,col=1,title=PV1001::the file is empty. Why.",
    ]


def test_validate_gives_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(WARNED)
    assert main(["validate", "everybody.yaml", "--output", "github"]) == 0
    assert capsys.readouterr().out.startswith("::warning file=everybody.yaml,line=9,col=78,title=PV2902::this rule")
    assert main(["validate", "everybody.yaml", "--output", "sarif", "--strict"]) == 65
    assert len(json.loads(capsys.readouterr().out)["runs"][0]["results"]) == 2
    assert main(["validate", "everybody.yaml", "--output", "json", "--strict"]) == 65
    assert json.loads(capsys.readouterr().out)["valid"] is False

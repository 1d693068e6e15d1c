"""Diagnostics for code scanning and for GitHub Actions."""

from __future__ import annotations

import json
from pathlib import Path, PureWindowsPath

import pytest

from provisioner.base.diagnostics import Diagnostic, SourceLocation
from provisioner.cli import main
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
    assert place == {"artifactLocation": {"uri": "a%2Cb.yaml"}, "region": {"startLine": 3, "startColumn": 7}}
    assert second["message"]["text"] == "the file is empty. Why."
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_sarif_explains_each_rule_and_points_at_its_source() -> None:
    found = [Diagnostic("PV2402", "outside", SourceLocation("a.yaml", 1, 1)), *FOUND]
    rules = json.loads(findings.sarif(found))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["shortDescription"]["text"] for rule in rules] == [
        "empty file", "unknown child resource", "subnet outside its network",
    ]  # fmt: skip
    assert rules[0]["fullDescription"]["text"].startswith("A spec defines at least its version")
    assert "helpUri" not in rules[0]
    assert rules[2]["helpUri"].startswith("https://learn.microsoft.com/")
    assert rules[2]["helpUri"] in rules[2]["help"]["text"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("specs/web.yaml", "specs/web.yaml"),
        ("my specs/ü#1.yaml", "my%20specs/%C3%BC%231.yaml"),
        ("/a b", "file:///a%20b"),
    ],
)
def test_sarif_names_files_by_their_uris(file: str, uri: str) -> None:
    found = json.loads(findings.sarif([Diagnostic("PV1001", "empty", SourceLocation(file))]))
    place = found["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


def test_a_path_of_windows_is_a_uri_too() -> None:
    assert findings.uri(PureWindowsPath(r"my specs\web.yaml")) == "my%20specs/web.yaml"
    assert findings.uri(PureWindowsPath(r"C:\my specs\web.yaml")) == "file:///C:/my%20specs/web.yaml"


def test_annotations_are_escaped() -> None:
    assert findings.github(FOUND).splitlines() == [
        "::error file=a%2Cb.yaml,line=3,col=7,title=PV2103::no subnet 50%25. (did you%0Amean x?)",
        "::warning file=c.yaml,line=1,col=1,title=PV1001::the file is empty. Why.",
    ]


def test_validate_gives_them(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(WARNED)
    assert main(["validate", "everybody.yaml", "--output", "github"]) == 0
    assert capsys.readouterr().out.startswith("::warning file=everybody.yaml,line=9,col=78,title=PV2902::the rule")
    assert main(["validate", "everybody.yaml", "--output", "sarif", "--strict"]) == 65
    assert len(json.loads(capsys.readouterr().out)["runs"][0]["results"]) == 2
    assert main(["validate", "everybody.yaml", "--output", "json", "--strict"]) == 65
    assert json.loads(capsys.readouterr().out)["valid"] is False

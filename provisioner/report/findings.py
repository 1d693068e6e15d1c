"""Diagnostics for other tools: code scanning (SARIF 2.1.0) and annotations in GitHub Actions.

In: diagnostics. Out: text. Formats: OASIS "Static Analysis Results Interchange Format 2.1.0"; GitHub "Workflow
commands for GitHub Actions".
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import quote

from ..base.diagnostics import Diagnostic
from ..base.distribution import version
from .diagnostic_catalog import explained, rules

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One SARIF log with one run."""
    codes = sorted({item.code for item in diagnostics})
    driver = {
        "name": "provisioner",
        "version": version(),
        "rules": [_rule(code) for code in codes],
    }
    results = [_result(item, codes.index(item.code)) for item in diagnostics]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, object]:
    rule = rules()[code]
    found: dict[str, object] = {
        "id": code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": explained(code)},
        "defaultConfiguration": {"level": rule.severity},
    }
    return {**found, "helpUri": rule.source} if rule.source else found


def _result(item: Diagnostic, rule: int) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": {"uri": uri(PurePath(item.location.file))}}
    if item.location.line:
        location["region"] = {"startLine": item.location.line, "startColumn": max(1, item.location.column)}
    return {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": item.severity,
        "message": {"text": _sentences(item)},
        "locations": [{"physicalLocation": location}],
    }


def uri(path: PurePath) -> str:
    """A file as a URI; relative to the repository where the path is relative."""
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def github(diagnostics: Sequence[Diagnostic]) -> str:
    """One workflow command a line."""
    return "\n".join(
        f"::{item.severity} file={_property(_path(item))},line={max(1, item.location.line)},"
        f"col={max(1, item.location.column)},title={item.code}::{_data(_sentences(item))}"
        for item in diagnostics
    )


def _path(item: Diagnostic) -> str:
    """As git writes paths, on Windows too."""
    return PurePath(item.location.file).as_posix()


def _sentences(item: Diagnostic) -> str:
    return " ".join(part for part in (f"{item.summary}.", item.reason, f"({item.hint})" if item.hint else "") if part)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

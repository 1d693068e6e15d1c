"""Scenario files: what is deployed, what changes then, which command runs, and what happens to it.

In: ``writes/scenarios/NAME.yaml``. Out: a ``Scenario``. The fields are explained in ``tests/golden/test_writes.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .door import Incident, Request

WRITES = Path(__file__).parent.parent / "writes"
EXAMPLES = Path(__file__).parent.parent.parent.parent / "specs"
_FIELDS = {"about", "first", "before", "edits", "others", "run", "plan", "faults", "incidents"}
SUBSCRIPTION = "5ab00000-0000-4000-8000-000000000001"
"""Of a fresh embedded cloud."""
_SUBSCRIPTION_PATH = f"/subscriptions/{SUBSCRIPTION}"


@dataclass(frozen=True)
class Scenario:
    """One scenario. ``before`` is the text of what is deployed first (empty: nothing), ``after`` that of the run."""

    about: str
    first: tuple[Request, ...]
    before: str
    faults_before: str
    after: str
    others: tuple[Request, ...]
    plan: str
    run: str
    faults: str
    incidents: tuple[Incident, ...]


def names() -> list[str]:
    return sorted(path.stem for path in (WRITES / "scenarios").glob("*.yaml"))


def read(name: str) -> Scenario:
    """Read one scenario."""
    found = yaml.safe_load((WRITES / "scenarios" / f"{name}.yaml").read_text("utf-8"))
    assert not found.keys() - _FIELDS, f"{name}: unknown fields {found.keys() - _FIELDS}"
    before = found["before"]
    deployed = _text(before)
    return Scenario(
        about=" ".join(found["about"].split()),
        first=tuple(_request(item) for item in found.get("first", ())),
        faults_before=_yaml(before.get("faults")),
        before="" if before.get("deploy") is False else deployed,
        after=_edited(deployed, found.get("edits", ())),
        others=tuple(_request(item) for item in found.get("others", ())),
        plan=found.get("plan", ""),
        run=found.get("run", "apply SPEC --yes"),
        faults=_yaml(found.get("faults")),
        incidents=tuple(_incident(item) for item in found.get("incidents", ())),
    )


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value) if value else ""


def _text(source: Mapping[str, Any]) -> str:
    path = WRITES / "specs" / source["spec"]
    if not path.exists():
        path = EXAMPLES / source["spec"]
    return _edited(path.read_text("utf-8"), source.get("edits", ()))


def _edited(text: str, edits: Sequence[Mapping[str, str]]) -> str:
    for edit in edits:
        if "append" in edit:
            text += edit["append"]
            continue
        if "spec" in edit:
            text = _text(edit)
            continue
        assert edit["from"] in text, f"there is no {edit['from']!r} to replace"
        text = text.replace(edit["from"], edit["to"])
    return text


def _request(item: Mapping[str, Any]) -> Request:
    (request,) = (key for key in item if key.split()[0].isupper())
    method, path = request.split()
    return Request(method, f"{_SUBSCRIPTION_PATH}{path}", item[request] or None, item.get("merge"))


def _incident(item: Mapping[str, Any]) -> Incident:
    requests = tuple(_request(request) for request in item.get("requests", ()))
    return Incident(item["at"], requests, bool(item.get("interrupt")))

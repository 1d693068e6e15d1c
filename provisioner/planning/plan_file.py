"""Saved plans: what was planned, of which spec, against what was there; no secrets and no bodies.

In: a plan and how it came about. Out: JSON, and what has moved when it is applied later. Pure but for the file itself.
Applying a saved plan plans again with the recorded options, and goes on only if the outcome is the same.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..base import files, json_text
from ..base.diagnostics import UnreadableFileError, UsageError
from ..comparison import merging, ownership_tags
from ..resources import power_state
from .plan import Change, Plan
from .plan_format import FORMAT

FORMAT_VERSION = 1
_SHOWN_AS = {"no-op": "no change"}


@dataclass(frozen=True)
class PlanInputs:
    """How a plan was made: enough to make it again."""

    spec: str
    cloud: str
    subscription: str
    parameters: dict[str, str] = field(default_factory=dict)
    parameter_files: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    excludes: list[str] = field(default_factory=list)
    adopt: bool = False
    overlays: list[str] = field(default_factory=list)
    include_from: list[str] = field(default_factory=list)
    adopt_from: str = ""


@dataclass(frozen=True)
class SavedPlan:
    """A plan file's content; ``states`` maps addresses to hashes of (desired, actual)."""

    recipe: PlanInputs
    plan: dict[str, Any]
    states: dict[str, list[str]]


def save(file: str, recipe: PlanInputs, plan: Plan) -> None:
    """Write a plan file.

    Raises:
        UnreadableFileError: it cannot be written.
    """
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "recipe": asdict(recipe),
        "states": _states(plan),
        "plan": plan.to_json(),
    }
    try:
        if Path(file).is_fifo() and not file.startswith("/dev/"):
            raise OSError(errno.EINVAL, "it is a named pipe, not a file")
        Path(file).write_text(json.dumps(content, indent=2) + "\n", "utf-8", newline="\n")
    except OSError as error:
        raise UnreadableFileError(f"{file}: cannot be written: {error.strerror}") from error


def load(file: str) -> SavedPlan:
    """Read a plan file.

    Raises:
        UnreadableFileError: it cannot be read.
        UsageError: it is no plan file of this version.
    """
    try:
        content = json_text.loads(files.text(file))
        if content["format"] != FORMAT or content["format_version"] != FORMAT_VERSION:
            raise UsageError(f"{file}: a plan of another version; plan again")
        return _read(content)
    except OSError as error:
        raise UnreadableFileError(f"{file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{file}: not a plan file; `provisioner plan SPEC --out {file}` makes one") from error


def _read(content: Any) -> SavedPlan:
    """A plan file's content; raises TypeError, KeyError or AttributeError where it has another shape."""
    recipe = PlanInputs(**content["recipe"])
    for key, usual in asdict(PlanInputs("", "", "")).items():
        value = getattr(recipe, key)
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if type(value) is not type(usual) or not all(isinstance(item, str) for item in inner):
            raise TypeError(key)
    for change in content["plan"]["changes"]:
        texts = [change["address"], change["action"], *(item["path"] for item in change["differences"])]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("changes")
    for state in content["states"].values():
        if len(state) != len(("desired", "actual")) or not all(isinstance(item, str) for item in state):
            raise TypeError("states")
    return SavedPlan(recipe, content["plan"], content["states"])


def moved(saved: SavedPlan, plan: Plan) -> list[str]:
    """What is no longer as it was when the plan was made, in sentences; empty when nothing moved."""
    now, now_changes = _states(plan), {item["address"]: item for item in plan.to_json()["changes"]}
    before, before_changes = saved.states, {item["address"]: item for item in saved.plan["changes"]}
    found = []
    for address in sorted({*before_changes, *now_changes}):
        was, has = before_changes.get(address), now_changes.get(address)
        if was is None or has is None:
            found.append(f"{address}: {'new in' if was is None else 'no longer in'} the plan")
        elif was["action"] != has["action"]:
            found.append(f"{address}: was {_to(was)}, now {_to(has)}")
        elif was["action"] != "no-op" and before.get(address) != now.get(address):
            spec_moved = before.get(address, ["", ""])[0] != now.get(address, ["", ""])[0]
            found.append(f"{address}: the definition {'in the spec' if spec_moved else 'in Azure'} changed")
        elif _switched(was) != _switched(has):
            found.append(f"{address}: started or stopped since")
    return found


def _to(change: Mapping[str, Any]) -> str:
    return _SHOWN_AS.get(change["action"], str(change["action"]))


def _switched(change: Mapping[str, Any]) -> list[Any]:
    """How a machine is stopped or started for a change.

    Only the values count: a plan that an earlier version saved has fewer fields.
    """
    return [
        (item.get("before"), item.get("after")) for item in change["differences"] if item["path"] == power_state.PATH
    ]


def _states(plan: Plan) -> dict[str, list[str]]:
    return {change.address: [_desired(change), _actual(change)] for change in plan.changes if change.managed}


def _desired(change: Change) -> str:
    return ownership_tags.fingerprint(change.desired or {}, change.kind.rules)


def _actual(change: Change) -> str:
    body = merging.merged_body({}, change.actual or {}, change.kind.rules, lambda resource_id: False)
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]

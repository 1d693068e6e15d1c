"""What an apply does if a property changes: found by planning the change against a deployment on the simulator.

In: ``effects.yaml``. Out: words for each property of the spec reference. The kinds' comparison rules decide, as in
every plan. The deployment is read once; each change is then planned without requests.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

from provisioner.planning import planner
from provisioner.planning.plan import Change, Options
from provisioner.report import spec_schema
from provisioner.resources.actual_state import ActualState
from provisioner.spec.schema.schema import bundled
from tests.harness import World

CASES = yaml.safe_load((Path(__file__).parent / "effects.yaml").read_text("utf-8"))
_UPDATES = {
    "none": "In place",
    "live": "In place",
    "restart": "Restarts the VM",
    "deallocate": "In place, but only if you stop the VM first",
    "access-gap": "In place, with a gap in access",
    "replace": "In place",
    "data-loss": "In place",
}


async def found(world: World) -> dict[str, str]:
    """The words by section and property, as ``vms/*.size``."""
    text = yaml.safe_dump(CASES["spec"], sort_keys=False)
    results = await world.apply(text)
    assert [(item.change.address, item.failure) for item in results if item.outcome != "succeeded"] == []
    actual = await world.actual(text)
    words = {}
    schema = bundled()
    for section in spec_schema.sections(schema):
        for name, node in spec_schema.nodes(schema, section).items():
            if said := await _effect(world, actual, section, name, node):
                words[f"{section}.{name}"] = said
    return words


async def _effect(world: World, actual: ActualState, section: str, name: str, node: Any) -> str:
    case = CASES["values"].get(f"{section}.{name}", {})
    if section not in CASES["entries"]:
        return ""
    if "skip" in case:
        return _upper(str(case["skip"]))
    entry = case.get("entry", CASES["entries"][section])
    path = [*entry.split("/"), *case.get("at", name).split(".")]
    if "value" in case:
        return _words(await _changes(world, actual, entry, path, case["value"], case.get("also", {})))
    before = _at(CASES["spec"], path)
    if node.get("minimum") is not None and isinstance(before, int):
        larger, smaller = [_words(await _changes(world, actual, entry, path, before + step, {})) for step in (1, -1)]
        return larger if larger == smaller else f"Larger: {_lower(larger)}. Smaller: {_lower(smaller)}"
    if "enum" in node:
        others = [value for value in node["enum"] if value not in (before, node.get("default"))]
        return _words(await _changes(world, actual, entry, path, others[0], {}))
    if node.get("type") == "boolean" or node.get("type") == ["boolean", "string"]:
        return _words(
            await _changes(world, actual, entry, path, not (node.get("default") if before is None else before), {})
        )
    return ""


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[0] != "*" else text


async def _changes(
    world: World, actual: ActualState, entry: str, path: list[str], value: Any, also: Any
) -> list[Change]:
    """What a plan does at the entry, or, if it does nothing there, at what belongs to it."""
    spec = copy.deepcopy(CASES["spec"])
    _put(spec, path, value)
    for other, inner in also.items():
        _put(spec, [*entry.split("/"), *other.split(".")], inner)
    text = yaml.safe_dump(spec, sort_keys=False)
    loaded = world.load(text)
    if {"extensions", "role"} & set(path):
        # An extension that fits its tags was not read, and a role that the spec did not have was not looked up.
        actual = await world.actual(text)
    plan, problems = planner.plan(loaded.graph, actual, Options("effects", "local"))
    assert problems == [], (path, problems)
    pending = [change for change in plan.changes if change.action != "no-op"]
    own = [change for change in pending if change.address == entry]
    return own if own and own[0].action != "create" else pending


def _words(changes: list[Change]) -> str:
    if not changes:
        return "No change in Azure"
    actions = {change.action for change in changes}
    if "replace" in actions:
        worst = [change for change in changes if change.action == "replace"]
        lost = any(change.impact == "data-loss" for change in worst)
        return "**Replaces** the resource, with data loss" if lost else "**Replaces** the resource"
    if actions == {"update"}:
        if all(item.is_at("tags") for change in changes for item in change.differences):
            return "No change until the resource is created again"
        if any(change.impact == "deallocate" and change.kind.name == "virtual_machine" for change in changes):
            return "Stops the VM, and starts it again"
        levels = list(_UPDATES)
        return _UPDATES[max((change.impact for change in changes), key=levels.index)]
    if "create" in actions and "delete" in actions:
        grants = all(change.kind.name == "role_assignment" for change in changes)
        return f"Deletes the old {'role assignment' if grants else 'resource'}, and creates a new one"
    return "Deletes the resource" if "delete" in actions else "Creates a resource"


def _at(spec: Any, path: list[str]) -> Any:
    for step in path:
        spec = spec.get(step) if isinstance(spec, dict) else None
    return spec


def _put(spec: Any, path: list[str], value: Any) -> None:
    for step in path[:-1]:
        if not isinstance(spec.get(step), dict):
            spec[step] = {}
        spec = spec[step]
    if value is None:
        spec.pop(path[-1], None)
    else:
        spec[path[-1]] = value

"""A spec and what is in Azure, and the plan that follows: ``plans/*.yaml`` to ``plans/*.json``.

``actual`` lists bodies; those with this deployment's tag are owned. ``roles`` maps names to role definition IDs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioner.base.arm_id import key, parse
from provisioner.base.values import Body
from provisioner.commands import loading
from provisioner.planning import planner
from provisioner.planning.plan import Change, Options, Plan, plain
from provisioner.resources.actual_state import ActualState, OwnedObject
from provisioner.resources.reserved_tags import PATHS_TAG, SPEC_TAG
from provisioner.resources.resource import OWNER_TAG
from provisioner.resources.steps import Step
from provisioner.spec import load, parameters
from provisioner.spec.yaml import document
from tests.golden.test_golden import compare

HERE = Path(__file__).parent / "plans"
NAMES = sorted(path.stem for path in HERE.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_follows(name: str, update_golden: bool) -> None:
    case = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
    text = yaml.safe_dump(case["spec"], sort_keys=False)
    loaded = loading.complete(load.build(document.parse(text.encode(), "spec.yaml"), parameters.Given()))
    options = Options("demo", "azure", adopt=case.get("adopt", False))
    plan, problems = planner.plan(loaded.graph, _actual(case), options)
    found = {
        "problems": [f"{item.code} {item.summary}" for item in problems],
        "changes": [_shown(change, plan) for change in plan.changes if change.managed],
    }
    compare(HERE / f"{name}.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n", update_golden)


def _actual(case: dict[str, Any]) -> ActualState:
    bodies = {key(body["id"]): body for body in case.get("actual") or []}
    owned = {
        name: OwnedObject(body["id"], parse(body["id"]).type, body)
        for name, body in bodies.items()
        if (body.get("tags") or {}).get(OWNER_TAG) == "demo"
    }
    roles = {("", name): tuple(ids) for name, ids in (case.get("roles") or {}).items()}
    assignments = tuple(body for body in bodies.values() if "/roleAssignments/" in body["id"])
    return ActualState(bodies=bodies, owned=owned, assignments=assignments, role_definitions=roles)


def _shown(change: Change, plan: Plan) -> dict[str, Any]:
    """A change with its steps, but without the hashes of its body, which move with every detail."""
    found = change.to_json()
    del found["id"], found["type"]
    bodies = [_without_hashes(body) for body in plan.bodies(change)]
    steps = [_step(step) for step in plan.steps.get(change.address, ())]
    return {**found, "bodies": plain(bodies), "steps": steps}


def _without_hashes(body: Body) -> Body:
    tags = {name: value for name, value in body.get("tags", {}).items() if name not in (SPEC_TAG, PATHS_TAG)}
    return {**body, "tags": tags} if tags else body


def _step(step: Step) -> dict[str, Any]:
    depends_on = {on: f"{item.wait}, {item.strength}: {item.why}" for on, item in sorted(step.depends_on.items())}
    tolerates = [[item.error, *item.names] for item in step.tolerates]
    operation = type(step.operation).__name__
    return {"id": step.id, "operation": operation, "depends_on": depends_on, "tolerates": tolerates}

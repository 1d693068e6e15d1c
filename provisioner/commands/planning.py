"""From a loaded spec and an open session to a plan."""

from __future__ import annotations

from collections.abc import Iterable

from .. import planner
from ..diagnostics import Diagnostic, SpecError, UsageError, did_you_mean
from ..graph import Graph
from ..plan import Actual, Plan, Problem
from ..refresh import refresh
from ..resource import Secret, leaves
from ..spec.model import Spec
from .loading import Loaded
from .session import Session


async def make_plan(loaded: Loaded, session: Session, adopt: bool = False, targets: Iterable[str] = ()) -> Plan:
    """Refresh and plan.

    Raises:
        SpecError: the spec cannot be planned against what is there; every reason at its place.
        UsageError: a target names nothing.
        ExecutionError, AccessError: a read failed.
    """
    chosen = list(targets)
    graph = narrowed(loaded.graph, chosen) if chosen else loaded.graph
    actual = await refresh(graph.resources.values(), session.operations, loaded.spec.deployment, session.deployer)
    options = planner.Options(loaded.spec.deployment, session.cloud.name, adopt, removals=not chosen)
    plan, problems = planner.plan(graph, actual, options)
    if problems:
        raise SpecError([located(loaded.spec, problem) for problem in problems])
    return plan


def narrowed(graph: Graph, targets: list[str]) -> Graph:
    """The part of a graph that the targets and their needs make up."""
    chosen: set[str] = set()
    for target in targets:
        found = [address for address in graph.resources if address == target or address.startswith(f"{target}/")]
        if not found:
            hint = did_you_mean(target, graph.resources)
            raise UsageError(f"--target {target}: nothing has this address" + (f"; {hint}" if hint else ""))
        chosen |= graph.closure(found)
    return Graph(
        {address: item for address, item in graph.resources.items() if address in chosen},
        {address: needs for address, needs in graph.needs.items() if address in chosen},
    )


def located(spec: Spec, problem: Problem) -> Diagnostic:
    location = spec.document.locate(problem.path)
    return Diagnostic(problem.code, problem.summary, location, reason=problem.reason, hint=problem.hint)


def secrets_in(plan: Plan) -> set[str]:
    """The names of the secrets that carrying out a plan needs."""
    return {leaf.name for change in plan.pending for leaf in leaves(change.body) if isinstance(leaf, Secret)}


def look(loaded: Loaded, session: Session, actual: Actual) -> Plan:
    """The plan for showing what is there: problems that would stop an apply do not matter."""
    options = planner.Options(loaded.spec.deployment, session.cloud.name, adopt=True)
    plan, _ = planner.plan(loaded.graph, actual, options)
    return plan

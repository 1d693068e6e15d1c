"""From a loaded spec and an open session to a plan."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ..base.diagnostics import Diagnostic, SourceLocation, SpecError, StalePlanError, UsageError, did_you_mean
from ..base.gc_control import paused
from ..base.values import Body, Leaf, Secret, leaves
from ..execution import in_flight
from ..planning import capacity, in_use, management_locks, planner, power
from ..planning.outputs import missing
from ..planning.plan import Change, Options, Plan, by_address
from ..planning.plan_file import PlanInputs, SavedPlan, moved
from ..resources.actual_state import ActualState
from ..resources.graph import Graph
from ..spec import parameters
from ..spec.model import Spec
from ..spec.secrets.secrets import Secrets
from ..state.refresh import power_states, refresh
from . import options
from .failure_reasons import without_secrets
from .loading import Loaded
from .session import Session


@dataclass(frozen=True)
class Choices:
    """What the user chose for a plan."""

    adopt: bool = False
    targets: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    check_sizes: bool = False
    adopt_from: str = ""


_ALL = Choices()


def choices(arguments: argparse.Namespace) -> Choices:
    targets, excludes = tuple(arguments.target), tuple(arguments.exclude)
    return Choices(arguments.adopt, targets, excludes, arguments.check_sizes, arguments.adopt_from)


async def make_plan(
    loaded: Loaded,
    session: Session,
    chosen: Choices = _ALL,
    before_wait: Callable[[], Awaitable[None]] | None = None,
    secrets: Secrets | None = None,
) -> Plan:
    """Refresh and plan; with ``before_wait`` once what an earlier run began has come to its end.

    ``before_wait`` is called where there is something to wait for. ``secrets`` are struck from what Azure says of
    failures.

    Raises:
        SpecError: the spec cannot be planned against what is there; every reason at its place.
        UsageError: a target names nothing.
        ExecutionError, AccessError: a read failed.
    """
    graph = narrowed(loaded.graph, chosen)
    deployment, resources = loaded.spec.deployment, graph.resources.values()
    actual = await refresh(resources, session.operations, deployment, session.deployer)
    running = in_flight.busy(resources, actual, deployment)
    if running and before_wait is not None:
        await before_wait()
    for each in running:
        then = "waiting for that" if before_wait is not None else "apply waits for that"
        print(f"note: {each.address} is {each.state} since an earlier run; {then}", file=sys.stderr, flush=True)
    if running and before_wait is not None:
        await in_flight.wait(running, session.operations, session.time_scale)
        actual = await refresh(resources, session.operations, deployment, session.deployer)
    tell_narrowed(actual)
    if secrets is not None:
        actual = await without_secrets(actual, resources, secrets, loaded.spec, session)
    settings = Options(
        deployment,
        session.cloud.name,
        chosen.adopt,
        removals=graph is loaded.graph,
        adopt_from=chosen.adopt_from,
    )
    with paused():
        plan, problems = planner.plan(graph, actual, settings)
    wanted = missing(loaded.resolution.outputs, by_address(plan.changes))
    problems += [problem for problem in wanted if problem not in problems]
    if chosen.check_sizes and not problems:
        problems = await _size_problems(plan, session)
    if problems:
        raise SpecError([located(loaded.spec, problem) for problem in problems])
    if machines := power.unknown(plan, actual):
        # Whether machines run is asked only where a change needs them to be off; then the plan is made again.
        states = {**actual.power_states, **await power_states(session.operations, machines)}
        plan, _ = planner.plan(graph, replace(actual, power_states=states), settings)
    return plan


def tell_narrowed(actual: ActualState) -> None:
    """Say what is not seen, where the caller's permissions end below the subscription."""
    if actual.narrowed_to is None:
        return
    where = f"only role assignments at {', '.join(actual.narrowed_to) or 'no scope'} were listed"
    print(
        (
            f"note: you have no permission to list the role assignments of the subscription; {where}\n"
            "  Role assignments at other scopes that are no longer in the spec are not found and not "
            "deleted."
        ),
        file=sys.stderr,
        flush=True,
    )


async def _size_problems(plan: Plan, session: Session) -> list[Diagnostic]:
    """What Azure does not offer of it; two requests for each region in which it makes machines, all at once."""
    catalogue, wanted = session.operations.catalogue, capacity.regions(plan)
    sizes, usages = await asyncio.gather(
        asyncio.gather(*(catalogue.sizes(region, names) for region, names in wanted.items())),
        asyncio.gather(*(catalogue.usages(region) for region in wanted)),
    )
    offers = {region: capacity.offer(*found) for region, *found in zip(wanted, sizes, usages, strict=True)}
    return capacity.problems(plan, offers)


def look(loaded: Loaded, session: Session, actual: ActualState) -> Plan:
    """The plan for showing what is there: problems that would stop an apply do not matter."""
    settings = Options(loaded.spec.deployment, session.cloud.name, adopt=True)
    plan, _ = planner.plan(loaded.graph, actual, settings)
    return plan


def narrowed(graph: Graph, chosen: Choices) -> Graph:
    """The part of a graph that the targets and their needs make up, without what is excluded and what needs that."""
    if not chosen.targets and not chosen.excludes:
        return graph
    targets = [address for target in chosen.targets for address in _below(graph, target, "--target")]
    kept = graph.closure(targets) if targets else set(graph.resources)
    todo = [address for exclude in chosen.excludes for address in _below(graph, exclude, "--exclude")]
    dependents = graph.dependents()
    while todo:
        address = todo.pop()
        if address in kept:
            kept.discard(address)
            todo.extend(dependents[address])
    return Graph(
        {address: item for address, item in graph.resources.items() if address in kept},
        {address: needs for address, needs in graph.needs.items() if address in kept},
    )


def _below(graph: Graph, address: str, flag: str) -> list[str]:
    found = [known for known in graph.resources if known == address or known.startswith(f"{address}/")]
    if not found:
        hint = did_you_mean(address, graph.resources)
        raise UsageError(f"{flag} {address}: no resource has this address" + (f"; {hint}" if hint else ""))
    return found


def located(spec: Spec, problem: Diagnostic) -> Diagnostic:
    """A problem of a plan at its place in the spec; at none where its entry has left it."""
    location = spec.document.locate(problem.path)
    return problem.placed(location if problem.path else SourceLocation(location.file))


def secrets_in(plan: Plan) -> set[str]:
    """The names of the secrets that carrying out a plan needs."""
    return {leaf.name for change in plan.pending for leaf in _leaves(change, plan) if isinstance(leaf, Secret)}


def _leaves(change: Change, plan: Plan) -> Iterator[Leaf]:
    """The values that a change sends and that are not known yet."""
    if any(isinstance(leaf, Secret) for leaf in leaves(change.desired)):
        yield from (leaf for body in plan.bodies(change) for leaf in leaves(body))


def recipe(arguments: argparse.Namespace, subscription: str, spec: Spec) -> PlanInputs:
    """How the plan of these arguments can be made again, without secrets; paths are absolute."""
    hidden = parameters.secret_parameters(spec.document.data.get("parameters"))
    return PlanInputs(
        spec=_absolute(arguments.specs[0]),
        cloud=arguments.cloud,
        subscription=subscription,
        parameters={name: value for name, value in options.given(arguments).flags.items() if name not in hidden},
        parameter_files=[_absolute(file) for file in arguments.parameters],
        overlays=[_absolute(file) for file in arguments.specs[1:]],
        include_from=[_absolute(folder) for folder in arguments.include_from],
        targets=arguments.target,
        excludes=arguments.exclude,
        adopt=arguments.adopt,
        adopt_from=arguments.adopt_from,
    )


def _absolute(file: str) -> str:
    return str(Path(file).absolute())


def recall(arguments: argparse.Namespace, saved: PlanInputs) -> None:
    """Take over the recorded options of a saved plan; the command line may add secret parameters.

    Raises:
        UsageError: it says something else than the plan.
    """
    recorded = [f"{name}={value}" for name, value in saved.parameters.items()]
    files, folders = map(_absolute, arguments.parameters), map(_absolute, arguments.include_from)
    said = {
        "-p": any(item.partition("=")[0] in saved.parameters and item not in recorded for item in arguments.parameter),
        "--parameters": not set(files) <= set(saved.parameter_files),
        "--include-from": not set(folders) <= set(saved.include_from),
        "--target": not set(arguments.target) <= set(saved.targets),
        "--exclude": not set(arguments.exclude) <= set(saved.excludes),
        "--adopt": arguments.adopt and not saved.adopt,
        "--adopt-from": arguments.adopt_from not in ("", saved.adopt_from),
        "--subscription": arguments.subscription not in (None, saved.subscription),
    }
    if differing := [flag for flag, is_other in said.items() if is_other]:
        raise UsageError(
            f"the saved plan was made with other options than {', '.join(differing)}; plan again with them"
        )
    given = [item for item in arguments.parameter if item.partition("=")[0] not in saved.parameters]
    arguments.specs, arguments.include_from = [saved.spec, *saved.overlays], saved.include_from
    arguments.cloud, arguments.subscription = saved.cloud, saved.subscription
    arguments.parameter = given + recorded
    arguments.parameters, arguments.target, arguments.exclude = saved.parameter_files, saved.targets, saved.excludes
    arguments.adopt, arguments.adopt_from = saved.adopt, saved.adopt_from


def refuse_stale(saved: SavedPlan, plan: Plan, session: Session) -> None:
    """Refuse a saved plan that no longer fits.

    Raises:
        StalePlanError: with everything that moved.
    """
    found = moved(saved, plan)
    if session.subscription_id != saved.recipe.subscription:
        found.insert(0, f"the subscription was {saved.recipe.subscription}, now {session.subscription_id}")
    if found:
        lines = "".join(f"\n  {line}" for line in found)
        raise StalePlanError(f"the saved plan no longer fits; plan again. What changed:{lines}")


def refuse_protected(plan: Plan, spec: Spec, locks: Iterable[Body]) -> None:
    """Refuse a destroy that would take something protected along, or that a lock or another owner's resource forbids.

    Raises:
        SpecError: naming everything that cannot be deleted.
    """
    problems = [problem for change in plan.changes for problem in planner.protection(change)]
    problems += management_locks.problems(plan.changes, plan.steps, locks)
    problems += in_use.problems(plan.changes, ())
    if problems:
        raise SpecError([located(spec, problem) for problem in problems])

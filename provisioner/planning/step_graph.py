"""The graph of a plan's steps: edges that rules propose, put together without a cycle.

In: steps, and edges in any order. Out: the steps with what they depend on, or the cycle that cannot be avoided. Pure.
Whatever the order of the edges is, the result is the same.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..resources.steps import Dependency, Step, Strength, Wait
from .plan import Steps

_STRENGTHS: tuple[Strength, ...] = ("required", "preferred", "optional")


@dataclass(frozen=True, order=True)
class Edge:
    """``step`` waits for the step ``on``; ``why`` completes the sentence "it waits, because …"."""

    step: str
    on: str
    wait: Wait = "done"
    strength: Strength = "required"
    why: str = ""


@dataclass(frozen=True)
class Linked:
    """``cycle``: the IDs of steps that wait for each other, the first one again at the end; empty where none do."""

    steps: Steps
    cycle: tuple[str, ...] = ()
    dropped: tuple[Edge, ...] = field(default=())


def linked(steps: Steps, edges: Iterable[Edge]) -> Linked:
    """The steps with their edges; an edge that is not required is dropped where it would close a cycle."""
    found = _strongest(edges)
    order = _sequences(steps)
    for edge in found.values():
        order[edge.step].add(edge.on)
    if not _cycle(order):
        return Linked(_with(steps, found.values()))
    # Only edges between steps that are on a cycle, or between two, can close one.
    entangled = _entangled(order)
    optional = [
        edge
        for strength in ("preferred", "optional")
        for edge in sorted(found.values())
        if edge.strength == strength and {edge.step, edge.on} <= entangled
    ]
    for edge in optional:
        order[edge.step].discard(edge.on)
    cycle = _cycle(order)
    dropped = []
    for edge in optional if not cycle else ():
        if _reaches(order, edge.on, edge.step):
            dropped.append(edge)
        else:
            order[edge.step].add(edge.on)
    gone = set(dropped)
    kept = [edge for edge in found.values() if edge not in gone]
    return Linked(_with(steps, kept), cycle, tuple(dropped))


def _sequences(steps: Steps) -> dict[str, set[str]]:
    """For each step what it waits for within its change: the step before it too."""
    order: dict[str, set[str]] = {}
    for own in steps.values():
        before: set[str] = set()
        for step in own:
            order[step.id] = before | set(step.depends_on)
            before = {step.id}
    return order


def _strongest(edges: Iterable[Edge]) -> dict[tuple[str, str], Edge]:
    """One edge for each pair of steps: waits add up to the longest, and what one rule requires is required."""
    found: dict[tuple[str, str], Edge] = {}
    for edge in edges:
        place = (edge.step, edge.on)
        found[place] = _both(edge, found[place]) if place in found else edge
    return found


def _both(edge: Edge, other: Edge) -> Edge:
    wait: Wait = "done" if "done" in (edge.wait, other.wait) else edge.wait
    strength = min(edge.strength, other.strength, key=_STRENGTHS.index)
    # The first text in the alphabet wins, so that the order of the rules does not matter.
    return Edge(edge.step, edge.on, wait, strength, min(filter(None, (edge.why, other.why)), default=""))


def _cycle(order: Mapping[str, set[str]]) -> tuple[str, ...]:
    try:
        graphlib.TopologicalSorter(order).prepare()
    except graphlib.CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()


def _entangled(order: Mapping[str, set[str]]) -> set[str]:
    """What is left when steps without a predecessor, and without a successor, are taken away over and over."""
    backwards: dict[str, set[str]] = {step: set() for step in order}
    for step, others in order.items():
        for other in others:
            backwards[other].add(step)
    left = set(order)
    for ahead, behind in ((order, backwards), (backwards, order)):
        count = {step: len(ahead[step] & left) for step in left}
        free = [step for step, number in count.items() if not number]
        while free:
            step = free.pop()
            left.discard(step)
            for other in behind[step] & left:
                count[other] -= 1
                if not count[other]:
                    free.append(other)
    return left


def _reaches(order: Mapping[str, set[str]], start: str, goal: str) -> bool:
    """Whether a step waits for another, directly or not."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        step = todo.pop()
        if step == goal:
            return True
        if step not in seen:
            seen.add(step)
            todo.extend(order[step])
    return False


def _with(steps: Steps, edges: Iterable[Edge]) -> dict[str, tuple[Step, ...]]:
    found: dict[str, dict[str, Dependency]] = {}
    for edge in sorted(edges):
        found.setdefault(edge.step, {})[edge.on] = Dependency(edge.wait, edge.strength, edge.why)
    return {
        address: tuple(
            replace(step, depends_on={**step.depends_on, **found[step.id]}) if step.id in found else step
            for step in change
        )
        for address, change in steps.items()
    }

"""Steps of a plan: rules that commute, graphs without a cycle, edges with a reason."""

from __future__ import annotations

import graphlib
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.base.diagnostics import SpecError
from provisioner.planning.compile import RULES, compiled
from provisioner.planning.entanglement import entangled
from provisioner.planning.plan import by_address
from provisioner.planning.step_graph import Edge, linked
from provisioner.resources.kinds import public_ip
from provisioner.resources.steps import Delete, Dependency, Step, Strength, Wait
from tests.harness import World, failures
from tests.kinds.specs import HEAD, NETWORK, machine

NAMES = "abcdef"
KIND = public_ip.KIND


def steps(*ids: str) -> dict[str, tuple[Step, ...]]:
    """Changes with one step each; ``a1 a2`` are two steps of the change ``a``."""
    found: dict[str, tuple[Step, ...]] = {}
    for step_id in ids:
        found[step_id[0]] = (*found.get(step_id[0], ()), Step(step_id, step_id[0], Delete(), KIND, step_id))
    return found


def order(graph: dict[str, tuple[Step, ...]]) -> dict[str, set[str]]:
    """What each step waits for; the step before it in its change too."""
    found: dict[str, set[str]] = {}
    for own in graph.values():
        for index, step in enumerate(own):
            found[step.id] = set(step.depends_on) | ({own[index - 1].id} if index else set())
    return found


edges = st.builds(
    Edge,
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    strength=st.sampled_from(["required", "preferred", "optional"]),
    why=st.sampled_from(["", "one", "two"]),
).filter(lambda edge: edge.step != edge.on)


@given(st.lists(edges, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter(found: list[Edge], chance: random.Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert linked(steps(*NAMES), shuffled) == linked(steps(*NAMES), found)


@given(st.lists(edges, max_size=20))
def test_there_is_no_cycle_but_one_of_required_edges(found: list[Edge]) -> None:
    result = linked(steps(*NAMES), found)
    required = {(edge.step, edge.on) for edge in found if edge.strength == "required"}
    if result.cycle:
        assert result.cycle[0] == result.cycle[-1]
        pairs = set(zip(result.cycle, result.cycle[1:], strict=False))
        assert pairs <= required, "each step waits for the next"
        return
    graph = order(dict(result.steps))
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(NAMES)
    kept = {(step, on) for step, others in graph.items() for on in others}
    assert required <= kept
    for edge in result.dropped:
        graph[edge.step].add(edge.on)
        with pytest.raises(graphlib.CycleError):
            graphlib.TopologicalSorter(graph).prepare()
        graph[edge.step].discard(edge.on)


@pytest.mark.parametrize("weaker", ["preferred", "optional"])
def test_the_weaker_edge_of_a_cycle_is_dropped(weaker: Strength) -> None:
    stronger: Strength = "required" if weaker == "preferred" else "preferred"
    for one, other in (("a", "b"), ("b", "a")):
        result = linked(steps("a", "b"), [Edge(one, other, strength=weaker), Edge(other, one, strength=stronger)])
        assert (result.cycle, [(edge.step, edge.on) for edge in result.dropped]) == ((), [(one, other)])


def test_a_cycle_through_the_sequence_of_a_change_is_seen() -> None:
    found = [Edge("a2", "b", strength="preferred"), Edge("b", "a3", strength="required")]
    assert [edge.step for edge in linked(steps("a1", "a2", "a3", "b"), found).dropped] == ["a2"]


def test_required_edges_in_a_circle_are_told() -> None:
    result = linked(steps("a", "b"), [Edge("a", "b"), Edge("b", "a")])
    assert sorted(set(result.cycle)) == ["a", "b"]


def test_of_two_edges_between_two_steps_the_longer_wait_and_the_greater_strength_count() -> None:
    both = [Edge("a", "b", "value", "preferred", "why"), Edge("a", "b", "done", "optional")]
    (step,) = linked(steps("a", "b"), both).steps["a"]
    assert step.depends_on == {"b": Dependency("done", "preferred", "why")}


FULL = (
    HEAD
    + NETWORK
    + "  public_ips: {out: {zones: [1]}}\n  interfaces: {nic: {subnet: net/front, public_ip: out}}\n"
    + machine('    extensions: {setup: {publisher: A.B, type: C, version: "1.0"}}\n')
    + "locks: {keep: {scope: network/public_ips/out, level: cannot_delete}}\n"
)
AFTERWARDS = FULL.replace("zones: [1]", "zones: [2]").replace("locks:", "#").replace("    extensions", "    #")


async def test_the_order_of_the_rules_does_not_matter(world: World) -> None:
    assert failures(await world.apply(FULL)) == []
    plan, graph = await world.plan(AFTERWARDS), world.load(AFTERWARDS).graph
    changes = by_address(plan.changes)
    assert {change.action for change in plan.pending} == {"replace", "update", "delete"}
    together = entangled(changes, graph.dependents(), {})
    for seed in range(5):
        rules = random.Random(seed).sample(RULES, len(RULES))
        assert compiled(changes, graph.needs, together, plan.owned, rules).steps == plan.steps


LOCKED = FULL.partition("vms:")[0] + "locks: {keep: {scope: resource_group, level: read_only}}\n"


async def test_what_a_lock_forbids_at_each_level_is_reported_once(world: World) -> None:
    assert failures(await world.apply(LOCKED)) == []
    with pytest.raises(SpecError) as caught:
        await world.plan(LOCKED.replace("read_only", "cannot_delete").replace("zones: [1]", "zones: [2]"))
    assert [found.code for found in caught.value.diagnostics] == ["PV3501"]


def depends_on(graph: Mapping[str, tuple[Step, ...]]) -> dict[str, dict[str, Dependency]]:
    return {step.id: dict(step.depends_on) for own in graph.values() for step in own if step.depends_on}


def test_an_edge_becomes_a_dependency_beside_those_of_the_step() -> None:
    own = steps("a1", "a2", "b", "c")
    own["a"] = own["a"][0], replace(own["a"][1], depends_on={"a1": Dependency("accepted")})
    result = linked(own, [Edge("a2", "b", "value", "optional", "why"), Edge("a2", "c"), Edge("c", "b")])
    assert depends_on(result.steps) == {
        "a2": {"a1": Dependency("accepted"), "b": Dependency("value", "optional", "why"), "c": Dependency()},
        "c": {"b": Dependency()},
    }
    assert (result.cycle, result.dropped) == ((), ())


def test_what_is_not_on_the_cycle_keeps_its_weak_edges() -> None:
    cycle = [Edge("b", "c"), Edge("c", "b", strength="optional")]
    others = [
        Edge("a", "b", strength="optional"),
        Edge("c", "d", strength="preferred"),
        Edge("e", "f", strength="optional"),
    ]
    result = linked(steps(*NAMES), [*cycle, *others])
    assert result.dropped == (cycle[1],)
    assert {(step, on) for step, others in depends_on(result.steps).items() for on in others} == {
        ("b", "c"), ("a", "b"), ("c", "d"), ("e", "f"),
    }  # fmt: skip


def test_a_weak_edge_between_two_cycles_is_kept() -> None:
    found = [Edge("a", "b"), Edge("b", "a", strength="optional"), Edge("c", "d"), Edge("d", "c", strength="optional")]
    between = Edge("b", "c", strength="preferred")
    assert linked(steps(*NAMES), [*found, between]).dropped == (found[1], found[3])


def test_in_a_cycle_of_weak_edges_the_optional_one_is_dropped_whatever_its_place() -> None:
    for optional in range(3):
        pairs = [("a", "b"), ("b", "c"), ("c", "a")]
        found = [
            Edge(step, on, strength="optional" if index == optional else "preferred")
            for index, (step, on) in enumerate(pairs)
        ]
        assert linked(steps("a", "b", "c"), found).dropped == (found[optional],)


def test_in_a_cycle_of_required_edges_nothing_is_dropped() -> None:
    required = [Edge("a", "b"), Edge("b", "a")]
    weak = Edge("b", "c", strength="optional"), Edge("c", "b", strength="optional")
    result = linked(steps("a", "b", "c"), [*required, *weak])
    assert (result.cycle[0], set(result.cycle), result.dropped) == (result.cycle[-1], {"a", "b"}, ())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("value", "required", "b"), ("done", "optional", "a"), ("done", "required", "a")),
        (("value", "optional", ""), ("value", "preferred", "x"), ("value", "preferred", "x")),
        (("accepted", "optional", ""), ("accepted", "optional", ""), ("accepted", "optional", "")),
    ],
)
def test_two_edges_between_two_steps_are_put_together(
    one: tuple[Wait, Strength, str], other: tuple[Wait, Strength, str], expected: tuple[Wait, Strength, str]
) -> None:
    for both in ((one, other), (other, one)):
        result = linked(steps("a", "b"), [Edge("a", "b", *each) for each in both])
        assert depends_on(result.steps) == {"a": {"b": Dependency(*expected)}}

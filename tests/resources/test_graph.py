"""The dependency graph."""

from __future__ import annotations

import pytest

from provisioner.base.values import Ref
from provisioner.resources import graph
from provisioner.resources.kinds import user_assigned_identity, virtual_machine
from provisioner.resources.resource import Resource


def resource(address: str, *needs: Ref, kind: object = virtual_machine.KIND, after: tuple[str, ...] = ()) -> Resource:
    identity = f"/subscriptions/s/resourceGroups/g/providers/A.B/c/{address}"
    return Resource(address, kind, identity, {"refs": list(needs)}, after=after)  # type: ignore[arg-type]


def test_an_edge_waits_for_the_whole_or_for_a_value() -> None:
    made = graph.build([
        resource("a", kind=user_assigned_identity.KIND),
        resource("b", Ref("a", "principal_id")),
        resource("c", Ref("a", "principal_id"), Ref("a")),
    ])  # fmt: skip
    assert made.needs == {"a": {}, "b": {"a": "value"}, "c": {"a": "done"}}


def test_the_order_puts_needs_first_and_a_cycle_is_drawn() -> None:
    assert graph.build([resource("b", Ref("a")), resource("a")]).order() == ["a", "b"]
    with pytest.raises(graph.CycleError) as caught:
        graph.build([resource("a", Ref("b")), resource("b", after=("c",)), resource("c", Ref("a"))])
    assert caught.value.cycle[0] == caught.value.cycle[-1]
    assert set(caught.value.cycle) == {"a", "b", "c"}


def test_a_value_of_its_own_is_a_cycle_and_its_id_is_none() -> None:
    assert graph.build([resource("a", Ref("a"))]).needs == {"a": {}}
    with pytest.raises(graph.CycleError, match="a → a"):
        graph.build([resource("a", Ref("a", "principal_id"))])


def test_the_closure_is_everything_that_is_needed() -> None:
    made = graph.build([resource("a"), resource("b", Ref("a")), resource("c", Ref("b")), resource("d")])
    assert made.closure(["c"]) == {"a", "b", "c"}

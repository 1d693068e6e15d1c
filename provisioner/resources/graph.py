"""The dependency graph: which resource needs what of which other, and in what order they go.

In: resources. Out: ``Graph``. Knows no cloud and no spec syntax. An edge says what it waits for: ``done`` for the
other resource as a whole, ``value`` for what its first answer carries: that it is there, and some outputs.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..base import arm_id
from ..base.values import Ref, leaves
from .resource import Resource
from .steps import Wait


class CycleError(Exception):
    """Resources that wait for each other; ``cycle`` names them in order, the first one again at the end."""

    def __init__(self, cycle: list[str]) -> None:
        self.cycle = cycle
        super().__init__(" → ".join(cycle))


_OF_GROUP = 4
"""Slashes in the ID of a resource group."""


@dataclass(frozen=True)
class Graph:
    """``needs[a][b]`` says what ``a`` waits for at ``b``. Addresses only; ``resources`` has the rest."""

    resources: Mapping[str, Resource]
    needs: Mapping[str, Mapping[str, Wait]] = field(default_factory=dict)

    def order(self) -> list[str]:
        """Addresses so that each stands behind everything it needs."""
        return list(graphlib.TopologicalSorter({key: list(value) for key, value in self.needs.items()}).static_order())

    def dependents(self) -> dict[str, set[str]]:
        """Who needs an address directly."""
        result: dict[str, set[str]] = {address: set() for address in self.needs}
        for address, needed in self.needs.items():
            for other in needed:
                result[other].add(address)
        return result

    def closure(self, addresses: Iterable[str]) -> set[str]:
        """The addresses and everything that they need, directly or not."""
        found: set[str] = set()
        todo = list(addresses)
        while todo:
            address = todo.pop()
            if address not in found:
                found.add(address)
                todo.extend(self.needs[address])
        return found


def build(resources: Iterable[Resource]) -> Graph:
    """The graph of some resources.

    Raises:
        CycleError: some of them wait for each other, or one for a value of its own.
    """
    known = {item.address: item for item in resources}
    by_id = {arm_id.key(item.id): item.address for item in known.values() if item.id}
    needs: dict[str, dict[str, Wait]] = {}
    for item in known.values():
        edges: dict[str, Wait] = {}
        for other, wait in _edges(item, known, by_id):
            if other in known and other != item.address:
                edges[other] = "done" if "done" in (wait, edges.get(other)) else wait
        needs[item.address] = edges
    graph = Graph(known, needs)
    try:
        graph.order()
    except graphlib.CycleError as error:
        raise CycleError(list(reversed(error.args[1]))) from error
    return graph


def _edges(item: Resource, known: Mapping[str, Resource], by_id: Mapping[str, str]) -> Iterator[tuple[str, Wait]]:
    for leaf in leaves(item.body):
        if isinstance(leaf, Ref):
            # Its own ID is known before it exists; every other value would make it wait for itself.
            if leaf.address == item.address and leaf.attribute != "id":
                raise CycleError([item.address, item.address])
            yield leaf.address, _wait(leaf, known)
    if item.assignment_key is not None and isinstance(item.assignment_key.scope, Ref):
        yield item.assignment_key.scope.address, "value"  # it is there with the first answer
    for address in item.after:
        yield address, "done"
    parent = arm_id.key(item.id).rpartition("/providers/")[0] if item.id else ""
    while parent not in by_id and parent.count("/") > _OF_GROUP:
        parent = parent.rsplit("/", 2)[0]  # a part of something: a subnet
    if parent in by_id:
        yield by_id[parent], "done"
    if item.kind.nested:
        above = arm_id.key(item.id).rsplit("/", 2)[0]
        if above in by_id:
            yield by_id[above], "done"


def _wait(leaf: Ref, known: Mapping[str, Resource]) -> Wait:
    other = known.get(leaf.address)
    output = other.kind.output(leaf.attribute) if other else None
    return "value" if output is not None and output.early else "done"

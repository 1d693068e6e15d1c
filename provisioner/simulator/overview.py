"""What a state file holds, for people: groups, the resources in them, what runs.

In: the path of a state file. Out: an `Overview`. Operations that are due are ended first, as any request would do;
nothing else is changed, and a file that is not there is not made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .arm.cloud import Cloud
from .arm.operation_completion import complete_due
from .registry import load_registry
from .settings import Settings
from .state.operations import KIND as OPERATION
from .state.operations import Operation
from .state.resources import Resource
from .state.store import Store


@dataclass(frozen=True)
class Node:
    """One resource; `state` is its provisioning state, where it has one, and `children` hang on it."""

    id: str
    type: str
    name: str
    location: str
    state: str
    children: Sequence[Node]


@dataclass(frozen=True)
class GroupNode:
    """One resource group with what is in it."""

    id: str
    name: str
    location: str
    state: str
    resources: Sequence[Node]


@dataclass(frozen=True)
class Running:
    """An operation that has not ended; `left_s` is how long it has to go, in seconds here."""

    verb: str
    type: str
    target: str
    left_s: float


@dataclass(frozen=True)
class Overview:
    """Everything; `elsewhere` hangs on no group (role assignments at the subscription)."""

    subscription: str
    tenant: str
    groups: Sequence[GroupNode]
    elsewhere: Sequence[Node]
    running: Sequence[Running]
    types: Mapping[str, int]
    unmodelled: Mapping[str, int]


def overview(state_path: Path) -> Overview | None:
    """What a state file holds, or None when there is no such file."""
    if not state_path.exists():
        return None
    store = Store(state_path)
    try:
        cloud = Cloud(store, load_registry(), Settings(state_path=state_path))
        complete_due(cloud)
        return _overview(cloud)
    finally:
        store.close()


def _overview(cloud: Cloud) -> Overview:
    everything = cloud.resources.everything()
    keys = {resource.key for resource in everything}
    groups = cloud.groups.everything()
    tops = [resource for resource in everything if resource.parsed.container.lower() not in keys]
    inside: dict[str, list[Resource]] = {group.id.lower(): [] for group in groups}
    elsewhere: list[Resource] = []
    for resource in tops:
        parsed = resource.parsed
        group = f"/subscriptions/{parsed.subscription}/resourcegroups/{parsed.group}".lower()
        inside.get(group, elsewhere).append(resource)
    types = Counter(resource.type for resource in everything)
    return Overview(
        subscription=cloud.subscription_id,
        tenant=cloud.tenant_id,
        groups=[
            GroupNode(
                group.id,
                group.name,
                group.location,
                group.state,
                _nodes(cloud, inside[group.id.lower()]),
            )
            for group in groups
        ],
        elsewhere=_nodes(cloud, elsewhere),
        running=_running(cloud),
        types=dict(sorted(types.items())),
        unmodelled=dict(sorted((type_, count) for type_, count in types.items() if not _modelled(cloud, type_))),
    )


def _nodes(cloud: Cloud, resources: Iterable[Resource]) -> list[Node]:
    return [
        Node(
            id=resource.id,
            type=resource.type,
            name=resource.name,
            location=str(resource.body.get("location") or ""),
            state=str(resource.properties.get("provisioningState") or ""),
            children=_nodes(cloud, cloud.resources.children(resource.key)),
        )
        for resource in resources
    ]


def _running(cloud: Cloud) -> list[Running]:
    operations = [Operation(**document) for document in cloud.store.all(OPERATION).values()]
    now = cloud.timing.now()
    return [
        Running(one.verb, one.type, one.target, round(max(one.finish_at - now, 0.0), 1))
        for one in sorted(operations, key=lambda one: one.finish_at)
        if one.running
    ]


def _modelled(cloud: Cloud, type_: str) -> bool:
    namespace, _, words = type_.partition("/")
    return cloud.registry.describes(cloud.registry.find(namespace, words.split("/"), ""))

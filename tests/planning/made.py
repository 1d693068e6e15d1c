"""Changes made by hand, for tests of the rules that put the steps of a plan in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from provisioner.comparison.rendering import OwnedIds
from provisioner.planning import default_steps
from provisioner.planning.edges import Planned
from provisioner.planning.entanglement import Entanglement, entangled
from provisioner.planning.plan import Action, Change, by_address
from provisioner.planning.step_graph import Edge
from provisioner.resources import kinds
from provisioner.resources.steps import GroupContents, Wait

GROUP = "/subscriptions/s/resourceGroups/g"
KINDS = {kind.name: kind for kind in kinds.all_kinds()}


def resource_id(kind: str, name: str) -> str:
    """In the resource group; of a nested kind ``name`` is ``parent/child``."""
    if kind == "resource_group":
        return GROUP
    namespace, *segments = KINDS[kind].type.split("/")
    path = "/".join(f"{segment}/{part}" for segment, part in zip(segments, name.split("/"), strict=True))
    return f"{GROUP}/providers/{namespace}/{path}"


def change(
    kind: str,
    name: str,
    action: Action,
    actual: dict[str, Any] | None = None,
    desired: dict[str, Any] | None = None,
    **more: Any,
) -> Change:
    """Its address is its name. An update has something to write unless ``differences`` says otherwise."""
    given = {"id": resource_id(kind, name), **more}
    held = None if action == "create" else {"id": given["id"], **(actual or {})}
    wanted = None if action == "delete" else desired or {}
    if action == "update" and "differences" not in given:
        given["differences"] = (difference("tags.a"),)
    return Change(name, KINDS[kind], action=action, actual=held, desired=wanted, **given)


def difference(path: str, before: object = None, after: object = "1") -> Any:
    from provisioner.comparison.differences import Difference

    return Difference(path, before, after)


def planned(
    *changes: Change,
    needs: Mapping[str, Mapping[str, Wait]] | None = None,
    contents: Mapping[str, GroupContents] | None = None,
) -> Planned:
    """With the steps that each change has by itself."""
    found, needs = by_address(changes), needs or {}
    together = hanging_together(*changes, needs=needs, contents=contents)
    steps = {address: default_steps.steps(each, together, OwnedIds()) for address, each in found.items()}
    return Planned(found, steps, needs)


def hanging_together(
    *changes: Change,
    needs: Mapping[str, Mapping[str, Wait]] | None = None,
    contents: Mapping[str, GroupContents] | None = None,
) -> Entanglement:
    dependents: dict[str, set[str]] = {}
    for address, others in (needs or {}).items():
        for other in others:
            dependents.setdefault(other, set()).add(address)
    return entangled(by_address(changes), dependents, contents or {})


def proposed(rule: Callable[[Planned], Iterable[Edge]], found: Planned) -> dict[tuple[str, str], tuple[str, str]]:
    """(step, what it waits for) to (wait, strength)."""
    return {(edge.step, edge.on): (edge.wait, edge.strength) for edge in rule(found)}

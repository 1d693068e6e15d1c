"""What a deployment consists of, as rows: IDs, values that Azure decided, how to connect.

In: a plan's changes and the bodies that Azure holds. Out: plain data for text and JSON.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from ..base import arm_id
from ..base.values import Body, value_at
from ..planning.plan import Change

Bodies = Mapping[str, Body]


def rows(
    changes: Iterable[Change], bodies: Bodies, failed: Container[str] = (), unknown: Container[str] = ()
) -> list[dict[str, Any]]:
    """One row for each resource: ``{"address", "kind", "type", "id", "state", "values"}``.

    ``failed`` are the addresses whose last operation failed, ``unknown`` those of which it is not known whether they
    exist. ``state`` is ``absent`` only where nothing exists.
    """
    result = []
    for change in changes:
        body = bodies.get(arm_id.key(change.id))
        schema = change.kind.schema
        shown = {**{name: output.path for name, output in schema.outputs.items()}, **schema.shown}
        values = {name: value for name, path in shown.items() if (value := value_at(body, path)) is not None}
        result.append(
            {
                "address": change.address,
                "kind": change.kind.name,
                "type": change.type,
                "id": change.id,
                "state": _state(change.address, body, failed, unknown),
                "values": values,
            }
        )
    return result


def _state(address: str, body: Body | None, failed: Container[str], unknown: Container[str]) -> str:
    if address in unknown:
        return "unknown"
    if body is None:
        return "absent"
    if address in failed:
        return "failed"
    state = str((body.get("properties") or {}).get("provisioningState") or "Succeeded")
    return "present" if state == "Succeeded" else state.lower()


def connections(changes: Iterable[Change], bodies: Bodies) -> dict[str, str]:
    """For each machine with a public address the command that connects to it."""

    def find(resource_id: str) -> Body | None:
        return bodies.get(arm_id.key(resource_id))

    found = ((change, find(change.id)) for change in changes)
    commands = {change.address: change.kind.schema.connection(body, find) for change, body in found if body is not None}
    return {address: command for address, command in commands.items() if command}

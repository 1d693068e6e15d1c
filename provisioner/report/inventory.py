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
        values = {
            name: value
            for name, output in change.kind.schema.outputs.items()
            if (value := value_at(body, output.path)) is not None
        }
        if change.kind.name == "role_assignment" and body is not None:
            properties = body.get("properties", {})
            given = {
                "principal_id": properties.get("principalId"),
                "role_definition_id": properties.get("roleDefinitionId"),
            }
            values = {name: value for name, value in given.items() if value is not None}
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
    """For each machine with a public address the command that reaches it."""
    result: dict[str, str] = {}
    for change in changes:
        body = bodies.get(arm_id.key(change.id))
        if change.kind.name != "virtual_machine" or body is None:
            continue
        address = _public_address(body, bodies)
        profile = value_at(body, ("properties", "osProfile")) or {}
        if address:
            is_windows = "windowsConfiguration" in profile
            result[change.address] = (
                f"mstsc /v:{address}" if is_windows else f"ssh {profile.get('adminUsername')}@{address}"
            )
    return result


def _public_address(machine: Body, bodies: Bodies) -> str:
    for interface in value_at(machine, ("properties", "networkProfile", "networkInterfaces")) or []:
        body = bodies.get(arm_id.key(interface.get("id", "")))
        for configuration in value_at(body, ("properties", "ipConfigurations")) or []:
            target = value_at(configuration, ("properties", "publicIPAddress", "id"))
            found = value_at(bodies.get(arm_id.key(target or "")), ("properties", "ipAddress"))
            if found:
                return str(found)
    return ""

"""The command that connects to a machine. In: bodies. Out: text. Pure."""

from __future__ import annotations

from ...base.values import Body, value_at
from ..entry import Find


def connection(machine: Body, find: Find) -> str:
    """``ssh user@address``, or ``mstsc`` for Windows; empty for a machine without a public address."""
    address = _public_address(machine, find)
    if not address:
        return ""
    profile = value_at(machine, ("properties", "osProfile")) or {}
    is_windows = "windowsConfiguration" in profile
    return f"mstsc /v:{address}" if is_windows else f"ssh {profile.get('adminUsername')}@{address}"


def _public_address(machine: Body, find: Find) -> str:
    """The address of the first interface that has one."""
    for interface in value_at(machine, ("properties", "networkProfile", "networkInterfaces")) or []:
        body = find(interface.get("id", ""))
        for configuration in value_at(body, ("properties", "ipConfigurations")) or []:
            target = value_at(configuration, ("properties", "publicIPAddress", "id"))
            found = value_at(find(target or ""), ("properties", "ipAddress"))
            if found:
                return str(found)
    return ""

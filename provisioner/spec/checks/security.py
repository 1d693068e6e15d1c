"""Security: what is legal and seldom meant. All of it are warnings, which a comment in the spec can silence.

Sources: "Azure security baseline for Virtual Machines", "Network security best practices" (management ports),
"Public IP addresses" (a Standard address lets nothing in without a security group), "Best practices for Azure RBAC"
(privileged roles, narrow scopes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from .interfaces import network_of, of_machine, subnet_of

if TYPE_CHECKING:
    from .validation import Checker

_EVERYWHERE = frozenset({"any", "*", "internet", "0.0.0.0/0", "::/0"})
_MANAGEMENT = {22: "SSH", 3389: "RDP", 5985: "WinRM", 5986: "WinRM"}
_WEB = frozenset({80, 443})
_PRIVILEGED = {
    "owner": "Owner",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "user access administrator": "User Access Administrator",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "role based access control administrator": "Role Based Access Control Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}


def check(checker: Checker) -> None:
    for path, data in checker.entries("network", "security_groups"):
        for key, rule in data.get("rules", {}).items():
            _rule(checker, (*path, "rules", key), rule)
    for path, data in checker.entries("vms"):
        _machine(checker, path, data)
    for path, data in checker.entries("role_grants"):
        _grant(checker, path, data)


def _rule(checker: Checker, path: Path, rule: Mapping[str, Any]) -> None:
    if rule["direction"] != "inbound" or rule["access"] != "allow" or rule.get("protocol") in ("icmp", "esp", "ah"):
        return
    if "source_application_security_groups" in rule:
        return
    sources = rule.get("source", "any")
    if not any(str(each).lower() in _EVERYWHERE for each in ([sources] if isinstance(sources, str) else sources)):
        return
    ports = list(_ranges(rule.get("destination_ports", "any")))
    open_to_all = sorted(
        {name for port, name in _MANAGEMENT.items() if any(low <= port <= high for low, high in ports)}
    )
    at = (*path, "source") if "source" in rule else path
    if open_to_all:
        checker.warn(
            "PV2901",
            at,
            f"{' and '.join(open_to_all)} open to the whole internet",
            reason="Machines with management ports in the open are attacked within minutes.",
            hint="name the ranges that need it in `source:`, or use Azure Bastion",
            key=at == path,
        )
    elif any((low, high) not in {(port, port) for port in _WEB} for low, high in ports):
        checker.warn(
            "PV2902",
            at,
            "this rule lets everybody in",
            reason="Only 80 and 443 are commonly meant for everybody.",
            hint="name ranges or a service tag in `source:`",
            key=at == path,
        )


def _ranges(ports: Any) -> Iterator[tuple[int, int]]:
    for port in ports if isinstance(ports, list) else [ports]:
        low, _, high = str(port).partition("-")
        if low in ("any", "*"):
            yield 0, 65535
        elif low.isdecimal() and (not high or high.isdecimal()):
            yield int(low), int(high or low)


def _machine(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    public = [(at, interface) for at, interface in of_machine(checker, path, data) if "public_ip" in interface]
    for at, interface in public:
        if not _is_guarded(checker, interface):
            checker.warn(
                "PV2903",
                (*at, "public_ip"),
                "a public address without a security group",
                reason="A Standard address lets nothing in until a security group of the interface or its subnet does.",
                hint="set `security_group:` on the interface or the subnet",
            )
    admin = data.get("admin")
    if public and data.get("os", "linux") == "linux" and isinstance(admin, Mapping) and "password" in admin:
        checker.warn(
            "PV2904",
            (*path, "admin", "password"),
            "password login on a machine with a public address",
            reason="Passwords can be guessed over the network; keys cannot.",
            hint="give `ssh_keys:` and no password",
            key=True,
        )


def _is_guarded(checker: Checker, interface: Mapping[str, Any]) -> bool:
    """Whether a security group stands before it; of a subnet that is not in the spec nothing is known."""
    if interface.get("security_group"):
        return True
    reference = subnet_of(interface)
    networks = checker.spec.section("network", "virtual_networks")
    network = network_of(reference, networks)
    subnets = checker.spec.section("network", "virtual_networks", network, "subnets")
    subnet = subnets.get(reference.removeprefix(f"{network}/"))
    return not isinstance(subnet, Mapping) or bool(subnet.get("security_group"))


def _grant(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    role = _PRIVILEGED.get(str(data["role"]).rpartition("/")[2].lower())
    scope = str(data.get("scope", "resource_group"))
    is_wide = scope == "subscription" or (scope.startswith("/subscriptions/") and scope.strip("/").count("/") == 1)
    if role is not None and is_wide and "condition" not in data:
        checker.warn(
            "PV2905",
            (*path, "role"),
            f"{role} on the whole subscription",
            reason="Whoever holds it can give themselves every right in the subscription.",
            hint="grant a narrower role, at a narrower `scope:`, or with a `condition:`",
        )

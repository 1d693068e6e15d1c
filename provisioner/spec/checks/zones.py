"""Zones that agree: an address that stands in one zone serves what stands in that zone.

Sources: Azure's answer ComputeResourceZoneConstraintDoesNotMatchPublicIPAddressZoneConstraint;
https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones. An address without zones, or in all of them, goes
with everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from .interfaces import of_machine

if TYPE_CHECKING:
    from .validation import Checker


def check(checker: Checker) -> None:
    for path, data in checker.entries("vms"):
        if "zone" in data:
            for at, interface in of_machine(checker, path, data):
                _address(checker, (*at, "public_ip"), interface.get("public_ip"), "machine", data["zone"])
    for path, data in checker.entries("network", "nat_gateways"):
        if "zone" in data:
            for index, name in enumerate(data["public_ips"]):
                _address(checker, (*path, "public_ips", index), name, "NAT gateway", data["zone"])


def _address(checker: Checker, at: Path, address: Any, what: str, zone: str) -> None:
    if isinstance(address, str):
        address = checker.spec.section("network", "public_ips").get(address.removeprefix("network/public_ips/"))
    zones = address.get("zones") if isinstance(address, Mapping) else None
    if isinstance(zones, list) and len(zones) == 1 and zones[0] != zone:
        summary = f"the {what} is in the zone {zone}, its public address in {zones[0]}"
        reason = "An address of one zone serves that zone."
        checker.error("PV2417", at, summary, reason, f"leave `zones:` of the address out, or make it [{zone}]")

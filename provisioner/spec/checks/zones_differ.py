"""Zones agree: a public address of one zone serves only resources in that zone.

Sources: Azure's answer ComputeResourceZoneConstraintDoesNotMatchPublicIPAddressZoneConstraint;
https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones.
"""

from __future__ import annotations

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ..part import Part
from ._interfaces import of_machine

RULES = (
    Rule(
        "PV2417",
        "zones differ",
        why="A public IP in one zone serves VMs and NAT gateways in that zone.",
        source="https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#availability-zone",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24, security_group: web}}}
   security_groups: {web: {}}
   public_ips:
-    web: {zones: [2]}
+    web: {zones: [1]}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     zone: 1
     subnet: net/front
     public_ip: web
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        if "zone" in machine:
            for interface in of_machine(checker, machine):
                address = interface.part("public_ip") or _address(checker, interface.text("public_ip"))
                _agree(checker, interface.at("public_ip"), address, "VM", machine)
    for gateway in checker.entries("network", "nat_gateways"):
        if "zone" in gateway:
            for at, name in gateway.texts("public_ips"):
                _agree(checker, at, _address(checker, name), "NAT gateway", gateway)


def _address(checker: Checker, name: str) -> Part | None:
    return checker.declared(name, "network", "public_ips")


def _agree(checker: Checker, at: Path, address: Part | None, what: str, owner: Part) -> None:
    zone = owner.get("zone")
    zones = [name for _, name in address.texts("zones")] if address is not None else []
    # An address without zones, or in all of them, goes with everything.
    if len(zones) == 1 and zones[0] != zone:
        summary = f"the {what} is in the zone {zone}, its public IP in {zones[0]}"
        reason = "A public IP in one zone serves that zone."
        hint = f"remove `zones:` of the public IP, or set it to [{zone}]"
        checker.error("PV2417", summary, *at, reason=reason, hint=hint)

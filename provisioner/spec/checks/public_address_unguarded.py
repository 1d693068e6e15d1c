"""A public address without a security group in front of it lets nothing in."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part
from ._interfaces import network_of, of_machine, subnet_of

RULES = (
    Rule(
        "PV2903",
        "public IP without a security group",
        why=(
            "A Standard public IP blocks inbound traffic until a security group allows it, so you could "
            "not reach the VM."
        ),
        source="https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses",
        severity="warning",
        example="""
 network:
+  security_groups:
+    web: {rules: {https: {priority: 100, direction: inbound, access: allow, destination_ports: [443]}}}
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   public_ips: {web: {}}
-  interfaces: {nic: {subnet: net/front, public_ip: web}}
+  interfaces: {nic: {subnet: net/front, public_ip: web, security_group: web}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     interfaces: [nic]
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        for interface in of_machine(checker, machine):
            if "public_ip" in interface and not _is_guarded(checker, interface):
                summary = f"the interface {interface.key} has a public IP, but no security group"
                reason = (
                    "A Standard public IP blocks inbound traffic until a security group of the "
                    "interface or its subnet allows it."
                )
                hint = "set `security_group:` on the interface or the subnet"
                checker.warning("PV2903", summary, *interface.at("public_ip"), reason=reason, hint=hint)


def _is_guarded(checker: Checker, interface: Part) -> bool:
    if interface.get("security_group"):
        return True
    reference = subnet_of(interface)
    networks = checker.spec.section("network", "virtual_networks")
    network = network_of(reference, networks)
    subnets = checker.spec.section("network", "virtual_networks", network, "subnets")
    subnet: object = subnets.get(reference.removeprefix(f"{network}/"))
    # Of a subnet that is not in the spec nothing is known.
    return not isinstance(subnet, Mapping) or bool(subnet.get("security_group"))

"""All interfaces of a machine lie in one network."""

from __future__ import annotations

from collections.abc import Iterator

from ...base.rule import Rule
from ...base.values import Path
from ..checker import Checker
from ..part import Part
from ._interfaces import network_of, subnet_of

RULES = (
    Rule(
        "PV2519",
        "VM in two networks",
        why="A VM can have interfaces in several subnets, but only of one network.",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface-vm",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}, bench: {address_prefix: 10.0.2.0/24}}}
     lab: {address_space: [10.1.0.0/16], subnets: {bench: {address_prefix: 10.1.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
-    interfaces: {front: {subnet: net/front}, lab: {subnet: lab/bench}}
+    interfaces: {front: {subnet: net/front}, lab: {subnet: net/bench}}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",  # noqa: E501
    ),
)


def check(checker: Checker) -> None:
    networks = checker.spec.section("network", "virtual_networks")
    for machine in checker.entries("vms"):
        first = ""
        for at, interface in _interfaces(checker, machine):
            network = network_of(subnet_of(interface), networks)
            first = first or network
            if network and network != first:
                summary = f"{machine.address} has interfaces in two networks: {first} and {network}"
                reason = "All interfaces of a VM are in one network."
                checker.error("PV2519", summary, *at, reason=reason, hint=f"use a subnet of {first}")


def _interfaces(checker: Checker, machine: Part) -> Iterator[tuple[Path, Part]]:
    """Where a VM names or declares an interface, and the interface."""
    for interface in machine.parts("interfaces"):
        yield interface.at("subnet"), interface
    for at, name in machine.texts("interfaces"):
        declared = checker.declared(name, "network", "interfaces")
        if declared is not None:
            yield at, declared

"""Interfaces and public addresses, however a spec declares them.

In: a ``Checker``. Out: ``Part`` by ``Part``, each at the place where it is declared.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from ..checker import Checker, once
from ..part import Part


@once
def interfaces(checker: Checker) -> list[Part]:
    """Those with an entry of their own, and those that stand on a machine, in its region."""
    found = list(checker.entries("network", "interfaces"))
    for machine in checker.entries("vms"):
        for interface in machine.parts("interfaces"):
            if "location" in machine:
                interface.data = {"location": machine.get("location"), **interface.data}
            found.append(interface)
    return found


def of_machine(checker: Checker, machine: Part) -> Iterator[Part]:
    """The sound interfaces of a machine that the spec declares, however it does."""
    yield from machine.parts("interfaces")
    for _, name in machine.texts("interfaces"):
        interface = checker.declared(name, "network", "interfaces")
        if interface is not None and not checker.spec.is_broken(interface.path):
            yield interface


@once
def public_ips(checker: Checker) -> list[Part]:
    """Those with an entry of their own, and those that stand on an interface."""
    found = list(checker.entries("network", "public_ips"))
    for interface in interfaces(checker):
        address = interface.part("public_ip")
        if address is not None:
            address.data = {"location": interface.get("location"), **address.data}
            found.append(address)
    return found


def subnet_of(interface: Part) -> str:
    """The subnet of an interface as ``network/subnet``."""
    return interface.text("subnet").removeprefix("network/virtual_networks/").replace("/subnets/", "/")


def network_of(reference: str, networks: Container[str]) -> str:
    """The key of the network that a subnet is in: of a fleet's member, it has a slash of its own."""
    steps = reference.split("/")
    known = ("/".join(steps[:length]) for length in range(1, len(steps)))
    return next((key for key in known if key in networks), "")

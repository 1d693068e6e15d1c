"""Short forms, written out: a machine's ``subnet:`` as an interface, ``public_ip: true`` as an address with no wishes.

In: data that the schema accepts, fleets spread out. Out: the same in which a machine has ``interfaces``, and a
``public_ip`` is a reference or a mapping. What is written out keeps its place in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeGuard

from ...base.values import Path

if TYPE_CHECKING:
    from ..yaml.document import Document


INTERFACE = "nic"
"""The key of the interface that a machine's ``subnet:`` makes."""
OF_INTERFACE = ("public_ip", "security_group")
"""What may stand on the machine beside ``subnet:``."""


def written_out(data: dict[str, object], document: Document, broken: set[Path]) -> dict[str, object]:
    """The data with its short forms written out; ``broken`` grows by what a mistake in a short form is about."""
    result = dict(data)
    network, machines = data.get("network"), data.get("vms")
    if isinstance(network, Mapping) and isinstance(network.get("interfaces"), Mapping):
        interfaces = {key: _interface(interface) for key, interface in network["interfaces"].items()}
        result["network"] = {**network, "interfaces": interfaces}
    if isinstance(machines, Mapping):
        result["vms"] = {key: _machine(machine) for key, machine in machines.items()}
        short = {key for key, machine in machines.items() if _is_short(machine)}
        document.move({("vms", key, "interfaces", INTERFACE): ("vms", key) for key in short})
        for path in [path for path in broken if path[:1] == ("vms",) and path[1:2] and path[1] in short]:
            if path[2:3] in ((), ("subnet",), *((word,) for word in OF_INTERFACE)):
                broken.add((*path[:2], "interfaces", INTERFACE, *path[2:]))
    return result


def _is_short(machine: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(machine, Mapping) and isinstance(machine.get("subnet"), str) and "interfaces" not in machine


def _machine(machine: object) -> object:
    if _is_short(machine):
        inner = {word: machine[word] for word in ("subnet", *OF_INTERFACE) if word in machine}
        rest = {word: value for word, value in machine.items() if word not in inner}
        return {**rest, "interfaces": {INTERFACE: _interface(inner)}}
    interfaces = machine.get("interfaces") if isinstance(machine, Mapping) else None
    if isinstance(machine, Mapping) and isinstance(interfaces, Mapping):
        return {**machine, "interfaces": {key: _interface(interface) for key, interface in interfaces.items()}}
    return machine


def _interface(interface: object) -> object:
    """``public_ip: true`` makes an address as it comes, ``false`` none."""
    if not isinstance(interface, Mapping) or not isinstance(interface.get("public_ip"), bool):
        return interface
    rest = {word: value for word, value in interface.items() if word != "public_ip"}
    return {**rest, "public_ip": {}} if interface["public_ip"] else rest

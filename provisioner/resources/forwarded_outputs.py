"""Values of a machine or an interface that another resource has: the address of its public IP, say.

In: an entry and the name of a value. Out: the entry that has it, or nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from .addresses import Addresses
from .entry import Entry
from .kind import Kind

_OF_ADDRESS = {"public_ip_address": "ip_address", "fqdn": "fqdn"}
_VALUES = {
    "virtual_machine": ("private_ip", *_OF_ADDRESS),
    "network_interface": tuple(_OF_ADDRESS),
}
_INTERFACES = "network/interfaces"
_PUBLIC_IPS = "network/public_ips"


def values_of(kind: Kind) -> tuple[str, ...]:
    """The names of the values that a thing of this kind may have from another one."""
    return _VALUES.get(kind.name, ())


def lender(addresses: Addresses, kind: Kind, entry: Entry, value: str) -> tuple[Kind, Entry, str] | None:
    """Who has a value that an entry borrows, and its name there: of a machine's interfaces the first that can."""
    interfaces = _interfaces(addresses, entry) if kind.name == "virtual_machine" else [(kind, entry)]
    if value == "private_ip":
        return next(((*interface, value) for interface in interfaces), None)
    for _, interface in interfaces:
        declared = interface.data.get("public_ip")
        name = f"{interface.address}/public_ip" if isinstance(declared, Mapping) else declared
        if found := _entry(addresses, name, _PUBLIC_IPS):
            return (*found, _OF_ADDRESS[value])
    return None


def _interfaces(addresses: Addresses, machine: Entry) -> list[tuple[Kind, Entry]]:
    declared = machine.data.get("interfaces")
    if not isinstance(declared, (Mapping, list)):
        return []
    is_here = isinstance(declared, Mapping)
    names = [f"{machine.address}/interfaces/{name}" if is_here else name for name in declared]
    return [found for name in names if (found := _entry(addresses, name, _INTERFACES)) is not None]


def _entry(addresses: Addresses, name: object, section: str) -> tuple[Kind, Entry] | None:
    """An entry by its address, or by its key in a section."""
    for address in (str(name), f"{section}/{name}"):
        found = addresses.find(address)
        if found is not None and not found[2] and found[0].type:
            return found[0], found[1]
    return None

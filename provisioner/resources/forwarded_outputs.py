"""Values of a machine or an interface that another entry has: the address of its public IP, say.

In: an entry and the name of a value. Out: the entry that has it, or nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .addresses import Addresses
from .entry import Entry
from .facts import ForwardedOutput
from .kind import Kind


def source(addresses: Addresses, kind: Kind, entry: Entry, value: str) -> tuple[Kind, Entry, str] | None:
    """Who has a value that an entry forwards, and its name there: the first that can (of a machine's interfaces)."""
    forwarded = kind.schema.forwarded[value]
    for other, holder in _holders(addresses, entry, forwarded):
        if forwarded.output not in other.schema.forwarded:
            return other, holder, forwarded.output
        if found := source(addresses, other, holder, forwarded.output):
            return found
    return None


def _holders(addresses: Addresses, entry: Entry, forwarded: ForwardedOutput) -> Iterator[tuple[Kind, Entry]]:
    """The entries that a key of an entry names, or contains."""
    declared = entry.data.get(forwarded.key)
    place = f"{entry.address}/{forwarded.key}"
    if isinstance(declared, Mapping):
        candidates = [place, *(f"{place}/{name}" for name in declared)]
    else:
        names = declared if isinstance(declared, list) else [declared]
        candidates = [address for name in names for address in (str(name), f"{forwarded.section}/{name}")]
    for address in candidates:
        found = addresses.find(address)
        if found is not None and not found[2] and not found[0].is_external:
            yield found[0], found[1]

"""Addresses of many members of a fleet as one: ``vms/worker/[0…1999]/interfaces/main``.

In: addresses. Out: fewer of them. What is counted is put together, nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"(?<=/)\d+(?=/|$|\s)")
_HERE = "[]"
ENOUGH = 12
"""So many of a kind are put together; fewer are easier to read one by one."""


def labels(addresses: Iterable[str]) -> dict[str, str]:
    """What is shown for an address; nothing for one that the label of another holds."""
    members: dict[str, list[str]] = {}
    for address in addresses:
        members.setdefault(_NUMBER.sub(_HERE, address, count=1), []).append(address)
    found: dict[str, str] = {}
    for common, each in members.items():
        if len(each) < ENOUGH or _HERE not in common:
            found |= {address: address for address in each}
        else:
            numbers = sorted(int(match.group()) for address in each if (match := _NUMBER.search(address)))
            found[each[0]] = common.replace(_HERE, f"[{_ranges(numbers)}]")
    return found


def together(addresses: Iterable[str]) -> str:
    """Addresses with commas between them."""
    return ", ".join(labels(addresses).values())


def _ranges(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}…{last}" for first, last in runs)

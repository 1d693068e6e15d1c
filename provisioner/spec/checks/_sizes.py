"""Machines whose size has a name that says what it offers.

What a region or a subscription offers only Azure knows: ``plan --check-sizes`` asks. Checks of sizes warn, since a
new size may break the convention of names.
"""

from __future__ import annotations

from .. import machine_size
from ..checker import Checker, once
from ..machine_size import MachineSize
from ..part import Part


@once
def sized_machines(checker: Checker) -> list[tuple[Part, str, MachineSize]]:
    """Each with the name of its size as it is written, and what that says."""
    named = [(machine, machine.text("size")) for machine in checker.entries("vms")]
    parsed = [(machine, name, machine_size.parse(name)) for machine, name in named]
    return [(machine, name, size) for machine, name, size in parsed if size is not None]

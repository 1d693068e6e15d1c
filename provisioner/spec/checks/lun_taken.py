"""Each data disk of a machine has a LUN of its own."""

from __future__ import annotations

import itertools

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2505",
        "LUN taken",
        why="The LUN is the slot of a disk on the VM's controller. Each slot holds one disk.",
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     data_disks:
       data: {lun: 0, size_gb: 64}
-      logs: {lun: 0, size_gb: 32}
+      logs: {lun: 1, size_gb: 32}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_MOST_LUNS = 64
"""Places for data disks on the largest sizes."""


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        taken: dict[object, str] = {}
        for disk in machine.parts("data_disks"):
            lun = disk.get("lun")
            other = taken.setdefault(lun, disk.key)
            if other != disk.key:
                summary = f"the LUN {lun} is already used by the disk {other}"
                checker.error("PV2505", summary, *disk.at("lun"), hint=_free_lun(machine))


def _free_lun(machine: Part) -> str:
    used = {disk.get("lun") for disk in itertools.islice(machine.parts("data_disks"), _MOST_LUNS)}
    free = next((lun for lun in range(_MOST_LUNS) if lun not in used), None)
    return f"set `lun: {free}`" if free is not None else "remove a disk: a VM has 64 slots"

"""Computer names that the system of a machine accepts.

More sources: Azure's answer "Windows computer name cannot be more than 15 characters long, be
entirely numeric, or contain the following characters" and a list of all special characters but the hyphen.
"""

from __future__ import annotations

import re

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2504",
        "computer name that the operating system refuses",
        why=(
            "A Windows name has at most 15 characters and is not a number. A Linux name has at most "
            "64 letters, digits, dots and hyphens."
        ),
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web_1:
+    computer_name: web-1
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_OF_WINDOWS = re.compile(r"(?:[^\W_]|-){1,15}")
_OF_LINUX = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?")
_NOT_OF_A_MACHINE = re.compile(r"[^\w.-]", re.ASCII)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        given = next((word for word in ("computer_name", "name") if word in machine), "")
        name = machine.text(given) if given else machine.key
        # An expression is not known yet. Another check reports a name that no VM can have.
        if "${" not in name and (given == "computer_name" or not _NOT_OF_A_MACHINE.search(name)):
            _name(checker, machine, given, name)


def _name(checker: Checker, machine: Part, given: str, name: str) -> None:
    at = machine.at(given) if given else machine.path
    hint = "set another name" if given == "computer_name" else "set `computer_name:`"
    if machine.get("os") == "windows":
        # Azure's answer: "cannot be entirely numeric".
        if not _OF_WINDOWS.fullmatch(name) or name.isdigit():
            summary = f'"{name}" is not a Windows computer name'
            reason = "A Windows computer name has at most 15 letters, digits and hyphens, and is not a number."
            checker.error("PV2504", summary, *at, reason=reason, hint=hint, key=not given)
    elif not _OF_LINUX.fullmatch(name):
        reason = "A host name has letters, digits, dots and hyphens, at most 64."
        checker.error("PV2504", f'"{name}" is not a host name', *at, reason=reason, hint=hint, key=not given)

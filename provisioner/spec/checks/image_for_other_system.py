"""The image of a machine has the operating system that the machine is described with."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2518",
        "image for another operating system",
        why=(
            "The settings of the first boot differ between Linux and Windows, so Azure refuses an "
            "image for the other one."
        ),
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 secrets: {admin: {from_env: ADMIN_PASSWORD}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
+    os: windows
     size: Standard_B2s
     image: MicrosoftWindowsServer:WindowsServer:2022-datacenter-azure-edition:latest
     subnet: net/front
     admin: {username: azureuser, password: "${secrets.admin}"}
""",
    ),
)

_OF_WINDOWS = frozenset({"microsoftwindowsserver", "microsoftwindowsdesktop"})
_OF_LINUX = frozenset({"almalinux", "canonical", "debian", "redhat", "suse"})


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        # Publishers of one system only: others have images of both.
        publisher = machine.text("image").partition(":")[0].lower()
        meant = "windows" if publisher in _OF_WINDOWS else "linux" if publisher in _OF_LINUX else ""
        system = machine.text("os", "linux")
        if meant and meant != system:
            summary = f"the image of {machine.address} is for {meant.capitalize()}"
            reason = f"The VM has `os: {system}`."
            checker.error("PV2518", summary, *machine.at("image"), reason=reason, hint=f"set `os: {meant}`")

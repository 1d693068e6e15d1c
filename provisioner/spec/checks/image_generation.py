"""Trusted launch and confidential machines boot images of generation 2.

Sources: https://learn.microsoft.com/azure/virtual-machines/trusted-launch and
https://learn.microsoft.com/azure/confidential-computing/confidential-vm-overview.
"""

from __future__ import annotations

import re

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2521",
        "image of generation 1",
        why="Secure boot and a virtual TPM require a VM of generation 2, and an image of generation 2.",
        source="https://learn.microsoft.com/azure/virtual-machines/trusted-launch",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
-    image: Canonical:0001-com-ubuntu-server-jammy:22_04-lts:latest
+    image: Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest
     subnet: net/front
     security: trusted_launch
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_FIRST_WITH_G2 = 2022
"""Windows Server calls its images of generation 2 `-gensecond` up to 2019, and `-g2` since."""


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        image = machine.text("image")
        security = machine.part("security")
        kind = security.text("type") if security is not None else machine.text("security")
        if image.count(":") != 3 or "${" in image or kind not in ("trusted_launch", "confidential"):
            continue
        publisher, offer, sku, _ = image.split(":")
        better = _of_second_generation(publisher.lower(), offer.lower(), sku.lower())
        if better:
            reason = "Trusted launch and confidential VMs require an image of generation 2."
            hint = f"use the SKU {better}, or set `security: standard`"
            summary = f"the image {sku} is of generation 1"
            checker.warning("PV2521", summary, *machine.at("image"), reason=reason, hint=hint)


def _of_second_generation(publisher: str, offer: str, sku: str) -> str:
    """The SKU of generation 2 beside one of generation 1; empty for all others, and where the names do not tell."""
    if publisher == "canonical":
        if re.fullmatch(r"0001-com-ubuntu-(minimal|server)-[a-z]+", offer) and re.fullmatch(r"[0-9_]+(-lts)?", sku):
            return f"{sku}-gen2"
        # Since 24.04 the plain SKU is of generation 2, and the old one has the suffix.
        return sku.removesuffix("-gen1") if sku.endswith("-gen1") and offer.startswith("ubuntu-") else ""
    if publisher == "debian" and re.fullmatch(r"[0-9]+", sku):
        return f"{sku}-gen2"
    found = re.fullmatch(r"(20[0-9]{2})-datacenter", sku)
    if publisher == "microsoftwindowsserver" and offer == "windowsserver" and found is not None:
        return f"{sku}-gensecond" if int(found[1]) < _FIRST_WITH_G2 else f"{sku}-g2"
    return "gen2" if publisher == "suse" and sku == "gen1" else ""

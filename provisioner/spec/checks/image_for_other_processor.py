"""Images for x64 on sizes with Arm64 processors, and the other way round."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._sizes import sized_machines

RULES = (
    Rule(
        "PV2514",
        "image for another processor",
        why=(
            "Sizes with a p in their name have Arm64 processors, and others have x64 processors. An "
            "image is for one of them."
        ),
        source="https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2ps_v5
-    image: Canonical:ubuntu-24_04-lts:server:latest
+    image: Canonical:ubuntu-24_04-lts:server-arm64:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_SAYS_ARM64 = frozenset({"canonical", "debian", "redhat", "suse", "microsoftwindowsserver", "microsoftwindowsdesktop"})
"""Publishers whose Arm64 images have it in the offer or the SKU. Others have no such convention."""


def check(checker: Checker) -> None:
    for machine, name, size in sized_machines(checker):
        parts = machine.text("image").lower().split(":")
        if len(parts) != 4:
            continue
        for_arm = any("arm64" in part for part in parts[1:3])
        if for_arm and not size.is_arm:
            reason = "The image is for Arm64. A size with such a processor has a p among the letters after its vCPUs."
            hint = "use an image for x64, or a size such as Standard_D2ps_v5"
        elif size.is_arm and not for_arm and parts[0] in _SAYS_ARM64:
            reason = "The p in the size's name is for an Arm64 processor; the image is for x64."
            hint = "use an image with arm64 in its SKU, or a size without p"
        else:
            continue
        summary = f"the image of {machine.address} does not run on {name}"
        checker.warning("PV2514", summary, *machine.at("image"), reason=reason, hint=hint)

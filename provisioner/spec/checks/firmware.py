"""The security type of a machine decides whether there is secure boot and a virtual TPM.

Source of the TPM: https://learn.microsoft.com/azure/confidential-computing/confidential-vm-overview.
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2522",
        "security settings that contradict each other",
        why="The security type decides whether there is secure boot and a virtual TPM.",
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    security: {type: standard, secure_boot: true}
+    security: {type: trusted_launch, secure_boot: true}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        security = machine.part("security")
        if security is None:
            continue
        for word in ("secure_boot", "vtpm"):
            if security.get("type") == "standard" and security.get(word) is True:
                summary = f"the security type standard does not support `{word}`"
                checker.error("PV2522", summary, *security.at(word), hint="set `type: trusted_launch`")
        if security.get("type") == "confidential" and security.get("vtpm") is False:
            summary = "the security type confidential requires a virtual TPM"
            checker.error("PV2522", summary, *security.at("vtpm"), hint="set `vtpm: true`")

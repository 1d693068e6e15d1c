"""Extensions that are made for another operating system than the machine has.

Source: https://learn.microsoft.com/azure/virtual-machines/extensions/overview and the pages of the extensions.
"""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2602",
        "extension for another operating system",
        why="An extension is a program for one operating system. On the other it does not start, and its VM fails.",
        source="https://learn.microsoft.com/azure/virtual-machines/extensions/overview",
        severity="warning",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     extensions:
-      setup: {publisher: Microsoft.Compute, type: CustomScriptExtension, version: "1.10"}
+      setup: {publisher: Microsoft.Azure.Extensions, type: CustomScript, version: "2.1"}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_COUNTERPARTS = {
    "microsoft.azure.extensions/customscript": ("linux", "Microsoft.Compute", "CustomScriptExtension"),
    "microsoft.compute/customscriptextension": ("windows", "Microsoft.Azure.Extensions", "CustomScript"),
    "microsoft.azure.monitor/azuremonitorlinuxagent": (
        "linux", "Microsoft.Azure.Monitor", "AzureMonitorWindowsAgent",
    ),
    "microsoft.azure.monitor/azuremonitorwindowsagent": (
        "windows", "Microsoft.Azure.Monitor", "AzureMonitorLinuxAgent",
    ),
    "microsoft.azure.activedirectory/aadsshloginforlinux": (
        "linux", "Microsoft.Azure.ActiveDirectory", "AADLoginForWindows",
    ),
    "microsoft.azure.activedirectory/aadloginforwindows": (
        "windows", "Microsoft.Azure.ActiveDirectory", "AADSSHLoginForLinux",
    ),
    "microsoft.azure.keyvault/keyvaultforlinux": ("linux", "Microsoft.Azure.KeyVault", "KeyVaultForWindows"),
    "microsoft.azure.keyvault/keyvaultforwindows": ("windows", "Microsoft.Azure.KeyVault", "KeyVaultForLinux"),
    "microsoft.ostcextensions/vmaccessforlinux": ("linux", "Microsoft.Compute", "VMAccessAgent"),
    "microsoft.compute/vmaccessagent": ("windows", "Microsoft.OSTCExtensions", "VMAccessForLinux"),
}  # fmt: skip
"""By publisher and type: the system that an extension is for, and what does the same on the other."""


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        system = machine.text("os", "linux")
        for extension in machine.parts("extensions"):
            name = f"{extension.text('publisher')}/{extension.text('type')}"
            known = _COUNTERPARTS.get(name.lower())
            if known is not None and known[0] != system:
                reason = f"The VM has `os: {system}`."
                summary = f"the extension {extension.text('type')} is for {known[0].capitalize()}"
                hint = f"use {{publisher: {known[1]}, type: {known[2]}}} instead"
                checker.warning("PV2602", summary, *extension.at("type"), reason=reason, hint=hint)

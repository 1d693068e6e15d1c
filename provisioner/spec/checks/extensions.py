"""Extensions of a machine: one of each type, in an order that has a beginning, made for its system.

Source: https://learn.microsoft.com/azure/virtual-machines/extensions/overview and the pages of the extensions.
"""

from __future__ import annotations

import graphlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.diagnostics import did_you_mean
from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

_MANY = 100
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


def check(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """The extensions of one machine."""
    extensions = data.get("extensions", {})
    handlers: dict[tuple[str, str], str] = {}
    for key, extension in extensions.items():
        at = (*path, "extensions", key)
        others = extensions if len(extensions) > _MANY else extensions.keys() - {key}
        handler = (extension["publisher"].lower(), extension["type"].lower())
        if handler in handlers:
            checker.error("PV2508", (*at, "type"), f"the extension {handlers[handler]} is of the same type",
                          reason="A machine takes one extension of each type.",
                          hint="make one of the two")  # fmt: skip
        handlers.setdefault(handler, key)
        for index, other in enumerate(extension.get("after", [])):
            if other not in extensions or other == key:
                checker.error("PV2507", (*at, "after", index), f'the machine has no other extension "{other}"',
                              hint=did_you_mean(other, others))  # fmt: skip
        _system(checker, at, extension, data.get("os", "linux"))
    _order(checker, path, extensions)


def _system(checker: Checker, at: Path, extension: Mapping[str, Any], system: str) -> None:
    known = _COUNTERPARTS.get(f"{extension['publisher']}/{extension['type']}".lower())
    if known is not None and known[0] != system:
        reason = f"The machine is described as one of {system.capitalize()}."
        summary = f"{extension['type']} is for {known[0].capitalize()}"
        hint = f"{{publisher: {known[1]}, type: {known[2]}}} does the same there"
        checker.warn("PV2602", (*at, "type"), summary, reason, hint)


def _order(checker: Checker, path: Path, extensions: Mapping[str, Any]) -> None:
    """Extensions that wait for each other."""
    before = {key: {*extension.get("after", ())} - {key} for key, extension in extensions.items()}
    try:
        graphlib.TopologicalSorter(before).prepare()
    except graphlib.CycleError as error:
        circle = [key for key in extensions if key in error.args[1]]
        summary = f"these extensions wait for each other: {', '.join(circle)}"
        hint = "take one of them out of an `after:`"
        checker.error("PV2507", (*path, "extensions", circle[0], "after"), summary, hint=hint)

"""Images: of the machine's system, in a version that there can be, of the generation that its security needs.

Sources: https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update (ImageReference, UefiSettings),
https://learn.microsoft.com/azure/virtual-machines/trusted-launch and
https://learn.microsoft.com/azure/confidential-computing/confidential-vm-overview (generation 2, virtual TPM).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

_OF_WINDOWS = frozenset({"microsoftwindowsserver", "microsoftwindowsdesktop"})
_OF_LINUX = frozenset({"almalinux", "canonical", "debian", "redhat", "suse"})
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def check(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """The image of one machine, and its security type."""
    image = str(data["image"])
    _system(checker, path, data)
    security = data.get("security")
    kind = security if isinstance(security, str) else (security or {}).get("type", "")
    if isinstance(security, Mapping):
        _firmware(checker, path, security)
    if image.count(":") == 3 and "${" not in image:
        *names, version = image.split(":")
        _version(checker, path, names, version)
        if kind in ("trusted_launch", "confidential"):
            _generation(checker, path, *names)


def _system(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """Publishers of one system only; others have images of both."""
    publisher = str(data["image"]).partition(":")[0].lower()
    meant = "windows" if publisher in _OF_WINDOWS else "linux" if publisher in _OF_LINUX else ""
    if meant and meant != data.get("os", "linux"):
        checker.error("PV2518", (*path, "image"), f"the image is of {meant.capitalize()}",
                      reason=f"The machine is described as one of {data.get('os', 'linux').capitalize()}.",
                      hint=f"os: {meant}")  # fmt: skip


def _version(checker: Checker, path: Path, names: list[str], version: str) -> None:
    if version.lower() != "latest" and not _VERSION.fullmatch(version):
        reason = "A version is three numbers with dots, or latest."
        hint = f"image: {':'.join(names)}:latest"
        checker.error("PV2520", (*path, "image"), f'"{version}" is no version of an image', reason, hint)


def _generation(checker: Checker, path: Path, publisher: str, offer: str, sku: str) -> None:
    better = _of_second_generation(publisher.lower(), offer.lower(), sku.lower())
    if better:
        reason = "Trusted launch and confidential machines boot images of generation 2."
        hint = f"the SKU {better}, or security: standard"
        checker.warn("PV2521", (*path, "image"), f"the image {sku} is of generation 1", reason, hint)


def _of_second_generation(publisher: str, offer: str, sku: str) -> str:
    """The SKU of generation 2 beside one of generation 1; empty for all others, and where the names do not tell."""
    if publisher == "canonical":
        if re.fullmatch(r"0001-com-ubuntu-(minimal|server)-[a-z]+", offer) and re.fullmatch(r"[0-9_]+(-lts)?", sku):
            return f"{sku}-gen2"
        return sku.removesuffix("-gen1") if sku.endswith("-gen1") and offer.startswith("ubuntu-") else ""
    if publisher == "debian" and re.fullmatch(r"[0-9]+", sku):
        return f"{sku}-gen2"
    found = re.fullmatch(r"(20[0-9]{2})-datacenter", sku)
    if publisher == "microsoftwindowsserver" and offer == "windowsserver" and found is not None:
        return f"{sku}-gensecond" if int(found[1]) < 2022 else f"{sku}-g2"
    return "gen2" if publisher == "suse" and sku == "gen1" else ""


def _firmware(checker: Checker, path: Path, security: Mapping[str, Any]) -> None:
    at = (*path, "security")
    for word in ("secure_boot", "vtpm"):
        if security["type"] == "standard" and security.get(word) is True:
            checker.error("PV2522", (*at, word), f"a machine of the security type standard has no `{word}`",
                          hint="type: trusted_launch")  # fmt: skip
    if security["type"] == "confidential" and security.get("vtpm") is False:
        checker.error("PV2522", (*at, "vtpm"), "a confidential machine has a virtual TPM", hint="vtpm: true")

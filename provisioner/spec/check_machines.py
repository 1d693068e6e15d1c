"""Machines: how they are reached, who logs in, what they are called, what is attached.

Sources: https://learn.microsoft.com/azure/virtual-machines/linux/faq and /windows/faq (account names),
https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update (computer names).
"""

from __future__ import annotations

import graphlib
import itertools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..diagnostics import did_you_mean
from ..leaves import Path
from .locations import is_same
from .shorthand import OF_INTERFACE

if TYPE_CHECKING:
    from .validation import Checker

_RESERVED_ACCOUNTS = frozenset(
    {
        "1", "123", "a", "actuser", "adm", "admin", "admin1", "admin2", "administrator", "aspnet", "backup", "console",
        "david", "guest", "john", "owner", "root", "server", "sql", "support", "support_388945a0", "sys", "test",
        "test1", "test2", "test3", "user", "user1", "user2", "user3", "user4", "user5", "video",
    }
)  # fmt: skip
_OF_WINDOWS = frozenset({"microsoftwindowsserver", "microsoftwindowsdesktop"})
_OF_LINUX = frozenset({"almalinux", "canonical", "debian", "redhat", "suse"})
_MOST_LUNS = 64
_MANY = 100
_LONGEST_WINDOWS_NAME = 15
_LONGEST_WINDOWS_ACCOUNT = 20
_LINUX_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,63}", re.IGNORECASE)


def check(checker: Checker) -> None:
    taken: dict[str, str] = {}
    for path, data in checker.entries("vms"):
        _connected(checker, path, data)
        _attached(checker, path, data, taken)
        _system(checker, path, data)
        _account(checker, path, data)
        _computer_name(checker, path, data)
        _disks(checker, path, data)
        _extensions(checker, path, data)
        if "zones" in data:
            hint = f"zone: {data['zones'][0]}"
            checker.error(
                "PV2510", (*path, "zones"), "`zones` puts the members of a fleet into zones in turn", hint=hint
            )
        if "availability_set" in data:
            _in_set(checker, path, data)


def _connected(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    if "interfaces" in data and "subnet" in data:
        checker.error("PV2501", (*path, "subnet"), "interfaces and subnet: one of them, not both",
                      hint="delete one of the two")  # fmt: skip
    elif "interfaces" not in data and "subnet" not in data:
        checker.error("PV2501", path, "the machine has no network", hint="add `subnet: network/subnet`", key=True)
    for word in OF_INTERFACE:
        if word in data:
            hint = f"write `{word}:` on the interface"
            checker.error(
                "PV2501", (*path, word), f"`{word}` goes with `subnet`, not with interfaces", hint=hint, key=True
            )


def _in_set(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """Sources: https://learn.microsoft.com/azure/virtual-machines/availability-set-overview; for spot machines Azure's
    answer OperationNotAllowed, "Azure Spot Virtual Machine is not supported in Availability Set"."""
    if "zone" in data:
        checker.error("PV2506", (*path, "zone"), "a machine is in a zone or in an availability set, not in both",
                      hint="delete one of the two")  # fmt: skip
    if "spot" in data:
        checker.error("PV2511", (*path, "spot"), "a spot machine is in no availability set",
                      hint="delete `spot:` or `availability_set:`", key=True)  # fmt: skip
    key = data["availability_set"].removeprefix("availability_sets/")
    found = checker.spec.section("availability_sets").get(key)
    if not isinstance(found, Mapping):
        return
    here = data.get("location") or checker.spec.location
    there = found.get("location") or checker.spec.location
    if not is_same(here, there):
        summary = f"the machine is in {here}, its availability set in {there}"
        checker.error("PV2512", (*path, "availability_set"), summary, "A machine lies in the region of its set.",
                      f"location: {there}")  # fmt: skip


def _system(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """Publishers of one system only; others have images of both."""
    publisher = str(data["image"]).partition(":")[0].lower()
    meant = "windows" if publisher in _OF_WINDOWS else "linux" if publisher in _OF_LINUX else ""
    if meant and meant != data.get("os", "linux"):
        checker.error("PV2518", (*path, "image"), f"the image is of {meant.capitalize()}",
                      reason=f"The machine is described as one of {data.get('os', 'linux').capitalize()}.",
                      hint=f"os: {meant}")  # fmt: skip


def _attached(checker: Checker, path: Path, data: Mapping[str, Any], taken: dict[str, str]) -> None:
    """An interface belongs to one machine."""
    interfaces = data.get("interfaces", [])
    for index, name in enumerate(interfaces if isinstance(interfaces, list) else []):
        key = name.removeprefix("network/interfaces/").lower() if not name.startswith("/") else name.lower()
        if key in taken:
            at = (*path, "interfaces", index)
            hint = "give it one of its own: `subnet: network/subnet`"
            checker.error("PV2509", at, f"the interface {name} is on {taken[key]} already", hint=hint)
        taken.setdefault(key, f"vms/{path[-1]}")


def _account(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    admin = data["admin"]
    is_windows = data.get("os") == "windows"
    name = admin["username"]
    at = (*path, "admin", "username")
    if name.lower() in _RESERVED_ACCOUNTS:
        checker.error(
            "PV2502", at, f'Azure does not allow "{name}" as an administrator\'s name', hint="azureuser will do"
        )
    elif is_windows and (len(name) > _LONGEST_WINDOWS_ACCOUNT or re.search(r'[\\/"\[\]:|<>+=;,?*@&]|\.$', name)):
        checker.error(
            "PV2502", at, f'"{name}" is no Windows account name', reason="At most 20 characters, none special."
        )
    elif not is_windows and not _LINUX_ACCOUNT.fullmatch(name):
        reason = "Letters, digits, hyphens and underscores, a letter or underscore first."
        checker.error("PV2502", at, f'"{name}" is no Linux account name', reason=reason)
    if is_windows and "password" not in admin:
        checker.error("PV2503", (*path, "admin"), "a Windows machine needs a password",
                      hint="password: ${secrets.admin}", key=True)  # fmt: skip
    elif is_windows and "ssh_keys" in admin:
        checker.error("PV2503", (*path, "admin", "ssh_keys"), "SSH keys are for Linux", hint="use a password", key=True)
    elif not is_windows and "password" not in admin and "ssh_keys" not in admin:
        checker.error("PV2503", (*path, "admin"), "nobody could log in", hint="add ssh_keys or a password", key=True)


def _computer_name(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    given = next((word for word in ("computer_name", "name") if word in data), "")
    name = str(data[given] if given else path[-1])
    at = (*path, given) if given else path
    hint = "" if given == "computer_name" else "add `computer_name:`"
    if "${" in name or (given != "computer_name" and re.search(r"[^\w.-]", name, re.ASCII)):
        return  # not known yet; or no name for a machine either, which is told
    if data.get("os") == "windows":
        if len(name) > _LONGEST_WINDOWS_NAME or name.isdigit():
            reason = "A Windows computer name has at most 15 characters and is no number."
            checker.error("PV2504", at, f'"{name}" is no Windows computer name', reason=reason,
                          hint=hint, key=not given)  # fmt: skip
    elif not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?", name):
        reason = "A host name has letters, digits, dots and hyphens, at most 64."
        checker.error("PV2504", at, f'"{name}" is no host name', reason=reason,
                      hint=hint, key=not given)  # fmt: skip


def _disks(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    taken: dict[Any, str] = {}
    for key, disk in data.get("data_disks", {}).items():
        lun = disk["lun"]
        if lun in taken:
            at = (*path, "data_disks", key, "lun")
            checker.error("PV2505", at, f"the LUN {lun} is taken by the disk {taken[lun]}", hint=_free_lun(data))
        taken.setdefault(lun, key)


def _free_lun(data: Mapping[str, Any]) -> str:
    used = {disk["lun"] for disk in itertools.islice(data["data_disks"].values(), _MOST_LUNS)}
    return next(
        (f"lun: {lun}" for lun in range(_MOST_LUNS) if lun not in used), "take a disk away: there are 64 places"
    )


def _extensions(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
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
    _order(checker, path, extensions)


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

r"""Machines: how they are reached, who logs in, what they are called, what is attached.

Sources: https://learn.microsoft.com/azure/virtual-machines/linux/faq and /windows/faq (account names),
https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update (computer names) and Azure's answer
"Windows computer name cannot be more than 15 characters long, be entirely numeric, or contain the following characters:
` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \ | ; : . ' " , < > / ?", https://learn.microsoft.com/azure/virtual-machines/spot-vms,
https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface-vm (one network).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path
from .. import machine_size
from ..fleets.shorthand import OF_INTERFACE
from ..locations import is_same
from . import disks, extensions, images
from .interfaces import network_of, subnet_of

if TYPE_CHECKING:
    from .validation import Checker

_RESERVED_ACCOUNTS = frozenset(
    {
        "1", "123", "a", "actuser", "adm", "admin", "admin1", "admin2", "administrator", "aspnet", "backup", "console",
        "david", "guest", "john", "owner", "root", "server", "sql", "support", "support_388945a0", "sys", "test",
        "test1", "test2", "test3", "user", "user1", "user2", "user3", "user4", "user5", "video",
    }
)  # fmt: skip
_WINDOWS_NAME = re.compile(r"(?:[^\W_]|-){1,15}")
_LONGEST_WINDOWS_ACCOUNT = 20
_MOST_IN_A_SET = 200
_NO_LIMIT = -1
_LINUX_ACCOUNT = re.compile(r"[a-z_][a-z0-9_-]{0,63}", re.IGNORECASE)


def check(checker: Checker) -> None:
    taken: dict[str, str] = {}
    members: Counter[str] = Counter()
    for path, data in checker.entries("vms"):
        _connected(checker, path, data)
        _attached(checker, path, data, taken)
        if len(data.get("interfaces", ())) > 1:
            _one_network(checker, path, data)
        _account(checker, path, data)
        _computer_name(checker, path, data)
        disks.check(checker, path, data)
        extensions.check(checker, path, data)
        images.check(checker, path, data)
        if "zones" in data:
            hint = f"zone: {data['zones'][0]}"
            checker.error(
                "PV2510", (*path, "zones"), "`zones` puts the members of a fleet into zones in turn", hint=hint
            )
        if "availability_set" in data:
            _in_set(checker, path, data, members)
        if "spot" in data:
            _spot(checker, path, data)


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


def _spot(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """The price of a spot machine, and sizes that there is no spare capacity of."""
    price = data["spot"].get("max_price", _NO_LIMIT)
    if isinstance(price, (int, float)) and price <= 0 and price != _NO_LIMIT:
        checker.error("PV2524", (*path, "spot", "max_price"), f"{price} is no price",
                      "A price is more than 0; -1 is for no limit.", "max_price: -1")  # fmt: skip
    size = machine_size.parse(data["size"])
    if size is not None and size.takes_no_spot:
        reason = "Azure has no spot machines of B sizes, nor of promotional ones."
        checker.warn("PV2525", (*path, "size"), f"{data['size']} takes no spot machine", reason,
                     "a size such as Standard_D2s_v5")  # fmt: skip


def _in_set(checker: Checker, path: Path, data: Mapping[str, Any], members: Counter[str]) -> None:
    """Sources: https://learn.microsoft.com/azure/virtual-machines/availability-set-overview; for spot machines Azure's
    answer OperationNotAllowed, "Azure Spot Virtual Machine is not supported in Availability Set"; for the number
    https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits."""
    if "zone" in data:
        checker.error("PV2506", (*path, "zone"), "a machine is in a zone or in an availability set, not in both",
                      hint="delete one of the two")  # fmt: skip
    if "spot" in data:
        checker.error("PV2511", (*path, "spot"), "a spot machine is in no availability set",
                      hint="delete `spot:` or `availability_set:`", key=True)  # fmt: skip
    key = data["availability_set"].removeprefix("availability_sets/")
    members[key.lower()] += 1
    if members[key.lower()] == _MOST_IN_A_SET + 1:
        summary = f"these are more than {_MOST_IN_A_SET} machines in the availability set {key}"
        checker.error("PV2526", (*path, "availability_set"), summary, f"A set takes {_MOST_IN_A_SET}.",
                      "put the rest into a second one")  # fmt: skip
    found = checker.spec.section("availability_sets").get(key)
    if not isinstance(found, Mapping):
        return
    here = data.get("location") or checker.spec.location
    there = found.get("location") or checker.spec.location
    if not is_same(here, there):
        summary = f"the machine is in {here}, its availability set in {there}"
        checker.error("PV2512", (*path, "availability_set"), summary, "A machine lies in the region of its set.",
                      f"location: {there}")  # fmt: skip


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


def _one_network(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """All interfaces of a machine lie in one network."""
    networks = checker.spec.section("network", "virtual_networks")
    declared = checker.spec.section("network", "interfaces")
    first = ""
    own = data.get("interfaces", [])
    for step, name in enumerate(own) if isinstance(own, list) else ((key, key) for key in own):
        interface = own[name] if isinstance(own, Mapping) else declared.get(name.removeprefix("network/interfaces/"))
        if not isinstance(interface, Mapping) or not isinstance(interface.get("subnet"), str):
            continue
        network = network_of(subnet_of(interface), networks)
        first = first or network
        if network and network != first:
            at = (*path, "interfaces", step) if isinstance(own, list) else (*path, "interfaces", step, "subnet")
            checker.error("PV2519", at, f"{name} is in the network {network}, an interface before it in {first}",
                          "All interfaces of a machine are in one network.", f"a subnet of {first}")  # fmt: skip


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
        if not _WINDOWS_NAME.fullmatch(name) or name.isdigit():
            reason = "A Windows computer name has at most 15 letters, digits and hyphens, and is no number."
            checker.error("PV2504", at, f'"{name}" is no Windows computer name', reason=reason,
                          hint=hint, key=not given)  # fmt: skip
    elif not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,62}[A-Za-z0-9])?", name):
        reason = "A host name has letters, digits, dots and hyphens, at most 64."
        checker.error("PV2504", at, f'"{name}" is no host name', reason=reason,
                      hint=hint, key=not given)  # fmt: skip

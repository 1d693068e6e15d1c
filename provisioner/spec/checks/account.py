"""Account names that Azure allows for an administrator.

Sources: https://learn.microsoft.com/azure/virtual-machines/linux/faq and /windows/faq (account names).
"""

from __future__ import annotations

import re

from ...base.rule import Rule
from ..checker import Checker
from ..part import Part

RULES = (
    Rule(
        "PV2502",
        "account name that Azure refuses",
        why="Azure reserves names that attackers try first. Each operating system has its own rule for other names.",
        source="https://learn.microsoft.com/azure/virtual-machines/linux/faq",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: root, ssh_keys: ["ssh-ed25519 AAAA ops"]}
+    admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_RESERVED = frozenset(
    {
        "1", "123", "a", "actuser", "adm", "admin", "admin1", "admin2", "administrator", "aspnet", "backup", "console",
        "david", "guest", "john", "owner", "root", "server", "sql", "support", "support_388945a0", "sys", "test",
        "test1", "test2", "test3", "user", "user1", "user2", "user3", "user4", "user5", "video",
    }
)  # fmt: skip
_ANOTHER = "choose another name, for example azureuser"
_LONGEST_OF_WINDOWS = 20
_NOT_OF_WINDOWS = re.compile(r'[\\/"\[\]:|<>+=;,?*@&]|\.$')
_OF_LINUX = re.compile(r"[a-z_][a-z0-9_-]{0,63}", re.IGNORECASE)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        admin = machine.part("admin")
        if admin is not None:
            _name(checker, admin, machine.get("os") == "windows")


def _name(checker: Checker, admin: Part, is_windows: bool) -> None:
    name, at = admin.text("username"), admin.at("username")
    if name.lower() in _RESERVED:
        summary = f'"{name}" is a reserved administrator name in Azure'
        checker.error("PV2502", summary, *at, hint=_ANOTHER)
    elif is_windows and (len(name) > _LONGEST_OF_WINDOWS or _NOT_OF_WINDOWS.search(name)):
        reason = "A Windows account name has at most 20 characters, none special."
        checker.error("PV2502", f'"{name}" is not a Windows account name', *at, reason=reason, hint=_ANOTHER)
    elif not is_windows and not _OF_LINUX.fullmatch(name):
        reason = (
            "A Linux account name has letters, digits, hyphens and underscores, and begins with a letter or underscore."
        )
        checker.error("PV2502", f'"{name}" is not a Linux account name', *at, reason=reason, hint=_ANOTHER)

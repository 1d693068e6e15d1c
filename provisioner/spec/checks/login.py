"""How an administrator logs in: with a password on Windows, with SSH keys or a password on Linux."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2503",
        "login that does not fit the operating system",
        why=(
            "Linux accepts SSH keys or a password, and Windows only a password. Without either, you "
            "cannot sign in to the VM."
        ),
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
-    admin: {username: azureuser}
+    admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        admin = machine.part("admin")
        if admin is None:
            continue
        is_windows = machine.get("os") == "windows"
        if is_windows and "password" not in admin:
            hint = "set `password: ${secrets.admin}`"
            checker.error(
                "PV2503", f"{machine.address} is a Windows VM and needs a password", *admin.path, hint=hint, key=True
            )
        elif is_windows and "ssh_keys" in admin:
            checker.error(
                "PV2503",
                f"{machine.address} is a Windows VM, and SSH keys are for Linux",
                *admin.at("ssh_keys"),
                hint="remove `ssh_keys`, and set `password`",
                key=True,
            )
        elif not is_windows and "password" not in admin and "ssh_keys" not in admin:
            checker.error(
                "PV2503",
                f"{machine.address} has no login credentials",
                *admin.path,
                hint="set `admin.ssh_keys` or `admin.password`",
                key=True,
            )

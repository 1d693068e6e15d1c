"""Password login on a Linux machine with a public address."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ._interfaces import of_machine

RULES = (
    Rule(
        "PV2904",
        "password login from the internet",
        why="Passwords can be guessed over the network; keys cannot.",
        source="https://learn.microsoft.com/azure/virtual-machines/linux/create-ssh-keys-detailed",
        severity="warning",
        example="""
 secrets: {admin: {from_env: ADMIN_PASSWORD}}
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
   security_groups: {none: {}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     public_ip: true
     security_group: none
-    admin: {username: azureuser, password: "${secrets.admin}"}
+    admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        admin = machine.part("admin")
        if admin is None or "password" not in admin or machine.text("os", "linux") != "linux":
            continue
        if any("public_ip" in interface for interface in of_machine(checker, machine)):
            summary = f"{machine.address} has a public IP and allows password login"
            reason = "Passwords can be guessed over the network; keys cannot."
            hint = "set `ssh_keys:`, and remove the password"
            checker.warning("PV2904", summary, *admin.at("password"), reason=reason, hint=hint, key=True)

"""A machine that receives a role has a system-assigned identity."""

from __future__ import annotations

from collections.abc import Mapping

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2702",
        "VM without a system-assigned identity",
        why="`vms/x` in a grant refers to the identity of the VM, which exists only if the VM enables it.",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
+    identity: {system_assigned: true}
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
 role_grants:
   read: {role: Reader, scope: resource_group, to: [vms/web]}
""",
    ),
)


def check(checker: Checker) -> None:
    machines = checker.spec.section("vms")
    for grant in checker.entries("role_grants"):
        for at, to in grant.texts("to"):
            section, _, key = to.partition("/")
            machine: object = machines.get(key) if section == "vms" else None
            if not isinstance(machine, Mapping):
                continue
            identity = machine.get("identity")
            if not isinstance(identity, Mapping) or identity.get("system_assigned") is not True:
                hint = f"add `identity: {{system_assigned: true}}` to {to}, or grant to its user-assigned one"
                checker.error("PV2702", f"{to} has no system-assigned identity", *at, hint=hint)

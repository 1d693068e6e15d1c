"""A machine takes one extension of each publisher and type."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2508",
        "two extensions of a type",
        why="A VM can have one extension of each publisher and type.",
        source="https://learn.microsoft.com/azure/virtual-machines/extensions/overview",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
     extensions:
       script:
         publisher: Microsoft.Azure.Extensions
         type: CustomScript
         version: "2.1"
-        settings: {commandToExecute: apt-get update}
-      second:
-        publisher: Microsoft.Azure.Extensions
-        type: CustomScript
-        version: "2.1"
-        settings: {commandToExecute: apt-get install -y nginx}
+        settings: {commandToExecute: apt-get update && apt-get install -y nginx}
""",
    ),
)


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        handlers: dict[tuple[str, str], str] = {}
        for extension in machine.parts("extensions"):
            # Azure compares publishers and types without case.
            handler = (extension.text("publisher").lower(), extension.text("type").lower())
            other = handlers.setdefault(handler, extension.key)
            if other != extension.key:
                reason = "A VM can have one extension of each type."
                summary = f"the extension {extension.key} has the same type as {other}"
                checker.error("PV2508", summary, *extension.at("type"), reason=reason, hint="combine the two into one")

"""Codes that only commands report, since what they are about belongs to no package below them."""

from __future__ import annotations

from ..base.rule import Rule

RULES = (
    Rule(
        "PV2301",
        "circle",
        why="Each of these resources needs the next one to exist first.",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   one:
-    tags: {peer: "${vms/two.id}"}
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
   two:
     tags: {peer: "${vms/one.id}"}
     size: Standard_B1s
     image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
    Rule(
        "PV9101",
        "invalid faults file",
        why="The simulator injects the faults that the file defines, and rejects what it does not understand.",
        no_example="Run `provisioner local faults` to print a file with every key.",
    ),
)

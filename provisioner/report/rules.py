"""Codes that only commands report, since what they are about belongs to no package below them."""

from __future__ import annotations

from ..base.rule import Rule

RULES = (
    Rule(
        "PV2301",
        "circle",
        why="Each of these needs the next one to be there first, so that none could be the first.",
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
        "bad file of faults",
        why="The embedded cloud makes the trouble that the file asks for, and cannot do what it does not understand.",
        no_example="`provisioner local faults` prints a file with every key.",
    ),
)

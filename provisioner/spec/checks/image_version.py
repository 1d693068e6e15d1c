"""The version of an image is three numbers, or `latest`."""

from __future__ import annotations

import re

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2520",
        "not a version of an image",
        why="A version is three numbers, or `latest`; Azure finds no image of any other.",
        source="https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update",
        example="""
 network:
   virtual_networks:
     net: {address_space: [10.0.0.0/16], subnets: {front: {address_prefix: 10.0.1.0/24}}}
 vms:
   web:
     size: Standard_D2s_v5
-    image: Canonical:ubuntu-24_04-lts:server:24.04
+    image: Canonical:ubuntu-24_04-lts:server:latest
     subnet: net/front
     admin: {username: azureuser, ssh_keys: ["ssh-ed25519 AAAA ops"]}
""",
    ),
)

_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def check(checker: Checker) -> None:
    for machine in checker.entries("vms"):
        image = machine.text("image")
        if image.count(":") != 3 or "${" in image:
            continue
        names, _, version = image.rpartition(":")
        if version.lower() != "latest" and not _VERSION.fullmatch(version):
            summary = f'"{version}" is not a version of an image'
            reason = "A version is three numbers with dots, or latest."
            checker.error("PV2520", summary, *machine.at("image"), reason=reason, hint=f"set `image: {names}:latest`")

"""Codes about the values of secrets, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1401",
        "secret without a value",
        why="provisioner reads secrets when apply needs them. It does not create a VM with an empty password.",
        no_example="The spec is valid. Set the variable, or create the file, that the message names.",
    ),
)

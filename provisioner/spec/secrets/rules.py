"""Codes about the values of secrets, reported by the modules of this package."""

from __future__ import annotations

from ...base.rule import Rule

RULES = (
    Rule(
        "PV1401",
        "secret without a value",
        why=(
            "Secrets are read when they are needed, by apply; a machine with an empty password would be worse "
            "than none."
        ),
        no_example="The spec is right; set the variable, or make the file, that the message names.",
    ),
)

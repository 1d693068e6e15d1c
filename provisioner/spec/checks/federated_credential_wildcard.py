"""Issuer and subject of a federated credential are compared letter by letter."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2709",
        "federated credential with a star",
        why="Issuer and subject are compared letter by letter, so that one with a star in it fits no token.",
        source="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        severity="warning",
        example="""
 identities:
   app:
     federated_credentials:
-      main: {issuer: "https://token.actions.githubusercontent.com", subject: "repo:contoso/shop:*"}
+      main: {issuer: "https://token.actions.githubusercontent.com", subject: "repo:contoso/shop:ref:refs/heads/main"}
""",
    ),
)


def check(checker: Checker) -> None:
    for identity in checker.entries("identities"):
        for credential in identity.parts("federated_credentials"):
            for word in ("issuer", "subject"):
                if "*" in credential.text(word):
                    reason = "Azure compares letter by letter; no token has a star in it."
                    hint = "write it out, in a credential for each"
                    summary = f"`{word}` has a star in it"
                    checker.warning("PV2709", summary, *credential.at(word), reason=reason, hint=hint)

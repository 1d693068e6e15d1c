"""Issuer and subject of a federated credential are compared letter by letter."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2709",
        "federated credential with a wildcard",
        why="Azure matches issuer and subject exactly, so a credential with a wildcard (*) matches no token.",
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
                    reason = "Azure matches it exactly and does not support wildcards."
                    hint = "write the full value, in one credential for each"
                    summary = f"`{word}` contains a wildcard (*)"
                    checker.warning("PV2709", summary, *credential.at(word), reason=reason, hint=hint)

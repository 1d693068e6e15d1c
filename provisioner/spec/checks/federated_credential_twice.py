"""Issuer and subject of a federated credential are together unique on its identity."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2708",
        "two federated credentials for one token",
        why="Issuer and subject together are unique on an identity, so that a token matches one credential.",
        source="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        example="""
 identities:
   app:
     federated_credentials:
       main: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/main}
-      prod: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/main}
+      prod: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:environment:prod}
""",
    ),
)


def check(checker: Checker) -> None:
    for identity in checker.entries("identities"):
        pairs: dict[tuple[str, str], str] = {}
        for credential in identity.parts("federated_credentials"):
            pair = (credential.text("issuer"), credential.text("subject"))
            other = pairs.setdefault(pair, credential.key)
            if other != credential.key:
                summary, reason = (
                    f'"{credential.key}" has the same issuer and subject as "{other}"',
                    "Azure refuses the second one.",
                )
                at, hint = credential.path, "delete one of the two"
                checker.error("PV2708", summary, *at, reason=reason, hint=hint, key=True)

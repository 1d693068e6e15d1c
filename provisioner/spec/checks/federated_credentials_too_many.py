"""An identity takes 20 federated credentials."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker

RULES = (
    Rule(
        "PV2707",
        "too many federated credentials",
        why="An identity can have 20 federated credentials.",
        source="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        example="""
 identities:
   app:
     federated_credentials:
       r1: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/1}
       r2: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/2}
       r3: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/3}
       r4: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/4}
       r5: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/5}
       r6: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/6}
       r7: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/7}
       r8: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/8}
       r9: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/9}
       r10: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/10}
       r11: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/11}
       r12: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/12}
       r13: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/13}
       r14: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/14}
       r15: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/15}
       r16: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/16}
       r17: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/17}
       r18: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/18}
       r19: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/19}
       r20: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/20}
-      r21: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/21}
+  more:
+    federated_credentials:
+      r21: {issuer: https://token.actions.githubusercontent.com, subject: repo:contoso/web:ref:refs/heads/21}
""",
    ),
)

_AT_MOST = 20
"""The page of the rule, "General federated identity credential considerations"."""


def check(checker: Checker) -> None:
    for identity in checker.entries("identities"):
        count = sum(1 for _ in identity.parts("federated_credentials"))
        if count > _AT_MOST:
            reason = f"Azure allows {_AT_MOST} for one identity."
            at, hint = identity.at("federated_credentials"), "move the rest to a second identity"
            checker.error(
                "PV2707",
                f"{identity.address} has {count} federated credentials",
                *at,
                reason=reason,
                hint=hint,
                key=True,
            )

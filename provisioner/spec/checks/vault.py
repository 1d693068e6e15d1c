"""A secret from a key vault names a vault that the spec declares."""

from __future__ import annotations

from ...base.rule import Rule
from ..checker import Checker
from ..secrets import vaults

RULES = (
    Rule(
        "PV1405",
        "unknown key vault",
        why=(
            "A key vault is given by its name, or declared under `existing:` with the type Microsoft.KeyVault/vaults."
        ),
        example="""
 existing:
   vault: {type: Microsoft.KeyVault/vaults, name: payroll-kv, resource_group: security}
 secrets:
-  admin: {from_key_vault: {vault: existing/vualt, secret: admin}}
+  admin: {from_key_vault: {vault: existing/vault, secret: admin}}
""",
    ),
)


def check(checker: Checker) -> None:
    for secret in checker.entries("secrets"):
        if "from_key_vault" in secret:
            try:
                vaults.of(checker.spec, secret.data)
            except vaults.UnknownVaultError as error:
                checker.error("PV1405", str(error), *secret.at("from_key_vault", "vault"), hint=error.hint)

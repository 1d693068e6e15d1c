"""Secrets: vaults that the spec declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..secrets import vaults

if TYPE_CHECKING:
    from .validation import Checker


def check(checker: Checker) -> None:
    for path, data in checker.entries("secrets"):
        if "from_key_vault" not in data:
            continue
        try:
            vaults.of(checker.spec, data)
        except vaults.UnknownVaultError as error:
            checker.error("PV1405", (*path, "from_key_vault", "vault"), str(error), hint=error.hint)

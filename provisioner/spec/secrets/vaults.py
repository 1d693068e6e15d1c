"""Where secrets of key vaults are: ``from_key_vault: {vault: payroll-kv, secret: admin-password}``.

In: the ``secrets:`` and ``existing:`` sections. Out: ``VaultSecret``, and diagnostics of vaults that are not declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...base.diagnostics import did_you_mean
from ...base.values import mapping

if TYPE_CHECKING:
    from ..model import Spec


TYPE = "Microsoft.KeyVault/vaults"
_EXISTING = "existing/"


@dataclass(frozen=True)
class VaultSecret:
    """One secret of a vault: ``vault`` is its name or URL; no version is the latest."""

    vault: str
    secret: str
    version: str = ""

    @property
    def name(self) -> str:
        """The vault's name, also where its URL is given."""
        return self.vault.removeprefix("https://").partition(".")[0]

    def __str__(self) -> str:
        version = f", version {self.version}" if self.version else ""
        return f"secret {self.secret} of the key vault {self.vault}{version}"


class UnknownVaultError(Exception):
    """A vault that the spec does not declare, or that is none; ``hint`` says what would do."""

    def __init__(self, summary: str, hint: str) -> None:
        super().__init__(summary)
        self.hint = hint


def of(spec: Spec, source: Mapping[str, object]) -> VaultSecret:
    """What an entry with ``from_key_vault`` means.

    Raises:
        UnknownVaultError: its vault is named by an address that is none of a vault.
    """
    written = mapping(source["from_key_vault"])
    vault = str(written["vault"])
    if vault.startswith(_EXISTING):
        vault = _declared(spec, vault.removeprefix(_EXISTING))
    return VaultSecret(vault, str(written["secret"]), str(written.get("version") or ""))


def _declared(spec: Spec, key: str) -> str:
    existing = spec.section("existing")
    entry = existing.get(key)
    if not isinstance(entry, Mapping):
        hint = did_you_mean(key, existing) or f"declare `existing: {{{key}: {{type: {TYPE}, name: …}}}}`"
        raise UnknownVaultError(f'unknown resource address "{_EXISTING}{key}"', hint)
    identity = str(entry.get("id") or "")
    kind = str(entry.get("type") or "") or "/".join(identity.split("/")[-3:-1])
    if kind.lower() != TYPE.lower():
        raise UnknownVaultError(
            f'"{_EXISTING}{key}" is not a {TYPE}',
            f"refer to a {TYPE}, not to a {kind}" if kind else f"refer to a {TYPE}",
        )
    return identity.rpartition("/")[2] if identity else str(entry.get("name") or key)

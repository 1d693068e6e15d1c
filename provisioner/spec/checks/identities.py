"""Identities: as many federated credentials as Azure takes, each for somebody else.

Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .validation import Checker

_AT_MOST = 20


def check(checker: Checker) -> None:
    for path, data in checker.entries("identities"):
        credentials = data.get("federated_credentials", {})
        below = (*path, "federated_credentials")
        if len(credentials) > _AT_MOST:
            reason = f"Azure takes {_AT_MOST} for one identity."
            checker.error("PV2707", below, f"{len(credentials)} federated credentials", reason,
                          "put the rest on a second identity", key=True)  # fmt: skip
        pairs: dict[tuple[str, str], str] = {}
        for key, credential in credentials.items():
            for word in ("issuer", "subject"):
                if "*" in credential[word]:
                    reason = "Azure compares letter by letter; no token has a star in it."
                    checker.warn("PV2709", (*below, key, word), f"`{word}` has a star in it", reason,
                                 "write it out, in a credential for each")  # fmt: skip
            other = pairs.setdefault((credential["issuer"], credential["subject"]), key)
            if other != key:
                summary = f'"{other}" has the same issuer and subject'
                checker.error("PV2708", (*below, key), summary, "Azure refuses the second one.",
                              "delete one of the two", key=True)  # fmt: skip

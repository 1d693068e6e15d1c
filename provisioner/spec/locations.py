"""Locations as people write them: ``West Europe`` and ``westeurope`` are one region."""

from __future__ import annotations


def is_same(one: str, other: str) -> bool:
    return one == other or plain(one) == plain(other)


def plain(location: str) -> str:
    """A region as Azure writes it in IDs."""
    return location.replace(" ", "").lower()

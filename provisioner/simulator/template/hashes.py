"""The hashes of the template language, with the results that Azure gives.

In: text. Out: text. `uniqueString` is a Murmur3 hash with two lanes of 32 bits over the arguments joined by dashes, in
base 32; checked against one known result, of a short text (`tests/simulator/test_template_functions.py`).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

GUID_NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
""" "String functions for ARM templates", guid: a version 5 UUID in this namespace."""

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
WORD = 0xFFFFFFFF
FIRST, SECOND = 0x239B961B, 0xAB0E9789


def guid(values: Sequence[str]) -> str:
    return str(uuid.uuid5(GUID_NAMESPACE, "-".join(values)))


def unique_string(values: Sequence[str]) -> str:
    """13 letters and digits."""
    left = murmur_64("-".join(values).encode())
    letters = ""
    for _ in range(13):
        letters += LETTERS[left >> 59]
        left = (left << 5) & 0xFFFFFFFFFFFFFFFF
    return letters


def murmur_64(data: bytes) -> int:
    low = high = 0
    whole = len(data) // 8 * 8
    for start in range(0, whole, 8):
        low ^= _mixed(data[start : start + 4], FIRST, 15, SECOND)
        low = ((_turned(low, 19) + high) * 5 + 0x561CCD1B) & WORD
        high ^= _mixed(data[start + 4 : start + 8], SECOND, 17, FIRST)
        high = ((_turned(high, 13) + low) * 5 + 0x0BCAA747) & WORD
    low ^= _mixed(data[whole : whole + 4], FIRST, 15, SECOND)
    high ^= _mixed(data[whole + 4 :], SECOND, 17, FIRST)
    low, high = low ^ len(data), high ^ len(data)
    low = (low + high) & WORD
    high = (high + low) & WORD
    low, high = _final(low), _final(high)
    low = (low + high) & WORD
    high = (high + low) & WORD
    return high << 32 | low


def _mixed(data: bytes, before: int, turn: int, after: int) -> int:
    return _turned(int.from_bytes(data, "little") * before & WORD, turn) * after & WORD


def _turned(value: int, bits: int) -> int:
    value &= WORD
    return (value << bits | value >> (32 - bits)) & WORD


def _final(value: int) -> int:
    value = (value ^ value >> 16) * 0x85EBCA6B & WORD
    value = (value ^ value >> 13) * 0xC2B2AE35 & WORD
    return value ^ value >> 16

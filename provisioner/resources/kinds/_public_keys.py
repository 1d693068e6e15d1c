"""Public SSH keys: the kinds that Azure takes. Pure.

Source: https://learn.microsoft.com/azure/virtual-machines/linux/mac-create-ssh-keys, section "Supported SSH key
formats": RSA with at least 2048 bits, and ED25519.
"""

from __future__ import annotations

import base64
import binascii

_BEGINNINGS = ("ssh-", "ecdsa-", "sk-")
_TAKEN = ("ssh-rsa", "ssh-ed25519")
_LEAST_BITS = 2048


def is_one(text: str) -> bool:
    """Whether a text is a public key of any kind, in the form of ``authorized_keys``."""
    return text.lstrip().startswith(_BEGINNINGS)


def refusal(text: str) -> str:
    """Why Azure takes no such key; empty where it does."""
    kind, *rest = text.split(maxsplit=2)
    if kind not in _TAKEN:
        return f"a key of the kind {kind}"
    bits = _bits(rest[0]) if kind == "ssh-rsa" and rest else 0
    return f"an RSA key of {bits} bits" if 0 < bits < _LEAST_BITS else ""


def _bits(encoded: str) -> int:
    """The length of an RSA key's modulus: the third of the fields that a key is made of; 0 where there is none."""
    try:
        raw = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return 0
    fields: list[bytes] = []
    while len(raw) >= 4 and len(fields) < 3:
        end = 4 + int.from_bytes(raw[:4], "big")
        if end > len(raw):
            return 0
        fields.append(raw[4:end])
        raw = raw[end:]
    return int.from_bytes(fields[2], "big").bit_length() if len(fields) == 3 else 0

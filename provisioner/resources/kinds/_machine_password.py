"""Passwords that Azure would refuse for a machine.

In: a machine's desired body. Out: what is refused, never the password. Source: REST "Virtual Machines - Create Or
Update", osProfile.adminPassword (lengths, three of four kinds of characters, disallowed values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...base.values import Body, Leaf, Secret, Text
from ..encoding import encoded
from ..facts import RefusedSecret

_LENGTHS = {"linux": (6, 72), "windows": (8, 123)}
_KINDS: tuple[Callable[[str], bool], ...] = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
_LEAST_KINDS = 3
_DISALLOWED = frozenset(
    [
        "abc@123",
        "P@$$w0rd",
        "P@ssw0rd",
        "P@ssword123",
        "Pa$$word",
        "pass@word1",
        "Password!",
        "Password1",
        "Password22",
        "iloveyou!",
    ]
)


def refused_secrets(body: Body, reveal: Callable[[Leaf], str]) -> Sequence[RefusedSecret]:
    """The administrator's password, where a machine can't have it."""
    system = body["properties"]["osProfile"]
    leaf = system.get("adminPassword")
    if not isinstance(leaf, Text) or any(not isinstance(part, (str, Secret)) for part in leaf.parts):
        return ()  # No password, or one that Azure knows first.
    password = encoded(leaf, reveal)
    why = " ".join(_faults(password, "windows" if "windowsConfiguration" in system else "linux"))
    return (RefusedSecret(("admin", "password"), "PV2527", "password", why),) if why else ()


def _faults(password: str, system: str) -> Iterator[str]:
    shortest, longest = _LENGTHS[system]
    if not shortest <= len(password) <= longest:
        yield f"It must have {shortest} to {longest} characters."
    if sum(any(map(kind, password)) for kind in _KINDS) < _LEAST_KINDS:
        yield "It must have three of these: lower case, upper case, a digit, a special character."
    if password in _DISALLOWED:
        yield "It is on Azure's list of common passwords."

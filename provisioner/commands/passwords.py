"""Passwords that Azure would refuse, before the first machine is made; their values are never shown.

In: a plan, and the secrets that it needs. Out: diagnostics. Source: REST "Virtual Machines - Create Or Update",
osProfile.adminPassword (lengths, three of four kinds of characters, disallowed values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..base.diagnostics import Diagnostic
from ..base.values import Leaf, Secret, Text
from ..planning.plan import Plan
from ..resources.encoding import encoded
from ..resources.kinds import virtual_machine
from ..spec.secrets.secrets import Secrets
from ..spec.yaml.document import Document

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


def refused(plan: Plan, secrets: Secrets, document: Document) -> list[Diagnostic]:
    """A diagnostic for each machine that is to be made with a password that it cannot have."""

    def value(part: Leaf) -> str:
        return secrets.reveal(part.name) if isinstance(part, Secret) else ""

    found = []
    for change in plan.pending:
        if change.kind is not virtual_machine.KIND or change.action not in ("create", "replace") or not change.desired:
            continue
        system = change.desired["properties"]["osProfile"]
        leaf = system.get("adminPassword")
        if not isinstance(leaf, Text) or any(not isinstance(part, (str, Secret)) for part in leaf.parts):
            continue  # none, or one that Azure knows first
        password = encoded(leaf, value)
        why = " ".join(_faults(password, "windows" if "windowsConfiguration" in system else "linux"))
        if why:
            place = document.locate((*change.path, "admin", "password"))
            summary = f"Azure would refuse the password of {change.address}"
            hint = "set the secret to another one"
            found.append(Diagnostic("PV2527", summary, place, reason=why, hint=hint))
    return found


def _faults(password: str, system: str) -> Iterator[str]:
    shortest, longest = _LENGTHS[system]
    if not shortest <= len(password) <= longest:
        yield f"It must have {shortest} to {longest} characters."
    if sum(any(map(kind, password)) for kind in _KINDS) < _LEAST_KINDS:
        yield "It must have three of these: lower case, upper case, a digit, a special character."
    if password in _DISALLOWED:
        yield "It is on Azure's list of passwords that everybody knows."

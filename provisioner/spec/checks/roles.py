"""Custom roles: that they allow something, are told apart, allow no more than meant, and are granted where they can be.

Source: https://learn.microsoft.com/azure/role-based-access-control/custom-roles and .../role-definitions.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...base.values import Path

if TYPE_CHECKING:
    from .validation import Checker

_GRANTING = "microsoft.authorization/roleassignments/write"


def check(checker: Checker) -> None:
    names: dict[str, str] = {}
    for path, data in checker.entries("roles"):
        name = str(data.get("name", path[-1]))
        other = names.setdefault(name.lower(), str(path[-1]))
        if other != path[-1]:
            reason = "The name of a role is unique in the directory."
            at = (*path, "name") if "name" in data else path
            checker.error("PV2705", at, f'roles/{other} is called "{name}" already', reason, "give it another `name:`",
                          key="name" not in data)  # fmt: skip
        _permissions(checker, path, data)
    for path, data in checker.entries("role_grants"):
        _granted(checker, path, data)


def _permissions(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    actions, data_actions = data.get("actions", []), data.get("data_actions", [])
    if not actions and not data_actions:
        hint = "add `actions:` or `data_actions:`"
        checker.error("PV2704", path, "the role allows nothing", hint=hint, key=True)
    for word in ("actions", "data_actions"):
        if "*" in data.get(word, []):
            at = (*path, word, data[word].index("*"))
            hint = "name the actions, or those of a provider: Microsoft.Compute/*"
            checker.warn("PV2906", at, "this role allows everything", "It is as good as Owner.", hint)
    taken = [str(action).lower() for action in data.get("not_actions", [])]
    if any(fnmatch.fnmatchcase(_GRANTING, action) for action in taken):
        return
    for index, action in enumerate(actions):
        if action != "*" and fnmatch.fnmatchcase(_GRANTING, str(action).lower()):
            reason = "Whoever holds it can give themselves every right at its scope."
            hint = "take it out with `not_actions: [Microsoft.Authorization/*/write]`, or grant it with a `condition:`"
            checker.warn("PV2907", (*path, "actions", index), "this role lets its holders grant roles", reason, hint)


def _granted(checker: Checker, path: Path, data: Mapping[str, Any]) -> None:
    """A role of the group alone cannot be granted at the subscription."""
    key = str(data["role"]).removeprefix("roles/")
    role = checker.spec.section("roles").get(key)
    if not isinstance(role, Mapping) or data.get("scope") != "subscription":
        return
    scopes = role.get("assignable_scopes", ["resource_group"])
    if isinstance(scopes, list) and set(scopes) <= {"resource_group"}:
        hint = f"add `assignable_scopes: [subscription]` to roles/{key}"
        checker.error("PV2706", (*path, "scope"), f"roles/{key} can be granted in the resource group only", hint=hint)

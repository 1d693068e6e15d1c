"""Microsoft.Authorization/locks, and the guard that makes them work: REST reference "Management Locks", 2020-05-01.

Synchronous: PUT 201/200 with `{level, notes}`, DELETE 200 without a body (recorded, 24). CanNotDelete refuses
deletes, ReadOnly every write too ("Lock your resources to protect your infrastructure"), at the lock's scope and
below; what stands above a lock cannot be deleted either. The refusal: 409 ScopeLocked
(Azure/terraform-azurerm-lz-vending#496). A list shows what is at, above and below the scope, with `atScope()` what is
at and above it (Azure PowerShell, Get-AzResourceLock -AtScope). Locks do not hold locks back: otherwise none could be
removed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ...arm.cloud import Cloud
from ...arm.rendering import render
from ...arm.resource_write import ResourceWrite
from ...description.answers import Answers
from ...description.hooks import ReadHooks, WriteHooks
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.resource_type import ResourceType
from ...errors import ArmError, gateway_error, invalid_content
from ...json_values import Json
from ...protocol.wire import Request
from ...state.resources import Resource

TYPE = "Microsoft.Authorization/locks"
MARK = f"/providers/{TYPE.lower()}/"
LEVELS = {level.lower(): level for level in ("NotSpecified", "CanNotDelete", "ReadOnly")}
PROPERTIES = ("level", "notes", "owners")
NOTES_AT_MOST = 512
"""Notes have at most 512 characters; REST reference."""
AT_SCOPE = re.compile(r"\s*atScope\s*\(\s*\)\s*", re.IGNORECASE)


def refuse_locked(cloud: Cloud, target: str, verb: Literal["write", "delete"]) -> None:
    """Raise ArmError when a lock at, above or (for a delete) below a resource or group forbids a change of it."""
    key = target.lower()
    if MARK in f"{key}/":
        return
    locked = [
        lock.parsed.scope
        for lock in cloud.resources.of_type(TYPE)
        if _forbids(lock, lock.parsed.scope.lower(), key, verb)
    ]
    if locked:
        raise gateway_error(
            409,
            "ScopeLocked",
            f"The scope '{target}' cannot perform {verb} operation because following scope(s) are locked: "
            f"'{','.join(dict.fromkeys(locked))}'. Please remove the lock and try again.",
        )


def _forbids(lock: Resource, scope: str, key: str, verb: str) -> bool:
    level = lock.properties.get("level")
    at_or_above = key == scope or key.startswith(f"{scope}/")
    if verb == "write":
        return level == "ReadOnly" and at_or_above
    return level in ("ReadOnly", "CanNotDelete") and (at_or_above or scope.startswith(f"{key}/"))


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    for name in change.sent:
        if name != "properties":
            raise _unknown(name, "ResourceDefinition", name)
    for name in properties:
        if name not in PROPERTIES:
            raise _unknown(name, "LockProperties", f"properties.{name}")
    level = LEVELS.get(str(properties.get("level", "")).lower())
    if level is None:
        raise ArmError(
            400,
            "InvalidLockLevel" if properties.get("level") else "LockLevelMissing",
            f"The lock level '{properties.get('level', '')}' is invalid. Allowed values are "
            f"'{','.join(LEVELS.values())}'.",
        )
    properties["level"] = level
    notes = properties.get("notes")
    if notes is not None and (not isinstance(notes, str) or len(notes) > NOTES_AT_MOST):
        raise ArmError(400, "InvalidLockNotes", f"The lock's notes must be text of at most {NOTES_AT_MOST} characters.")


def _unknown(name: str, type_: str, path: str) -> ArmError:
    return invalid_content(
        f"Could not find member '{name}' on object of type '{type_}'. Path '{path}', line 1, position 1."
    )


def without_state(resource: Resource, body: Json, request: Request, cloud: Cloud) -> None:
    """A lock is its level and notes only (recorded)."""
    body["properties"].pop("provisioningState", None)


def list_filter(request: Request, scope: str, stored: Sequence[Resource], cloud: Cloud) -> list[Json]:
    """Locks at, above and below a scope; `atScope()` leaves out those below."""
    text = request.query.get("$filter", "")
    if text and not AT_SCOPE.fullmatch(text):
        raise gateway_error(
            400, "InvalidFilterInQueryString", f"Invalid $filter '{text}' specified in the query string."
        )
    key = scope.lower()
    return [
        render(cloud, lock, request)
        for lock in stored
        if f"{key}/".startswith(f"{(own := lock.parsed.scope.lower())}/") or (not text and own.startswith(f"{key}/"))
    ]


GUARDS = (refuse_locked,)

TYPES = (
    ResourceType(
        type=TYPE,
        name=NameRule(
            pattern=r"[^<>%&:\\?/]*[^<>%&:\\?/. ]",
            longest=90,
            code="InvalidLockName",
            hint="The lock's name can be up to 90 characters long and must not hold < > % & : \\ ? /.",
        ),
        placement=Placement(
            tracked=False,
            scopes=frozenset({"subscription", "group", "resource"}),
        ),
        answers=Answers(patch=None),
        on_write=WriteHooks(validate=validate),
        on_read=ReadHooks(render=without_state, list_filter=list_filter),
    ),
)

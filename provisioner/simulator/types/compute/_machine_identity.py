"""The identity of a virtual machine, as recorded (vm_identity_put_patch of the recordings).

A PATCH merges the map of user-assigned identities, null removes one; type `SystemAssigned` drops them, `UserAssigned`
keeps them and drops the system identity, `None` removes the whole. The keys echo the identity's own ID, with
lower-case `resourcegroups`. A new system identity's principal is in the first answer; user-assigned entries that the
machine never had are `{}` there, and filled in on GET and once it had them.

What a PUT without `identity` does was never recorded. Here it keeps what is there: the documentation removes
identities by type `None` only ("Configure managed identities on Azure VMs", template tab).
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...arm.resource_write import ResourceWrite
from ...errors import ArmError
from ...json_values import Json
from ...state.resources import Resource

BOTH = "SystemAssigned, UserAssigned"
KNOWN = "identities"
_IDS = ("principalId", "clientId")
"""Where a machine keeps, hidden, which user-assigned identities it ever had."""


def settle(change: ResourceWrite) -> None:
    """Bring `change.body["identity"]` to what Azure would store."""
    before: Json = (change.before.body.get("identity") or {}) if change.before is not None else {}
    sent = change.sent.get("identity")
    if sent is None:
        if before:
            change.body["identity"] = before
        return
    kind = _spelled(str(sent.get("type") or before.get("type") or "None"))
    users = _users(change, before, sent) if "UserAssigned" in kind else {}
    if "UserAssigned" in kind and not users:
        raise ArmError(
            400,
            "InvalidParameter",
            f"The identity ids must not be null or empty for '{kind}' identity type.",
            target="identity.userAssignedIdentities",
        )
    if kind == "SystemAssigned" and any(
        value is not None for value in (sent.get("userAssignedIdentities") or {}).values()
    ):
        raise ArmError(
            400,
            "InvalidParameter",
            'ResourceIdentity identityIds should not be provided if the type is "SystemAssigned".',
            target="resourceIdentity.identityIds",
        )
    change.body.pop("identity", None)
    if "SystemAssigned" not in kind:
        change.cloud.directory.delete(change.id)
    if kind == "None":
        return
    identity: Json = {"type": kind}
    if "SystemAssigned" in kind:
        principal = change.cloud.directory.create(change.id)
        identity |= {"principalId": principal.id, "tenantId": change.cloud.tenant_id}
    if users:
        identity["userAssignedIdentities"] = users
    change.body["identity"] = identity


def _spelled(kind: str) -> str:
    words = {word.strip().lower() for word in kind.split(",")}
    if words == {"systemassigned", "userassigned"}:
        return BOTH
    return {"systemassigned": "SystemAssigned", "userassigned": "UserAssigned"}.get("".join(words), "None")


def _users(change: ResourceWrite, before: Json, sent: Json) -> Json:
    listed: Json = sent.get("userAssignedIdentities") or {}
    kept: Json = {}
    if change.method == "PATCH" or not listed:
        kept = {key.lower(): key for key in before.get("userAssignedIdentities") or {}}
    for key, value in listed.items():
        if value is None:
            kept.pop(key.lower(), None)
            continue
        found = change.cloud.get(key)
        if found is None or "/userassignedidentities/" not in key.lower():
            raise ArmError(
                400,
                "FailedIdentityOperation",
                f"Identity operation for resource '{change.id}' failed with error 'Failed to perform resource identity "
                "operation. Status: 'BadRequest'. Response: "
                f'\'{{"error":{{"code":"BadRequest","message":"Resource \'{key}\' was not found."}}}}\'.\'.',
            )
        kept[key.lower()] = found.id
    return {key: {} for key in kept.values()}


def remember(change: ResourceWrite) -> None:
    """At the end of an operation: from now on the machine knows these identities, and keeps their principals.

    One that is deleted, and created again under its name, is another one to the machine until it is taken off and
    assigned again; meanwhile its IDs are null: Azure/aad-pod-identity#725.
    """
    users: Json = (change.body.get("identity") or {}).get("userAssignedIdentities") or {}
    before = _known(change.hidden)
    known = {key.lower(): before.get(key.lower()) or _principal(change.cloud.get(key)) for key in users}
    if known or before:
        change.hidden[KNOWN] = known


def _known(hidden: Json) -> Json:
    """The principals that a machine knows, by ID in lower case. A state file of an earlier version has a list."""
    found = hidden.get(KNOWN)
    return found if isinstance(found, dict) else {}


def _principal(identity: Resource | None) -> str:
    return str(identity.properties.get("principalId")) if identity is not None else ""


def show(resource: Resource, body: Json, cloud: Cloud, *, is_read: bool) -> None:
    """Fill in the user-assigned entries: all for a GET, those long known in the answer of a write."""
    known = _known(resource.hidden)
    for key, entry in ((body.get("identity") or {}).get("userAssignedIdentities") or {}).items():
        found = cloud.get(key) if is_read or key.lower() in known else None
        if found is not None:
            current = _principal(found)
            is_same = known.get(key.lower(), current) == current
            entry.update(
                {name: found.properties.get(name) if is_same else None for name in ("principalId", "clientId")}
            )


def remove(resource: Resource, cloud: Cloud) -> None:
    """The system identity dies with its machine."""
    cloud.directory.delete(resource.id)

"""User-assigned managed identity. REST:
https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities (2024-11-30)."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import Import, Operations, Output, Replacement, Rights, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import EVERYWHERE_READ_ONLY, place


def body(entry: Entry, context: Context) -> Body:
    return place(entry, context)


def entry(body: Body, find: Find) -> Body:
    return {}


KIND = Kind(
    name="user_assigned_identity",
    type="Microsoft.ManagedIdentity/userAssignedIdentities",
    schema=Schema(
        sections=("identities/*",),
        body=body,
        name_rule=(
            r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
            "3 to 128 letters, digits, hyphens and underscores, no hyphen first",
        ),
        outputs={
            "principal_id": Output(("properties", "principalId"), early=True),
            "client_id": Output(("properties", "clientId"), early=True),
            "tenant_id": Output(("properties", "tenantId"), early=True),
        },
    ),
    operations=Operations(
        "msi", "user_assigned_identities", put="create_or_update", delete="delete", list="list_by_resource_group"
    ),
    rules=Rules(
        immutable=("location",),
        read_only=(*EVERYWHERE_READ_ONLY, "properties.principalId", "properties.clientId", "properties.tenantId"),
    ),
    replacement=Replacement(
        when_deleted=("data-loss", "its principal ID, its client ID, and all its role assignments will be lost"),
        when_replaced=("replace", "its principal ID and all its role assignments will be lost"),
    ),
    importing=Import(entry=entry, defaults={"properties.isolationScope": ("None",)}),
    timing=Timing(typical_s=2),
    rights=Rights(is_identity=True),
)

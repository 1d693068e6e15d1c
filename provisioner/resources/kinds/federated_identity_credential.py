"""Federated credential of a user-assigned identity. REST:
https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials (2024-11-30).

It takes no tags: a tag of its identity lists it. Azure refuses writes to one identity's credentials at the same time
(https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations), so they go in turn."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import Import, Operations, Ownership, Replacement, Rules, Schema, Timing
from ..kind import Kind, name_of
from . import user_assigned_identity
from ._bodies import compact

AUDIENCE = "api://AzureADTokenExchange"


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    audiences = list(data.get("audiences", [AUDIENCE]))
    return {"properties": {"issuer": data["issuer"], "subject": data["subject"], "audiences": audiences}}


def after(entry: Entry) -> tuple[str, ...]:
    """The credential that is written before this one."""
    assert entry.parent is not None
    order = list(entry.parent.data["federated_credentials"])
    at = order.index(entry.key)
    return (f"{entry.parent.address}/federated_credentials/{order[at - 1]}",) if at else ()


def _default_name(entry: Entry) -> str:
    assert entry.parent is not None
    return f"{name_of(user_assigned_identity.KIND, entry.parent)}-{entry.key_for_names}"


def entry(body: Body, find: Find) -> Body:
    properties = body["properties"]
    audiences = properties.get("audiences")
    return compact(
        {
            "issuer": properties.get("issuer"),
            "subject": properties.get("subject"),
            "audiences": None if audiences == [AUDIENCE] else audiences,
        }
    )


KIND = Kind(
    name="federated_identity_credential",
    type="Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    nested=True,
    schema=Schema(
        sections=("identities/*/federated_credentials/*",),
        body=body,
        name_rule=(
            r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}",
            "3 to 120 letters, digits, hyphens and underscores, a letter or digit first",
        ),
        default_name=_default_name,
        after=after,
    ),
    operations=Operations("msi", "federated_identity_credentials", put="create_or_update", delete="delete"),
    rules=Rules(read_only=("id", "name", "type", "systemData"), unordered=("properties.audiences",)),
    ownership=Ownership(
        taggable=False,
        in_parent_tag=True,
    ),
    replacement=Replacement(
        when_deleted=("access-gap", "workloads that sign in with it are refused"),
        when_replaced=("access-gap", "workloads that sign in with it are refused"),
    ),
    importing=Import(entry=entry),
    timing=Timing(typical_s=2),
)

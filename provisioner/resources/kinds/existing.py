"""Something outside of the deployment that the spec refers to: read, never written.

REST: https://learn.microsoft.com/rest/api/resources/resources/get-by-id, each type under its own API version."""

from __future__ import annotations

from ..kind import Kind, Operations, Output, Ownership, Replacement, Schema

KIND = Kind(
    name="existing",
    type="",
    scope="any",
    schema=Schema(
        sections=("existing/*",),
        outputs={
            "principal_id": Output(("properties", "principalId"), early=True),
            "client_id": Output(("properties", "clientId"), early=True),
            "location": Output(("location",), early=True),
        },
        exposes_all_properties=True,
    ),
    operations=Operations("resource", "resources", get="get_by_id"),
    ownership=Ownership(taggable=False),
    replacement=Replacement(
        # An owned object whose type has no kind is deleted as this one.
        when_deleted=("data-loss", "whatever it holds will be lost"),
        when_replaced=("data-loss", "whatever it holds will be lost"),
    ),
)

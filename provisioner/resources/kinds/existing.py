"""Something outside of the deployment that the spec refers to: read, never written.

REST: https://learn.microsoft.com/rest/api/resources/resources/get-by-id, each type under its own API version."""

from __future__ import annotations

from ..resource import Kind, Operations, Output

KIND = Kind(
    name="existing",
    type="",
    operations=Operations("resource", "resources", get="get_by_id"),
    sections=("existing/*",),
    scope="any",
    taggable=False,
    # An owned object whose type has no kind is deleted as this one.
    when_deleted=("data-loss", "whatever it holds will be lost"),
    when_replaced=("data-loss", "whatever it holds will be lost"),
    outputs={
        "principal_id": Output(("properties", "principalId"), early=True),
        "client_id": Output(("properties", "clientId"), early=True),
        "location": Output(("location",), early=True),
    },
    exposes_all_properties=True,
)

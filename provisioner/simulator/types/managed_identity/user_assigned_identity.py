"""Microsoft.ManagedIdentity/userAssignedIdentities: REST reference "User Assigned Identities", 2024-11-30.

Fully synchronous: PUT 201 with a relative Location and lower-case `resourcegroups` in the ID, 200 for an existing
one, DELETE 200 without a body (recordings, 39 creates). Its service principal comes and goes with it.
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...arm.resource_write import ResourceWrite
from ...description.answers import Answers
from ...description.body import Body
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.names import NameRule
from ...description.placement import Placement
from ...description.resource_type import ResourceType
from ...state.resources import Resource
from ._shared import lower_case_group, relative_location


def fill(change: ResourceWrite) -> None:
    principal = change.cloud.directory.create(change.id)
    change.properties.update(
        {
            "tenantId": change.cloud.tenant_id,
            "principalId": principal.id,
            "clientId": principal.app_id,
        }
    )


def deleted(resource: Resource, cloud: Cloud) -> None:
    cloud.directory.delete(resource.id)


TYPES = (
    ResourceType(
        type="Microsoft.ManagedIdentity/userAssignedIdentities",
        name=NameRule(
            pattern=r"[A-Za-z0-9][A-Za-z0-9_-]*",
            shortest=3,
            longest=128,
            hint="The name must be 3 to 128 characters long, begin with a letter or digit, and hold letters, digits, "
            "hyphens and underscores only.",
        ),
        body=Body(
            model="azure.mgmt.msi.v2024_11_30.models:Identity",
            defaults={"tags": {}, "properties.isolationScope": "None"},
        ),
        placement=Placement(
            spelled=lower_case_group,
        ),
        answers=Answers(created_headers=relative_location, patch="merge"),
        on_write=WriteHooks(fill=fill),
        on_delete=DeleteHooks(deleted=deleted),
    ),
)

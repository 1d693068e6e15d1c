"""Microsoft.Network/applicationSecurityGroups: REST reference "Application Security Groups", 2024-05-01 and later.

A delete is refused while an IP configuration or a security rule names it (Azure/azure-cli#12591; its code not
verified).
"""

from __future__ import annotations

from collections.abc import Sequence

from ...arm.links import Link
from ...description.body import Body
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...state.resources import Resource
from ._shared import ANSWERS, NETWORK_NAME, add_resource_guid, network_error


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    names = ", ".join(dict.fromkeys(link.holder_id.rpartition("/")[2] for link in links))
    kind = "SecurityRule(s)" if "/securityrules/" in links[0].source else "IpConfiguration(s)"
    return network_error(
        "ApplicationSecurityGroupInUse",
        f"Application Security Group {resource.name} cannot be deleted because it is referenced by {kind} {names}.",
    )


TYPES = (
    ResourceType(
        type="Microsoft.Network/applicationSecurityGroups",
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:ApplicationSecurityGroup",
        ),
        answers=ANSWERS,
        on_write=WriteHooks(fill=add_resource_guid),
        on_delete=DeleteHooks(in_use=in_use),
    ),
)

"""What a write needs beyond its own permission: to join a subnet, to attach an address, to assign an identity.

In: the body of a write. Out: the actions it needs on other resources. Names of the actions: "Azure permissions for
Networking", "Azure permissions for Compute", "Azure permissions for Identity".
"""

from __future__ import annotations

from collections.abc import Iterator

from ..arm.cloud import Cloud
from ..description.resource_type import ResourceType
from ..json_values import JsonObject
from ..protocol.arm_path import parse_id
from ..protocol.json_paths import entries_at, find

NETWORK = "Microsoft.Network"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
ACTIONS = {
    f"{NETWORK}/{type_}".lower(): f"{NETWORK}/{type_}/{action}"
    for type_, action in {
        "virtualNetworks/subnets": "join/action",
        "networkSecurityGroups": "join/action",
        "publicIPAddresses": "join/action",
        "publicIPPrefixes": "join/action",
        "networkInterfaces": "join/action",
        "routeTables": "join/action",
        "natGateways": "join/action",
        "loadBalancers/backendAddressPools": "join/action",
        "loadBalancers/inboundNatRules": "join/action",
        "applicationSecurityGroups": "joinIpConfiguration/action",
    }.items()
} | {
    "microsoft.compute/disks": "Microsoft.Compute/disks/write",
    IDENTITIES.lower(): f"{IDENTITIES}/assign/action",
}


def linked(cloud: Cloud, type_: ResourceType, resource_id: str, body: JsonObject) -> dict[str, list[str]]:
    """The actions that a write needs on other resources, each with their IDs, in the body's order."""
    needed: dict[str, list[str]] = {}
    for target in _targets(cloud, type_, body):
        parsed = parse_id(target)
        action = ACTIONS.get(parsed.type.lower()) if parsed is not None else None
        inside = f"{target.lower()}/".startswith(f"{resource_id.lower()}/")
        if action is not None and not inside and target not in needed.setdefault(action, []):
            needed[action].append(target)
    return needed


def _targets(cloud: Cloud, type_: ResourceType, body: JsonObject) -> Iterator[str]:
    for reference in type_.body.references:
        for found in find(body, reference.path):
            if isinstance(found.target, str):
                yield found.target
    for child in cloud.registry.embedded(type_):
        for entry in entries_at(body, child.containment.embedded_in or ""):
            yield from _targets(cloud, child, entry)
    for found in find(body, "identity.userAssignedIdentities{}"):
        if found.holder[found.key] is not None:
            yield found.key

"""Who takes part in a load balancer: what holds its pools and inbound NAT rules, and what happens when one goes.

In: a pool or a rule that is deleted. Out: the refusal, or interfaces that no longer name it.
"""

from __future__ import annotations

from ...arm.cloud import Cloud
from ...protocol.json_paths import entries_at
from ...state.resources import Resource
from ._shared import network_error

INTERFACES = "/providers/microsoft.network/networkinterfaces/"


def refuse_named_by_rules(resource: Resource, cloud: Cloud) -> None:
    """A pool that a rule names cannot go on its own."""
    for link in cloud.links.to(resource.key):
        if INTERFACES not in link.source:
            raise network_error(
                "InvalidResourceReference",
                f"Resource {resource.id} referenced by resource {link.holder_id} was not found. Please make sure that "
                "the referenced resource exists, and that both resources are in the same region.",
            )


def leave_interfaces(resource: Resource, cloud: Cloud) -> None:
    """Interfaces lose what is gone from their lists; not verified against Azure."""
    # A list, since each update below changes the links that are being read.
    for link in list(cloud.links.to(resource.key)):
        interface = cloud.get(link.source)
        if interface is None or INTERFACES not in link.source:
            continue
        body = cloud.editable(interface)
        for configuration in entries_at(body, "properties.ipConfigurations"):
            for name in ("loadBalancerBackendAddressPools", "loadBalancerInboundNatRules"):
                entries = configuration["properties"].pop(name, [])
                kept = [entry for entry in entries if str(entry.get("id", "")).lower() != resource.key]
                if kept:
                    configuration["properties"][name] = kept
        cloud.update(interface, body)

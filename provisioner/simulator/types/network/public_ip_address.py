"""Microsoft.Network/publicIPAddresses: REST reference "Public IP Addresses", 2024-05-01 and later.

Server-filled values as recorded (127 PUTs): version IPv4, allocation Dynamic unless the SKU is Standard, idle
timeout 4, empty ipTags, `sku.tier`, the DNS name. The address of a static one appears when the operation ends.

Refusals: new Basic ones (skypilot-org/skypilot#7977, after the retirement of 30 September 2025), Dynamic Standard
ones (MicrosoftDocs/azure-docs#42889), other zones, left-out ones included (Azure/azure-cli#16653; its code not
verified).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from ...arm.cloud import Cloud
from ...arm.links import Link
from ...arm.resource_write import ResourceWrite
from ...description.body import Body, Immutable
from ...description.hooks import DeleteHooks, WriteHooks
from ...description.resource_type import ResourceType
from ...errors import ArmError
from ...protocol.json_paths import read
from ...state.resources import Resource
from ._shared import ANSWERS, NETWORK, NETWORK_NAME, ZONES_STAY, add_resource_guid, network_error

DNS_LABELS = "dns_label"
"""Kind of the documents that say which public IP holds a label in a region."""
DNS_LABEL = re.compile(r"[a-z][a-z0-9-]{1,61}[a-z0-9]")
LONG_RUNNING = replace(NETWORK, create_retry_after_s=1, update_retry_after_s=1)


def validate(change: ResourceWrite) -> None:
    properties = change.properties
    standard = str(read(change.body, "sku.name")).startswith("Standard")
    if not standard and change.before is None:
        raise network_error(
            "IPv4BasicSkuPublicIpCountLimitReached",
            "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
        )
    if standard and properties["publicIPAllocationMethod"] != "Static":
        raise network_error(
            "StandardSkuPublicIPAddressesMustBeStatic",
            f"Standard sku publicIp {change.id} must have AllocationMethod set to Static.",
        )
    timeout = properties["idleTimeoutInMinutes"]
    if not 4 <= timeout <= 30:
        raise network_error(
            "InvalidIdleTimeout",
            f"Idle timeout {timeout} of public IP address {change.id} must be between 4 and 30.",
        )
    label = read(change.body, "properties.dnsSettings.domainNameLabel")
    if label is not None:
        _check_label(change, str(label))


def _check_label(change: ResourceWrite, label: str) -> None:
    if not DNS_LABEL.fullmatch(label):
        raise network_error(
            "InvalidDomainNameLabel",
            f"The domain name label {label} is invalid. It must conform to the following regular expression: "
            "^[a-z][a-z0-9-]{1,61}[a-z0-9]$.",
        )
    holder = change.cloud.store.get(DNS_LABELS, f"{change.location}|{label}")
    if holder is not None and holder["key"] != change.key:
        raise network_error(
            "DnsRecordInUse",
            f"DNS record {label}.{change.location}.cloudapp.azure.com is already used by another public IP.",
        )


def fill(change: ResourceWrite) -> None:
    add_resource_guid(change)
    sku = change.body["sku"]
    sku.setdefault("tier", "Regional")
    if change.before is not None:
        # The old label first: the change may keep it, which would otherwise release it again.
        release_label(change.before, change.cloud)
    dns = change.properties.get("dnsSettings")
    if dns and dns.get("domainNameLabel"):
        dns["fqdn"] = f"{dns['domainNameLabel']}.{change.location}.cloudapp.azure.com"
        label = f"{change.location}|{dns['domainNameLabel']}"
        change.cloud.store.put(DNS_LABELS, label, {"key": change.key})


def release_label(resource: Resource, cloud: Cloud) -> None:
    """Let others have the DNS label that a resource held."""
    label = read(resource.body, "properties.dnsSettings.domainNameLabel")
    if label is not None:
        cloud.store.delete(DNS_LABELS, f"{resource.body.get('location')}|{label}")


def finish(change: ResourceWrite) -> None:
    """A static address is there once the operation has ended, and stays the same from then on."""
    properties = change.properties
    if properties.get("publicIPAllocationMethod") == "Static" and not properties.get("ipAddress"):
        properties["ipAddress"] = public_address(change)


def public_address(change: ResourceWrite) -> str:
    """An address that is this resource's own: drawn from its resource GUID."""
    digest = hashlib.sha256(str(change.properties.get("resourceGuid")).encode()).digest()
    if change.properties.get("publicIPAddressVersion") == "IPv6":
        return "2603:1030:" + ":".join(f"{digest[i]:02x}{digest[i + 1]:02x}" for i in range(0, 12, 2))
    return f"20.{digest[0]}.{digest[1]}.{1 + digest[2] % 254}"


def in_use(resource: Resource, links: Sequence[Link]) -> ArmError | None:
    return network_error(
        "PublicIPAddressCannotBeDeleted",
        f"Public IP address {resource.id} can not be deleted since it is still allocated to resource "
        f"{links[0].holder_id}. In order to delete the public IP, disassociate/detach the Public IP address from the "
        "resource. To learn how to do this, see aka.ms/deletepublicip.",
    )


TYPES = (
    ResourceType(
        type="Microsoft.Network/publicIPAddresses",
        name=NETWORK_NAME,
        body=Body(
            model="azure.mgmt.network.models:PublicIPAddress",
            defaults={
                "sku.name": "Basic",
                "properties.publicIPAddressVersion": "IPv4",
                "properties.publicIPAllocationMethod": "Dynamic",
                "properties.idleTimeoutInMinutes": 4,
                "properties.ipTags": [],
            },
            immutable=(
                Immutable(
                    path="sku.name",
                    status=400,
                    code="PublicIPAddressSkuCannotBeChanged",
                    message="Sku of public IP address {id} cannot be changed.",
                ),
                ZONES_STAY,
                Immutable(
                    path="properties.publicIPAddressVersion",
                    status=400,
                    code="PublicIPAddressVersionCannotBeChanged",
                    message="The IP version of public IP address {id} cannot be changed.",
                ),
            ),
        ),
        answers=replace(ANSWERS, long_running=LONG_RUNNING),
        on_write=WriteHooks(validate=validate, fill=fill, finish=finish),
        on_delete=DeleteHooks(in_use=in_use, deleted=release_label),
    ),
)

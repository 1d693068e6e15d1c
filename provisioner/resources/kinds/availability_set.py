"""Availability set. REST: https://learn.microsoft.com/rest/api/compute/availability-sets (2024-07-01).

Always `Aligned`: machines of a spec have managed disks. A machine neither joins nor leaves a set once it is made."""

from __future__ import annotations

from ...base.values import Body
from ..entry import Context, Entry, Find
from ..facts import Import, Leaving, Operations, Replacement, Rules, Schema, Timing
from ..kind import Kind
from ._bodies import EVERYWHERE_READ_ONLY, compact, place


def body(entry: Entry, context: Context) -> Body:
    data = entry.data
    return {
        **place(entry, context),
        "sku": {"name": "Aligned"},
        "properties": compact(
            {
                "platformFaultDomainCount": data.get("fault_domains"),
                "platformUpdateDomainCount": data.get("update_domains"),
            }
        ),
    }


def entry(body: Body, find: Find) -> Body | str:
    if (body.get("sku") or {}).get("name", "").lower() != "aligned":
        return "its SKU is not Aligned: it is for VMs with unmanaged disks"
    properties = body.get("properties") or {}
    return compact(
        {
            "fault_domains": properties.get("platformFaultDomainCount"),
            "update_domains": properties.get("platformUpdateDomainCount"),
        }
    )


KIND = Kind(
    name="availability_set",
    type="Microsoft.Compute/availabilitySets",
    schema=Schema(
        sections=("availability_sets/*",),
        body=body,
        name_rule=(
            r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?",
            "1 to 80 letters, digits, underscores, dots and hyphens; a letter or digit first, none of . - last",
        ),
    ),
    operations=Operations("compute", "availability_sets", put="create_or_update", delete="delete"),
    rules=Rules(
        immutable=(
            "location", "sku.name", "properties.platformFaultDomainCount", "properties.platformUpdateDomainCount",
        ),
        read_only=(*EVERYWHERE_READ_ONLY, "properties.virtualMachines", "properties.statuses"),
        case_insensitive=("sku.name",),
        optional={
            "properties.platformFaultDomainCount": Leaving(stays="Azure chose how many at its creation"),
            "properties.platformUpdateDomainCount": Leaving(stays="Azure chose how many at its creation"),
        },
    ),
    replacement=Replacement(
        used_by=("properties.virtualMachines",),  # refused with OperationNotAllowed
    ),
    importing=Import(entry=entry),
    timing=Timing(typical_s=2),
)  # fmt: skip

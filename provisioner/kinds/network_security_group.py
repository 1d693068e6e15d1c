"""Network security group with its rules. REST:
https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups (2025-07-01)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resource import Body, Context, Entry, Kind, Operations, Rules
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, place

_RULE = "properties.securityRules[]"


def body(entry: Entry, context: Context) -> Body:
    rules = [_rule(key, rule) for key, rule in entry.data.get("rules", {}).items()]
    return {**place(entry, context), "properties": {"securityRules": rules}}


def _rule(key: str, rule: Mapping[str, Any]) -> Body:
    properties: Body = {
        "priority": rule["priority"],
        "direction": rule["direction"].capitalize(),
        "access": rule["access"].capitalize(),
        "protocol": "*" if rule.get("protocol", "any") == "any" else rule["protocol"].capitalize(),
        **_side("sourceAddressPrefix", "sourceAddressPrefixes", rule.get("source")),
        **_side("sourcePortRange", "sourcePortRanges", rule.get("source_ports")),
        **_side("destinationAddressPrefix", "destinationAddressPrefixes", rule.get("destination")),
        **_side("destinationPortRange", "destinationPortRanges", rule.get("destination_ports")),
    }
    if "description" in rule:
        properties["description"] = rule["description"]
    return {"name": rule.get("name") or key, "properties": properties}


def _side(one: str, many: str, value: Any) -> dict[str, Any]:
    """One value goes into the singular property, several into the plural one; the other must be absent."""
    values = [str(item) for item in (value if isinstance(value, list) else [value or "any"])]
    values = ["*" if item == "any" else item for item in values]
    return {one: values[0], many: None} if len(values) == 1 else {one: None, many: values}


KIND = Kind(
    name="network_security_group",
    type="Microsoft.Network/networkSecurityGroups",
    operations=Operations("network", "network_security_groups", etags=True),
    sections=("network/security_groups/*",),
    body=body,
    children={"rules": "securityRules"},
    parts=("properties.securityRules",),
    part_names=lambda desired: [str(item["name"]) for item in desired["properties"]["securityRules"]],
    name_rule=NETWORK_NAME,
    rules=Rules(
        immutable=("location",),
        read_only=(
            *EVERYWHERE_READ_ONLY, "properties.defaultSecurityRules", "properties.networkInterfaces",
            "properties.subnets", f"{_RULE}.etag", f"{_RULE}.id", f"{_RULE}.type",
            f"{_RULE}.properties.provisioningState",
        ),
        keyed={"properties.securityRules": "name"},
        unordered=tuple(
            f"{_RULE}.properties.{name}"
            for name in (
                "sourceAddressPrefixes", "sourcePortRanges", "destinationAddressPrefixes", "destinationPortRanges",
            )
        ),
        any_case=tuple(
            f"{_RULE}.properties.{name}"
            for name in ("protocol", "access", "direction", "sourceAddressPrefix", "destinationAddressPrefix")
        ),
    ),
    typical_s=3,
)  # fmt: skip

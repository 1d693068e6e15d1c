"""Network security group with its rules. REST:
https://learn.microsoft.com/rest/api/virtualnetwork/network-security-groups (2025-07-01)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...base.values import Body
from ..resource import Context, Entry, Find, Kind, Operations, Rules
from ._bodies import EVERYWHERE_READ_ONLY, NETWORK_NAME, compact, numbers, part_name, place, unless

_RULE = "properties.securityRules[]"
_SIDES = {
    "source": ("sourceAddressPrefix", "sourceAddressPrefixes"),
    "source_ports": ("sourcePortRange", "sourcePortRanges"),
    "destination": ("destinationAddressPrefix", "destinationAddressPrefixes"),
    "destination_ports": ("destinationPortRange", "destinationPortRanges"),
}
"""Our key: where one value goes, and where several go."""
_ANY = ("*", "any")


def body(entry: Entry, context: Context) -> Body:
    rules = [_rule(key, rule) for key, rule in entry.data.get("rules", {}).items()]
    return {**place(entry, context), "properties": {"securityRules": rules}}


def _rule(key: str, rule: Mapping[str, Any]) -> Body:
    properties: Body = {
        "priority": rule["priority"],
        "direction": rule["direction"].capitalize(),
        "access": rule["access"].capitalize(),
        "protocol": "*" if rule.get("protocol", "any") == "any" else rule["protocol"].capitalize(),
    }
    for side, (one, many) in _SIDES.items():
        properties |= _side(one, many, rule.get(side))
    if "description" in rule:
        properties["description"] = rule["description"]
    return {"name": rule.get("name") or part_name(key), "properties": properties}


def _side(one: str, many: str, value: Any) -> dict[str, Any]:
    """One value goes into the singular property, several into the plural one; the other must be absent."""
    values = [str(item) for item in (value if isinstance(value, list) else [value or "any"])]
    values = ["*" if item == "any" else item for item in values]
    return {one: values[0], many: None} if len(values) == 1 else {one: None, many: values}


def adjust(desired: Body, actual: Body, is_ours: Callable[[str], bool]) -> Body:
    """A single value stays in the plural property where somebody put it there."""
    present = {str(item["name"]).lower(): item for item in actual["properties"].get("securityRules") or []}
    rules = [_as_written(rule, present.get(rule["name"].lower())) for rule in desired["properties"]["securityRules"]]
    return {**desired, "properties": {**desired["properties"], "securityRules": rules}}


def _as_written(rule: Body, actual: Body | None) -> Body:
    theirs = actual["properties"] if actual else {}
    properties = dict(rule["properties"])
    for one, many in _SIDES.values():
        if properties[many] is None and not theirs.get(one) and len(theirs.get(many) or []) == 1:
            properties |= {one: None, many: [properties[one]]}
    return {**rule, "properties": properties}


def entry(body: Body, find: Find) -> Body:
    rules = {item["name"]: _rule_entry(item["properties"]) for item in body["properties"].get("securityRules") or []}
    said = {name: rule for name, rule in rules.items() if rule}
    ranked = sorted(said, key=lambda name: (said[name]["direction"], said[name]["priority"]))
    return {"rules": {name: said[name] for name in ranked}} if ranked else {}


def _rule_entry(properties: Body) -> Body | None:
    """Nothing for a rule about application security groups, which a spec cannot name."""
    sides: Body = {}
    for side, (one, many) in _SIDES.items():
        values = [properties[one]] if properties.get(one) else list(properties.get(many) or [])
        if not values:
            return None
        if len(values) == 1 and values[0].lower() in _ANY:
            continue
        if side.endswith("_ports"):
            sides[side] = numbers(values)
        else:
            sides[side] = values[0] if len(values) == 1 else values
    protocol = properties.get("protocol", "*").lower()
    return compact(
        {
            "priority": properties["priority"],
            "direction": properties["direction"].lower(),
            "access": properties["access"].lower(),
            "protocol": unless(protocol, *_ANY),
            **sides,
            "description": unless(properties.get("description")),
        }
    )


KIND = Kind(
    name="network_security_group",
    type="Microsoft.Network/networkSecurityGroups",
    operations=Operations("network", "network_security_groups", etags=True),
    sections=("network/security_groups/*",),
    body=body,
    adjust=adjust,
    entry=entry,
    children={"rules": "securityRules"},
    parts=("properties.securityRules",),
    part_names=lambda desired: [str(item["name"]) for item in desired["properties"].get("securityRules", ())],
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
    # Refused with InUseNetworkSecurityGroupCannotBeDeleted.
    used_by=("properties.networkInterfaces", "properties.subnets"),
    typical_s=3,
)  # fmt: skip
